"""Tokens of one's own on `/account`: made after the password was given once more, shown once, ended at any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Response, url_for

from api.account_schemas import TokenMake
from api.accounts import sure_of_caller
from api.context import caller, services
from api.pages.forms import read_form, refused, words_for
from api.pages.own_account import SCOPES, account_page
from api.pages.proving import is_shown
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.problems import ApiProblem
from api.routing import ASSESSORS, ONLY_SESSIONS, Body, Policy
from api.views import is_hex_id
from store.errors import BadToken, Conflict, NotFound
from store.records import NewToken
from store.scopes import MOST_DAYS

routes = PageRoutes("own_tokens")


@routes.post(
    "/account/tokens",
    Policy(ASSESSORS, Body.FORM, deeds=("token.create", "session.refuse"), credentials=ONLY_SESSIONS),
)
def make_token() -> Response:
    """Make a token. Its text is on this page and can't be read again."""
    wanted, fields = read_form(TokenMake)
    kept = {name: text for name, text in fields.items() if name in ("name", "role", "scope", "days")}
    if wanted is None or not is_shown(wanted.password):
        wrong = f"Say what it is for, what it may and for how many days, 1 to {MOST_DAYS}, and fill in your password."
        return account_page({"tokens": wrong}, kept, 422)
    try:
        me = sure_of_caller(wanted.password, wanted.second_factor)
    except ApiProblem as problem:
        return refused(problem, account_page({"tokens": words_for(problem)}, kept))
    expires_at = datetime.now(UTC) + timedelta(days=wanted.days)
    new = NewToken(wanted.name, wanted.role, expires_at=expires_at, owner=me.id, scope=wanted.scope)
    try:
        issued = services().store.tokens.create(new, actor=me.id)
    except (BadToken, Conflict) as error:
        said = f"{error.message[0].upper()}{error.message[1:]}: {error.hint}."
        return account_page({"tokens": said}, kept, 409 if isinstance(error, Conflict) else 422)
    return page("token_made.html", token=issued.record, text=issued.text, may=SCOPES[wanted.scope])


@routes.post("/account/tokens/<string:id>/end", Policy(ASSESSORS, deeds=("token.revoke",), credentials=ONLY_SESSIONS))
def end_token(id: str) -> Response:  # noqa: A002 -- the rule's name
    """End a token of one's own for good. One that has ended already stays so."""
    me = caller()
    if not is_hex_id(id) or services().store.tokens.get(id).owner != me.id:
        raise NotFound("token", "of yours with such an id")
    services().store.tokens.revoke(id, actor=me.id)
    return see_other(url_for("pages_own_account.show_account") + "#tokens")
