"""Uploads that attack: what is sent, what stops it, and that it would succeed without that."""
