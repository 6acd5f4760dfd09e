"""Submissions: from what a candidate sent to one normalised value, by pure code."""
