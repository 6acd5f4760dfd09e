"""The roles that tokens have. Who is let in is decided in `door`."""

from __future__ import annotations

#: The lowest first: each may do what those before it may.
ROLES = ("reader", "desk", "office")
