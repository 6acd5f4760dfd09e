"""Challenges out of history: a commit that mended a fault, and the tests that it brought."""
