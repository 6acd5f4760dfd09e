"""Grading: what a run of the pair reported becomes a grade. Pure but for `service`, which drives the sandbox."""
