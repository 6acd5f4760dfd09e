"""`/account`: one's own sessions and tokens, and giving up a second factor, as for another phone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from flask import Response, url_for

from api.account_schemas import FactorRemove, SessionsEnd
from api.accounts import new_session, sure_of_caller
from api.context import caller, services
from api.pages.forms import read_form, refused, words_for
from api.pages.proving import is_shown, provider_label
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.problems import ApiProblem
from api.routing import ASSESSORS, ONLY_SESSIONS, Body, Policy
from api.sessions import with_session
from store.opened import BegunBy
from store.records import UserRecord
from store.scopes import MOST_DAYS, MOST_OWNED, Scope, covers, may_choose, roles_for

routes = PageRoutes("own_account")
#: Days for which a token is good where nobody says another number.
USUAL_TOKEN_DAYS = 90
#: What pages call scopes.
SCOPES = {
    Scope.ALL: "all that its role may",
    Scope.READ: "read, and change nothing",
    Scope.PARTNER: "the partner API for recruiting systems, and nothing else",
}


@routes.get("/account", Policy(ASSESSORS, credentials=ONLY_SESSIONS))
def show_account() -> Response:
    """Where one is signed in, and forms that end that, or the second factor."""
    return account_page()


@routes.post(
    "/account/sessions",
    Policy(ASSESSORS, Body.FORM, deeds=("session.end_others", "session.refuse"), credentials=ONLY_SESSIONS),
)
def end_others() -> Response:
    """End all sessions but this one."""
    wanted, _ = read_form(SessionsEnd)
    if wanted is None or not is_shown(wanted.password):
        return account_page({"sessions": "Fill in your password."}, status=422)
    try:
        me = sure_of_caller(wanted.password, wanted.second_factor)
    except ApiProblem as problem:
        return refused(problem, account_page({"sessions": words_for(problem)}))
    current = caller().session
    assert current is not None  # the policy asks for a session
    services().store.sessions.end_others(me.id, current, wanted.session)
    return see_other(url_for(".show_account"))


@routes.post(
    "/account/second-factor/remove",
    Policy(ASSESSORS, Body.FORM, deeds=("user.factor_remove", "session.refuse"), credentials=ONLY_SESSIONS),
)
def remove_factor() -> Response:
    """Give up the second factor. Every session ends, and this one is begun anew."""
    wanted, _ = read_form(FactorRemove)
    if wanted is None or not is_shown(wanted.password):
        return account_page({"factor": "Fill in your password and a code."}, status=422)
    try:
        me = sure_of_caller(wanted.password, wanted.second_factor)
        user = services().store.factors.remove(me.account, actor=me.id)
        opened = new_session(user)
    except ApiProblem as problem:
        return refused(problem, account_page({"factor": words_for(problem)}))
    return with_session(see_other(url_for("pages_account.show_factor_form")), user, opened)


@routes.post(
    "/account/provider/unlink",
    Policy(ASSESSORS, Body.FORM, deeds=("user.unlink", "session.refuse"), credentials=ONLY_SESSIONS),
)
def unlink() -> Response:
    """Take the links to providers away. Every session ends, and this one is begun anew."""
    wanted, _ = read_form(FactorRemove)
    if wanted is None or wanted.password is None:
        return account_page({"link": "Fill in your password."}, status=422)
    try:
        me = sure_of_caller(wanted.password, wanted.second_factor)
        if not _may_unlink(me):
            raise ApiProblem("password-refused", "without the link you could not sign in any more")
        user = services().store.identities.unlink(me.account, actor=me.id, by_user=True)
        opened = new_session(user, BegunBy.PASSWORD)
    except ApiProblem as problem:
        return refused(problem, account_page({"link": words_for(problem)}))
    return with_session(see_other(url_for(".show_account")), user, opened)


def _may_unlink(user: UserRecord) -> bool:
    """Whether the user could sign in without the link, too."""
    return user.has_password and not services().settings.oidc_only


def account_page(
    wrong: Mapping[str, str] | None = None, fields: Mapping[str, str] | None = None, status: int = 200
) -> Response:
    """The page. `wrong`: what is wrong with the form for `sessions`, `factor`, `link` or `tokens`; `fields`: of the
    last."""
    me = caller()
    assert me.session is not None  # the policy asks for one
    user = services().store.users.named(me.name)
    return page(
        "account.html",
        status,
        sessions=services().store.sessions.of(me.id, me.session, services().settings.session_idle),
        has_factor=user.second_factor_since is not None,
        must_have=services().settings.second_factor == "required",
        wrong={"sessions": "", "factor": "", "link": "", "tokens": ""} | dict(wrong or {}),
        fields={"name": "", "role": "", "scope": "", "days": str(USUAL_TOKEN_DAYS)} | dict(fields or {}),
        tokens=services().store.tokens.of(me.id),
        roles=roles_for(me.role),
        scopes=[(scope.value, words) for scope, words in SCOPES.items() if may_choose(scope, me.role)],
        says_scope={scope.value: words for scope, words in SCOPES.items()},
        covers=partial(covers, me.role),
        most_days=MOST_DAYS,
        most_owned=MOST_OWNED,
        links=services().store.identities.of(me.id),
        may_unlink=_may_unlink(user),
        asks_password=not me.has_just_come(datetime.now(UTC)),
        has_password=user.has_password,
        provider=provider_label(),
        by_password=me.begun_by is BegunBy.PASSWORD,
    )
