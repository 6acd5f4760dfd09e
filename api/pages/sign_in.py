"""`/sign-in` and `/sign-out`, and the front door."""

from __future__ import annotations

import re

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as WsgiResponse

from api.account_schemas import SignIn
from api.context import caller, services
from api.cookies import drop_session, link_text, session_text
from api.csrf import check_origin
from api.doors import count_sign_in
from api.pages.forms import read_form, refused, words_for
from api.pages.rendering import elsewhere, page, see_other
from api.pages.routing import PageRoutes
from api.problems import ApiProblem
from api.routing import ASSESSORS, ONLY_SESSIONS, PUBLIC, Body, Policy
from api.sessions import prove_and_begin, with_session
from store.errors import StoreFault

routes = PageRoutes("sign_in")
_HOME = "/submissions"
#: A path of this site; a second slash, or what some browsers take for one, would name another.
_OWN_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


@routes.get("/", Policy(PUBLIC))
def front_door() -> WsgiResponse:
    """Where whoever opens the plain address wants to go."""
    if _is_signed_in():
        return redirect(url_for("pages_submissions.list_submissions"))
    by_link = link_text(services().settings) is not None
    return redirect(url_for("pages_candidate.show_work" if by_link else ".show_form"))


@routes.get("/sign-in", Policy(PUBLIC))
def show_form() -> Response:
    """A form for account and password."""
    return elsewhere() or sign_in_page(account="", onward=own_path(request.args.get("next")))


@routes.post("/sign-in", Policy(PUBLIC, Body.FORM, deeds=("session.begin", "session.refuse")))
def sign_in() -> Response:
    """Sign in, and go on to where one wanted to."""
    check_origin(services())
    services().secret_key.get()
    wanted, fields = read_form(SignIn, "next")
    account, onward = fields.get("account", ""), own_path(fields.get("next"))
    if wanted is None:
        return sign_in_page(account=account, onward=onward, wrong="Fill in the account and its password.", status=422)
    try:
        count_sign_in(wanted.account)
        user, opened = prove_and_begin(wanted)
    except ApiProblem as problem:
        asks_code = problem.name == "second-factor-needed"
        wrong = "" if asks_code and not wanted.second_factor else _said(problem)
        return refused(problem, sign_in_page(account=account, onward=onward, wrong=wrong, asks_code=asks_code))
    return with_session(see_other(onward), user, opened)


@routes.post("/sign-out", Policy(ASSESSORS, deeds=("session.end",), credentials=ONLY_SESSIONS, enrolling=True))
def sign_out() -> Response:
    """Sign out."""
    me = caller()
    assert me.session is not None
    services().store.sessions.end(me.session, me.id)
    response = see_other(url_for(".show_form"))
    drop_session(response, services().settings)
    return response


def own_path(wanted: str | None) -> str:
    """The path to go on to, if it is one of this site; else where assessors start."""
    if wanted is None or not _OWN_PATH.fullmatch(wanted) or wanted.startswith("/sign-"):
        return _HOME
    return wanted


def _said(problem: ApiProblem) -> str:
    if problem.name == "provider-needed":
        return f"Passwords open nothing here. Sign in with {services().settings.oidc_label}."
    if problem.name == "unauthenticated":
        return "There is no such account with this password."
    if problem.name == "second-factor-needed":
        return "That code is not right, or was used already."
    return words_for(problem)


def sign_in_page(
    *, account: str = "", onward: str, wrong: str = "", asks_code: bool = False, status: int = 200
) -> Response:
    """The form for account and password, and the way to the provider where there is one."""
    settings = services().settings
    return page(
        "sign_in.html",
        status,
        account=account,
        onward=onward,
        wrong=wrong,
        asks_code=asks_code,
        provider=settings.oidc_label if settings.oidc_issuer else "",
        provider_only=settings.oidc_only,
    )


def _is_signed_in() -> bool:
    text = session_text(services().settings)
    if text is None:
        return False
    try:
        return services().store.sessions.find(text, services().settings.session_idle) is not None
    except StoreFault:
        return False
