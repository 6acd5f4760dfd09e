"""`/me/second-factor`: setting up a second factor, and giving it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response

from api.account_schemas import FactorBegin, FactorConfirm, FactorConfirmed, FactorRemove, FactorSecret
from api.accounts import new_session, signed_in_anew, sure_of_caller
from api.addresses import caller_address
from api.context import caller, services
from api.doors import count_sign_in
from api.problems import ApiProblem
from api.routing import ASSESSORS, ONLY_SESSIONS, Body, Doc, Policy, Routes
from api.schemas import as_json
from api.sessions import SIGNED_IN, answer_with_session, view_of
from store.opened import OpenSession
from store.records import UserRecord

routes = Routes("second_factors", "Sessions")
_CONFIRMED = {
    **SIGNED_IN,
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/FactorConfirmed"}}},
}


def _changes(*deeds: str) -> Policy:
    return Policy(ASSESSORS, Body.JSON, deeds=(*deeds, "session.refuse"), credentials=ONLY_SESSIONS, enrolling=True)


@routes.post(
    "/me/second-factor",
    _changes("user.factor_begin"),
    Doc({200: FactorSecret}, ("password-refused", "conflict")),
)
def begin_second_factor(body: FactorBegin) -> dict[str, Any]:
    """Get a secret for an authenticator app. It counts once a code of it was sent to `/me/second-factor/confirm`."""
    me = sure_of_caller(body.password, body.second_factor)
    made = services().store.factors.begin(me, services().secret_key.all())
    return as_json(FactorSecret(secret=made.secret, uri=made.uri))


@routes.post(
    "/me/second-factor/confirm",
    _changes("user.factor"),
    Doc({201: _CONFIRMED}, ("password-refused",)),
)
def confirm_second_factor(body: FactorConfirm) -> Response:
    """Show that the app has the secret. Every session ends, and the one that asks gets a new one."""
    user, codes, opened = confirmed_factor(body.second_factor)
    return answer_with_session(FactorConfirmed(**view_of(user, opened), recovery_codes=list(codes)), user, opened)


def confirmed_factor(code: str) -> tuple[UserRecord, Sequence[str], OpenSession]:
    """The caller, who has shown a code of the secret that was given out last; recovery codes, and a new session.

    Raises ApiProblem.
    """
    me = caller()
    count_sign_in(me.name)
    store = services().store
    confirmed = store.factors.confirm(store.users.named(me.name), code, services().secret_key.all())
    if confirmed is None:
        store.sessions.refused(me.id, caller_address(), lacking="second factor")
        raise ApiProblem(
            "password-refused",
            "this is not the code of the secret that was given out last",
            hint="see that the phone's clock is right, or begin anew: POST /api/v1/me/second-factor",
        )
    user, codes = confirmed
    return user, codes, new_session(user)


@routes.post(
    "/me/second-factor/remove",
    _changes("user.factor_remove"),
    Doc({201: SIGNED_IN}, ("password-refused",)),
)
def remove_second_factor(body: FactorRemove) -> Response:
    """Give up the second factor, as for another phone. Every session ends, and the one that asks gets a new one."""
    me = sure_of_caller(body.password, body.second_factor)
    return signed_in_anew(services().store.factors.remove(me.account, actor=me.id))
