"""What both ends of a run of visible tests know it by."""

#: Added to pytest's own exit codes: what ends it from within would have to end with the same by chance.
CODE_BASE = 100
#: pytest's own code of an error within itself.
INTERNAL_ERROR = 3
