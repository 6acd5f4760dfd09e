"""What was here is in `callers` and `staffed`."""
