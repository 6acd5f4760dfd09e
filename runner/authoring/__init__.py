"""The author's loop: what to run again when a file of a package has changed, and what a run said."""
