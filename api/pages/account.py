"""`/password` and `/second-factor`: what somebody needs before they can begin."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import segno
from flask import Response, request, url_for
from markupsafe import Markup

from api.account_schemas import FactorBegin, FactorConfirm, PasswordByCode
from api.accounts import new_session, sure_of_caller, user_by_code
from api.bodies import single_fields
from api.context import Services, caller, services
from api.csrf import check_origin, own_origin
from api.doors import count_code
from api.mailing.beside import beside
from api.mailing.messages import code_mail
from api.pages.forms import read_form, refused, words_for
from api.pages.mailing import is_set_up, log_sent, need_mail
from api.pages.proving import is_shown, provider_label
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.problems import ApiProblem
from api.routing import ASSESSORS, ONLY_SESSIONS, PUBLIC, Body, Policy
from api.second_factors import confirmed_factor
from api.sessions import with_session
from store.errors import Conflict, NotFound
from store.mail import MAX_ADDRESS, is_address
from store.records import ANONYMOUS, PasswordCode

routes = PageRoutes("account")
_ENROLS = Policy(ASSESSORS, credentials=ONLY_SESSIONS, enrolling=True)


@routes.get("/password", Policy(PUBLIC))
def show_password_form() -> Response:
    """A form to choose a password by a code that one was given."""
    return _password_form(account=request.args.get("account", ""))


@routes.post("/password", Policy(PUBLIC, Body.FORM, deeds=("user.password", "session.refuse")))
def choose_password() -> Response:
    """Choose a password by a code, and be signed in."""
    wanted, fields = read_form(PasswordByCode)
    account = fields.get("account", "")
    if wanted is None:
        return _password_form(account=account, wrong="Fill in your account, the code and a password.", status=422)
    try:
        user = user_by_code(wanted)
        opened = new_session(user)
    except ApiProblem as problem:
        # The code that is asked for beside it is of another device, and only some have one.
        asks_code = bool(wanted.second_factor) or "authenticator" in problem.detail
        form = _password_form(account=account, wrong=words_for(problem), advice=_advice(problem), asks_code=asks_code)
        return refused(problem, form)
    response = see_other(url_for("pages_sign_in.front_door"))
    return with_session(response, user, opened)


@routes.post("/password/code", Policy(PUBLIC, Body.FORM, deeds=("user.code",)))
def send_code() -> Response:
    """Have a code mailed to an account that is a mail address. The answer is the same where there is none."""
    need_mail()
    check_origin(services())
    account = str(single_fields(frozenset({"account"})).get("account", "")).strip().lower()
    if not account or len(account) > MAX_ADDRESS:
        return _password_form(account="", wrong="Fill in your account.", status=422)
    try:
        count_code(account)
    except ApiProblem as problem:
        return refused(problem, _password_form(account=account, wrong=words_for(problem)))
    own = own_origin(services().settings.public_url)
    form = f"{own}{url_for('.show_password_form', account=account)}"
    here = services()
    # Looking the account up is a part of it: a stranger learns nothing from how long this takes.
    beside(lambda: mail_code(here, account, form))
    return _password_form(account=account, is_sent=True)


def mail_code(services: Services, account: str, form: str) -> None:
    """Make a code and mail it, where there is such an account, it is open, and its name is an address.

    One that it had stays good where the mail can't be handed in.
    """
    mailer = services.mailer
    if mailer is None or not is_address(account):
        return

    def hand_over(code: PasswordCode) -> bool:
        reasons = mailer.send([code_mail(account, code.text, form, code.expires_at)])
        log_sent(reasons)
        return reasons == [""]

    try:
        services.store.codes.issue_by(hand_over, account, actor=ANONYMOUS, by="mail")
    except (NotFound, Conflict):
        return


@routes.get("/second-factor", _ENROLS)
def show_factor_form() -> Response:
    """What a second factor is, and the way to one."""
    return _factor_form()


@routes.post("/second-factor", replace(_ENROLS, body=Body.FORM, deeds=("user.factor_begin", "session.refuse")))
def begin_factor() -> Response:
    """The secret, to be scanned or typed, and a field for a code of it."""
    wanted, _ = read_form(FactorBegin)
    if wanted is None or not is_shown(wanted.password):
        return _factor_form(wrong="Fill in your password.", status=422)
    try:
        me = sure_of_caller(wanted.password, wanted.second_factor)
    except ApiProblem as problem:
        return refused(problem, _factor_form(wrong=words_for(problem)))
    made = services().store.factors.begin(me, services().secret_key.all())
    return page("second_factor_code.html", secret=_in_groups(made.secret), picture=qr_code(made.uri), wrong="")


@routes.post("/second-factor/confirm", replace(_ENROLS, body=Body.FORM, deeds=("user.factor", "session.refuse")))
def confirm_factor() -> Response:
    """Recovery codes, once the app has shown that it has the secret."""
    wanted, _ = read_form(FactorConfirm)
    if wanted is None:
        return page("second_factor_code.html", 422, secret="", picture="", wrong="Fill in the code.")
    try:
        user, codes, opened = confirmed_factor(wanted.second_factor)
    except ApiProblem as problem:
        said = page("second_factor_code.html", secret="", picture="", wrong=words_for(problem))
        return refused(problem, said)
    # What this page shows is of no session: the one that asked has ended, the new one begins with the next page.
    return with_session(page("recovery_codes.html", codes=codes, me=None, sent_headers={}), user, opened)


def qr_code(text: str) -> Markup:
    """The text as a QR code, an SVG that stands in a page. Pure."""
    made = segno.make(text, error="m", micro=False)
    return Markup(made.svg_inline(scale=5, border=2, light="#fff", dark="#000", omitsize=False))


def _in_groups(secret: str) -> str:
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def _password_form(
    *,
    account: str,
    wrong: str = "",
    advice: str = "",
    asks_code: bool = False,
    is_sent: bool = False,
    status: int = 200,
) -> Response:
    return page(
        "password.html",
        status,
        account=account,
        wrong=wrong,
        advice=advice,
        asks_code=asks_code,
        is_sent=is_sent,
        sends_mail=is_set_up(),
    )


def _factor_form(*, wrong: str = "", status: int = 200) -> Response:
    me, user = caller(), services().store.users.named(caller().name)
    return page(
        "second_factor.html",
        status,
        has_one=user.second_factor_since is not None,
        must=services().settings.second_factor == "required",
        asks_password=not me.has_just_come(datetime.now(UTC)),
        has_password=user.has_password,
        provider=provider_label(),
        wrong=wrong,
    )


def _advice(problem: ApiProblem) -> str:
    return str(problem.fields.get("hint") or "") if problem.name == "invalid-request" else ""
