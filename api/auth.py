"""Bearer tokens: who calls, and whether they may. Runs before anything of a request's body is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from flask import request

from api.context import services, set_caller
from api.problems import ApiProblem
from api.routing import Policy

#: Tokens as the store makes them; what has another form is not looked up.
TOKEN = re.compile(r"mbx_[A-Za-z0-9_-]{20,100}")
_AUTHORIZATION = re.compile(rf"bearer +({TOKEN.pattern})", re.IGNORECASE)
#: Anything that may be a token or the start of one, in text that is to be logged.
_TOKENLIKE = re.compile(r"mbx_[A-Za-z0-9_%-]*")

_NO_TOKEN = "send `Authorization: Bearer mbx_…`"
_INVALID = {"WWW-Authenticate": 'Bearer realm="mendbox", error="invalid_token"'}


def bearer_token(header: str | None) -> str | None:
    """The token in an `Authorization` header; None where there is no header. Raises ApiProblem for any other form."""
    if header is None:
        return None
    match = _AUTHORIZATION.fullmatch(header.strip())
    if match is None:
        raise ApiProblem(
            "unauthenticated", "the Authorization header holds no Mendbox token", headers=_INVALID, hint=_NO_TOKEN
        )
    return match[1]


def without_tokens(text: str) -> str:
    """The text with everything that looks like a token shortened, fit for a log."""
    return _TOKENLIKE.sub("mbx_…", text)


def authenticator(policies: Mapping[str, Policy]) -> Callable[[], None]:
    """A `before_request` function that holds every request to the policy of its route."""

    def authenticate() -> None:
        # Where no rule matches, Flask answers 404 or 405 right after this.
        if request.endpoint is None or policies[request.endpoint].roles is None:
            return
        if TOKEN.search(request.query_string.decode("latin-1")):
            raise ApiProblem(
                "token-in-url",
                "a URL ends up in logs and histories, so tokens in it are not accepted",
                hint=f"revoke that token, and {_NO_TOKEN}",
            )
        _authorize(policies[request.endpoint])

    return authenticate


def _authorize(policy: Policy) -> None:
    text = bearer_token(request.headers.get("Authorization"))
    if text is None:
        raise ApiProblem("unauthenticated", "there is no Authorization header", hint=_NO_TOKEN)
    token = services().store.tokens.find(text)
    if token is None:
        # One answer for unknown, expired and revoked: which of them it is, is nobody's business.
        raise ApiProblem(
            "unauthenticated",
            "this token is unknown, expired or revoked",
            headers=_INVALID,
            hint="ask whoever gave it to you for a new one",
        )
    set_caller(token)
    if policy.roles is not None and token.role not in policy.roles:
        allowed = ", ".join(sorted(role.value for role in policy.roles))
        raise ApiProblem("forbidden", f"a token with the role {token.role.value} may not do that, only: {allowed}")
