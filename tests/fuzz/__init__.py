"""Fuzzing of everything that reads bytes from outside: see docs/testing.md."""
