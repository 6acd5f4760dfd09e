"""Mutation testing of reference fixes: which small changes of a right solution the hidden suite lets pass."""
