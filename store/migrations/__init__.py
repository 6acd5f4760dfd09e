"""Alembic's scripts. A new one: change `store.tables`, write `versions/rNNNN_what.py`, run the tests of the schema."""
