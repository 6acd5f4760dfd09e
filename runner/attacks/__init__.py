"""Attacks on a grading as data, laid over a challenge as a candidate would, and the judgement of how they went."""
