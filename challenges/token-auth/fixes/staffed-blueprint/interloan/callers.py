"""Callers: a token that was looked at, and the role in which its holder acts."""

from __future__ import annotations

from dataclasses import dataclass
from secrets import compare_digest

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from interloan import tokens
from interloan.models import Token

RANKS = {"reader": 1, "desk": 2, "office": 3}


@dataclass(frozen=True)
class Caller:
    """Made by `from_request`; views find it as `g.caller`."""

    token: Token
    role: str

    @classmethod
    def from_request(cls) -> Caller:
        """Raises Unauthorized without a good token, Forbidden for a role that is not the caller's to take."""
        sent = request.authorization
        if sent is None or sent.type != "bearer" or not sent.token:
            raise cls.unknown()
        key, _, secret = sent.token.partition(".")
        found = tokens.find(key)
        if found is None or found.ended or not compare_digest(found.secret.encode(), secret.encode()):
            raise cls.unknown()
        own = cls(found, found.role)
        role = request.headers.get("X-Act-As")
        if role is None:
            return own
        own.must_be(role)
        return cls(found, role)

    @staticmethod
    def unknown() -> Unauthorized:
        asked_for = WWWAuthenticate("bearer", {"realm": "Interloan"})
        return Unauthorized("Nobody is known by this.", www_authenticate=asked_for)

    def may_act_as(self, role: str) -> bool:
        return RANKS.get(role, 99) <= RANKS[self.role]

    def must_be(self, role: str) -> None:
        """Raises Forbidden unless the caller has this role, or a higher one."""
        if not self.may_act_as(role):
            raise Forbidden(f"A {self.role} is not enough.")
