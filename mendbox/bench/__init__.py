"""`mendbox bench`: the project's speed beside its peers, in one run and by turns, as ratios."""
