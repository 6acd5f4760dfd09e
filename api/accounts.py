"""What people do with their own account: another password, the first one by a code, and the sessions that they have.

Each asks for the password or a code once more, whatever session the request has, and counts as signing in does.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Response

from api.account_schemas import (
    OwnSession,
    OwnSessions,
    PasswordByCode,
    PasswordChange,
    SessionsEnd,
    SessionsEnded,
)
from api.addresses import caller_address
from api.context import caller, known_caller, services
from api.csrf import check_origin
from api.doors import count_sign_in
from api.factors import prove_again
from api.problems import NO_BEARER, ApiProblem
from api.routing import ASSESSORS, ONLY_SESSIONS, PUBLIC, Body, Doc, Policy, Routes
from api.schemas import as_json
from api.sessions import SIGNED_IN, begin_session, need_password_to_open, signed_in
from store.opened import BegunBy, OpenSession
from store.passwords import BadPassword
from store.records import UserRecord

routes = Routes("accounts", "Sessions")
_OWN_CHANGE = ("password-refused",)


@routes.post(
    "/me/password",
    Policy(ASSESSORS, Body.JSON, deeds=("user.password", "session.refuse"), credentials=ONLY_SESSIONS),
    Doc({201: SIGNED_IN}, (*_OWN_CHANGE, "conflict")),
)
def change_password(body: PasswordChange) -> Response:
    """Choose another password. Every session ends, and the one that asks gets a new one."""
    me = sure_of_caller(body.password, body.second_factor)
    try:
        changed = services().store.users.set_password(me.account, body.new_password, actor=me.id, known=me)
    except BadPassword as error:
        raise _bad(error) from error
    return signed_in_anew(changed)


@routes.post(
    "/session/code",
    Policy(PUBLIC, Body.JSON, deeds=("user.password", "session.refuse")),
    Doc(
        {201: SIGNED_IN}, ("unauthenticated", "origin-refused", "platform-fault", "password-refused", "provider-needed")
    ),
)
def choose_password(body: PasswordByCode) -> Response:
    """Choose a password by the code that whoever runs the platform made, and be signed in. The code works once.

    An account with a second factor asks for that, too: the code for the password comes by mail or word of mouth.
    """
    return signed_in_anew(user_by_code(body))


def user_by_code(body: PasswordByCode) -> UserRecord:
    """The user who has chosen a password just now, by a code. Raises ApiProblem, NoSecretKey."""
    check_origin(services())
    services().secret_key.get()
    count_sign_in(body.account)
    owner = services().store.codes.owner(body.account, body.code)
    if owner is not None:
        need_password_to_open(owner)
        prove_again(owner, body.second_factor)
    try:
        user = services().store.codes.use(body.account, body.code, body.new_password)
    except BadPassword as error:
        raise _bad(error) from error
    if user is None:
        services().store.sessions.refused("", caller_address())
        raise ApiProblem("password-refused", "this account has no such code, or not any more", hint="ask for another")
    return user


@routes.get("/sessions", Policy(ASSESSORS, credentials=ONLY_SESSIONS), Doc({200: OwnSessions}))
def list_sessions() -> dict[str, Any]:
    """List your own sessions, the last used first."""
    me = caller()
    assert me.session is not None
    found = services().store.sessions.of(me.id, me.session, services().settings.session_idle)
    return as_json(OwnSessions(sessions=[OwnSession(**asdict(each)) for each in found]))


@routes.post(
    "/sessions/end",
    Policy(ASSESSORS, Body.JSON, deeds=("session.end_others", "session.refuse"), credentials=ONLY_SESSIONS),
    Doc({200: SessionsEnded}, _OWN_CHANGE),
)
def end_sessions(body: SessionsEnd) -> dict[str, Any]:
    """End one of your own sessions, or all others. One that is not there, or another user's, ends nothing."""
    me = sure_of_caller(body.password, body.second_factor)
    current = caller().session
    assert current is not None
    return as_json(SessionsEnded(ended=services().store.sessions.end_others(me.id, current, body.session)))


def sure_of_caller(password: str | None, code: str | None) -> UserRecord:
    """Whose session the request has, if they know the password, and a code of their second factor if they have one.

    Whoever came by a provider a moment ago needs no password.

    Raises ApiProblem.
    """
    me = caller()
    count_sign_in(me.name)
    if password is None and me.has_just_come(datetime.now(UTC)):
        user: UserRecord | None = services().store.users.named(me.name)
    else:
        user, _ = services().store.users.authenticate(me.name, password or "")
    if user is None or user.id != me.id:
        services().store.sessions.refused(me.id, caller_address())
        raise ApiProblem("password-refused", "this is not your password" if password else "your password is needed")
    if password is not None:
        need_password_to_open(user)
    prove_again(user, code)
    return user


def signed_in_anew(user: UserRecord) -> Response:
    """201 with a new session for a user whose sessions have ended. Raises ApiProblem."""
    return signed_in(user, new_session(user))


def new_session(user: UserRecord, by: BegunBy | None = None) -> OpenSession:
    """A session for a user who was asked just now who they are. Raises ApiProblem when they were changed meanwhile.

    `by`: what they showed; else the one that it takes the place of says so.
    """
    me = known_caller()
    if by is None and me is not None and me.begun_by is not BegunBy.PASSWORD:
        # What a provider has said holds no longer because something was changed here.
        opened = begin_session(user, me.begun_by, me.began_at)
    else:
        opened = begin_session(user, by or BegunBy.PASSWORD)
    if opened is None:
        raise ApiProblem("unauthenticated", "the account was changed meanwhile", headers=NO_BEARER, hint="sign in")
    return opened


def _bad(error: BadPassword) -> ApiProblem:
    return ApiProblem("invalid-request", error.message, hint=error.hint, field="new_password")
