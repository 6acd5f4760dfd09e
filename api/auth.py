"""Who calls, by a token, a session or a candidate's link, and whether they may: before any of a body is read."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping

from flask import request

from api.context import Caller, services, set_caller
from api.cookies import link_text, session_text
from api.csrf import SAFE_METHODS, check_csrf
from api.problems import ApiProblem
from api.routing import EITHER, Credential, Policy
from store.records import Role, TokenRecord
from store.scopes import Scope

#: Tokens as the store makes them; what has another form is not looked up.
TOKEN = re.compile(r"mbx_[A-Za-z0-9_-]{20,100}")
_AUTHORIZATION = re.compile(rf"bearer +({TOKEN.pattern})", re.IGNORECASE)
#: Anything that may be a token or the start of one, in text that is to be logged.
_TOKENLIKE = re.compile(r"mbx_[A-Za-z0-9_%-]*")

#: More than a long user name and a token.
_MOST_OF_BASIC = 1024
_NO_TOKEN = "send `Authorization: Bearer mbx_…`"
#: Git asks for a password when it is told this, and shows the realm.
_BASIC = {"WWW-Authenticate": 'Basic realm="mendbox"'}
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


def authenticate(policies: Mapping[str, Policy]) -> None:
    """Hold the request to the policy of its route, and note who calls. Raises ApiProblem."""
    # Where no rule matches, Flask answers 404 or 405 right after this.
    if request.endpoint is None or policies[request.endpoint].roles is None:
        return
    policy = policies[request.endpoint]
    if TOKEN.search(request.query_string.decode("latin-1")):
        raise ApiProblem(
            "token-in-url",
            "a URL ends up in logs and histories, so tokens in it are not accepted",
            hint=f"revoke that token, and {_NO_TOKEN}",
        )
    caller = _found(policy)
    set_caller(caller)
    _check_credential(policy, caller)
    _check_scope(policy, caller)
    _check_factor(policy, caller)
    if policy.roles is not None and caller.role not in policy.roles:
        allowed = ", ".join(sorted(role.value for role in policy.roles))
        raise ApiProblem("forbidden", f"the role {caller.role.value} may not do that, only: {allowed}")
    if caller.session is not None and request.method not in SAFE_METHODS:
        check_csrf(services(), caller.session)


def _found(policy: Policy) -> Caller:
    if Credential.LINK in policy.credentials:
        return _by_link()
    if Credential.BASIC in policy.credentials:
        return _by_basic(basic_token, "the password is your token, mbx_…, and any user name will do")
    if Credential.KEY in policy.credentials:
        return _by_basic(basic_key, "the user name is your key, mbx_…, and there is no password")
    return _caller(is_use=not policy.watches)


def _by_basic(read: Callable[[str | None], str | None], how: str) -> Caller:
    """Whose token is a part of HTTP's Basic scheme, as `how` says. No cookie counts here, and none is in the way."""
    text = read(request.headers.get("Authorization"))
    found = _with_token(text) if text is not None else None
    if found is None:
        raise ApiProblem("unauthenticated", f"{how}; this one is none, or not good any more", headers=_BASIC)
    return found


def basic_token(header: str | None) -> str | None:
    """The token that is the password in an `Authorization` header of scheme Basic (RFC 7617); None for any other."""
    password = _basic(header)[1]
    return password if TOKEN.fullmatch(password) else None


def basic_key(header: str | None) -> str | None:
    """The token that is the user name in such a header, whose password is empty; None for any other."""
    name, password = _basic(header)
    return name if TOKEN.fullmatch(name) and not password else None


def _basic(header: str | None) -> tuple[str, str]:
    """User name and password of such a header; both empty for what is none."""
    scheme, _, encoded = (header or "").strip().partition(" ")
    if scheme.lower() != "basic" or len(encoded) > _MOST_OF_BASIC:
        return "", ""
    try:
        name, _, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, password


def _caller(*, is_use: bool) -> Caller:
    text = bearer_token(request.headers.get("Authorization"))
    session = session_text(services().settings)
    if text is not None and session is not None:
        # Which of two callers is meant is not to be guessed.
        raise ApiProblem(
            "two-credentials",
            "the request has an Authorization header and a session's cookie",
            hint="send one of them; with fetch: credentials: 'omit'",
        )
    if text is None and session is None:
        raise ApiProblem("unauthenticated", "there is no Authorization header and no session", hint=_NO_TOKEN)
    found = _with_token(text) if text is not None else _signed_in(session or "", is_use=is_use)
    if found is None:
        # One answer for unknown, expired and revoked: which of them it is, is nobody's business.
        what = "token" if text is not None else "session"
        raise ApiProblem(
            "unauthenticated",
            f"this {what} is unknown, expired or revoked",
            headers=_INVALID if text is not None else None,
            hint="ask whoever gave it to you for a new one" if text is not None else "sign in",
        )
    return found


def _by_link() -> Caller:
    token = candidates_token(link_text(services().settings))
    if token is None:
        raise ApiProblem("link-needed", "there is no link of a candidate, or it is not good any more")
    return Caller.by_link(token)


def candidates_token(text: str | None) -> TokenRecord | None:
    """The candidate's token with this text; None for any other, and for one that is not good any more."""
    found = services().store.tokens.find(text) if text is not None else None
    return found if found is not None and found.role is Role.CANDIDATE else None


def _with_token(text: str) -> Caller | None:
    token = services().store.tokens.find(text)
    return None if token is None else Caller.with_token(token)


def _signed_in(text: str, *, is_use: bool) -> Caller | None:
    found = services().store.sessions.find(text, services().settings.session_idle, is_use=is_use)
    return None if found is None else Caller.signed_in(*found)


def _check_factor(policy: Policy, caller: Caller) -> None:
    if policy.enrolling or caller.has_factor or services().settings.second_factor != "required":
        return
    raise ApiProblem(
        "second-factor-missing",
        "whoever signs in with a password needs a second factor here",
        hint="set one up: POST /api/v1/me/second-factor",
    )


def _check_scope(policy: Policy, caller: Caller) -> None:
    """What a token is held to beside its role. A key of the partner API is good for that alone, and nothing else is."""
    for_keys = Credential.KEY in policy.credentials
    if (caller.scope is Scope.PARTNER) is not for_keys:
        what = "takes keys with the scope partner alone" if for_keys else "takes no key with the scope partner"
        raise ApiProblem("forbidden", f"this {what}", hint="use a token that was made for it")
    if caller.scope is Scope.READ and request.method not in SAFE_METHODS:
        raise ApiProblem("forbidden", "this token may read and change nothing", hint="use a token with the scope all")


def _check_credential(policy: Policy, caller: Caller) -> None:
    used = Credential.TOKEN if caller.session is None else Credential.SESSION
    if used in policy.credentials or not policy.credentials & EITHER:
        return
    if used is Credential.SESSION:
        raise ApiProblem("unauthenticated", "this takes a token and no session", hint=_NO_TOKEN)
    raise ApiProblem("unauthenticated", "this takes a session and no token", hint="GET /api/v1/me is for tokens")
