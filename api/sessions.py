"""`/session`: signing in with a name and a password, for pages; who is signed in; signing out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Response, jsonify

from api.account_schemas import SessionView, SignIn
from api.addresses import caller_address
from api.browsers import remember_browser
from api.context import caller, services
from api.cookies import drop_session, session_text, set_session
from api.csrf import check_origin, csrf_token
from api.doors import count_sign_in
from api.factors import prove_at_sign_in
from api.problems import NO_BEARER, ApiProblem
from api.routing import ASSESSORS, ONLY_SESSIONS, PUBLIC, Body, Doc, Policy, Routes
from api.schemas import as_json
from store.opened import Arrival, BegunBy, OpenSession
from store.records import Role, UserRecord

routes = Routes("sessions", "Sessions")
_COOKIE = {"Set-Cookie": {"schema": {"type": "string"}, "required": True}}
SIGNED_IN: dict[str, Any] = {
    "description": "Signed in; the session is in the cookie",
    "headers": _COOKIE,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SessionView"}}},
}


@routes.post(
    "/session",
    Policy(PUBLIC, Body.JSON, deeds=("session.begin", "session.refuse")),
    Doc(
        {201: SIGNED_IN},
        ("unauthenticated", "second-factor-needed", "provider-needed", "origin-refused", "platform-fault"),
    ),
)
def sign_in(body: SignIn) -> Response:
    """Sign in. One answer for an account that is not there, is closed, or has another password.

    Whether an account has a second factor is told to whoever knows its password.
    """
    check_origin(services())
    # A key that can't be had would leave a session that can do nothing.
    services().secret_key.get()
    count_sign_in(body.account)
    user, opened = prove_and_begin(body)
    return signed_in(user, opened)


def signed_in(user: UserRecord, opened: OpenSession) -> Response:
    """The answer that gives a browser its new session: 201. Raises NoSecretKey."""
    return answer_with_session(SessionView(**view_of(user, opened)), user, opened)


def view_of(user: UserRecord, opened: OpenSession) -> dict[str, Any]:
    """A new session's fields of a `SessionView`. Raises NoSecretKey."""
    return {
        "user_id": user.id,
        "account": user.account,
        "role": user.role,
        "expires_at": opened.record.expires_at,
        "idle_minutes": services().settings.session_idle_minutes,
        "csrf_token": csrf_token(services(), opened.record.digest),
        "second_factor": user.second_factor_since is not None,
    }


def answer_with_session(view: SessionView, user: UserRecord, opened: OpenSession) -> Response:
    """201 with the view, and the session in its cookie."""
    response = jsonify(as_json(view))
    response.status_code = 201
    return with_session(response, user, opened)


def with_session(response: Response, user: UserRecord, opened: OpenSession) -> Response:
    """The answer, with the session in its cookie and a mark that this browser is known."""
    set_session(response, services().settings, opened.text)
    remember_browser(response, user.account)
    return response


def prove_and_begin(body: SignIn) -> tuple[UserRecord, OpenSession]:
    """The user whose account, password and code these are, and a session for them. Raises ApiProblem."""
    user, meant = services().store.users.authenticate(body.account, body.password)
    if user is not None:
        need_password_to_open(user)
        prove_at_sign_in(user, body.second_factor)
    opened = None if user is None else begin_session(user)
    if user is None or opened is None:
        services().store.sessions.refused(meant, caller_address())
        raise ApiProblem("unauthenticated", "there is no such account with this password", headers=NO_BEARER)
    return user, opened


def password_opens(user: UserRecord) -> bool:
    """Whether the account's user may sign in with a password: where the provider is the one way, admins without it."""
    if not services().settings.oidc_only:
        return True
    return user.role is Role.ADMIN and not services().store.identities.of(user.id)


def need_password_to_open(user: UserRecord) -> None:
    """Raises ApiProblem for an account whose password, which was shown, opens nothing."""
    if not password_opens(user):
        services().store.sessions.refused(user.id, caller_address(), lacking="provider")
        raise ApiProblem(
            "provider-needed",
            f"passwords open nothing here: sign in with {services().settings.oidc_label}",
            hint="in a browser, at /sign-in",
        )


def begin_session(
    user: UserRecord, by: BegunBy = BegunBy.PASSWORD, since: datetime | None = None
) -> OpenSession | None:
    """A session for a user who has just shown who they are, in the place of the one that their browser had.

    `by`: what they showed; `since`: when, where it was not just now. None when the account was closed or got another
    password meanwhile.
    """
    settings = services().settings
    return services().store.sessions.begin(
        user,
        timedelta(hours=settings.session_hours),
        instead_of=session_text(settings),
        arrival=Arrival(caller_address(), by, since),
        most=settings.sessions_per_user,
    )


@routes.get("/session", Policy(ASSESSORS, credentials=ONLY_SESSIONS, enrolling=True), Doc({200: SessionView}))
def get_session() -> dict[str, Any]:
    """Read who is signed in, and the token that must come with every change."""
    me = caller()
    assert me.session is not None
    assert me.expires_at is not None
    return as_json(
        SessionView(
            user_id=me.id,
            account=me.name,
            role=me.role,
            expires_at=me.expires_at,
            idle_minutes=services().settings.session_idle_minutes,
            csrf_token=csrf_token(services(), me.session),
            second_factor=me.has_factor,
        )
    )


@routes.delete(
    "/session",
    Policy(ASSESSORS, deeds=("session.end",), credentials=ONLY_SESSIONS, enrolling=True),
    Doc({204: {"description": "Signed out", "headers": _COOKIE}}),
)
def sign_out() -> Response:
    """Sign out: the session is over, here and wherever else its cookie has got to."""
    me = caller()
    assert me.session is not None
    services().store.sessions.end(me.session, me.id)
    response = Response(status=204)
    drop_session(response, services().settings)
    return response
