"""Durable records: submissions, gradings, tokens, progress events and the audit trail, in SQLite or PostgreSQL.

Start at `store.store.Store`. What leaves this package are the plain values of `store.records`.
"""
