"""Assessments as data: which challenges, how they weigh, how long, how good is good enough."""
