"""Who is signed in, and how they get in and out."""

import re
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from allotment import attempts, passwords
from allotment.extensions import db
from allotment.models import Member
from allotment.sessions import end_others

blueprint = Blueprint("auth", __name__)

#: One slash, then no second one, nor what browsers take for one, skip or stumble over.
OUR_PAGE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")


@blueprint.before_app_request
def know_the_member() -> None:
    number = session.get("member_id")
    g.member = db.session.get(Member, number) if number is not None else None


def members_only(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Leads who isn't signed in to the form, and from there back to the page."""

    @wraps(view)
    def guarded(**arguments: object) -> ResponseReturnValue:
        if g.member is None:
            page = request.full_path if request.query_string else request.path
            return redirect(url_for("auth.login_form", next=page if request.method == "GET" else None))
        return view(**arguments)

    return guarded


def onward(page: str) -> str:
    """Where to go next: to a page of ours."""
    return page if OUR_PAGE.fullmatch(page) else url_for("pages.home")


@blueprint.get("/login")
def login_form() -> ResponseReturnValue:
    page = request.args.get("next", "")
    if g.member is not None:
        return redirect(onward(page))
    return render_template("login.html", next=page, email="", problem="")


@blueprint.post("/login")
def login() -> ResponseReturnValue:
    email = request.form.get("email", "").strip().lower()
    password = request.form.get("password", "")
    if wait := attempts.seconds_to_wait(email):
        return form_again("This was tried too often. Try again later.", 429, {"Retry-After": str(wait)})
    member = db.session.scalar(select(Member).where(Member.email == email))
    if not passwords.is_right(member, password):
        attempts.remember(email)
        return form_again("E-mail address and password do not belong together.", 401)
    attempts.forget(email)
    passwords.keep(member, password)
    db.session.commit()
    session.rename()
    session["member_id"] = member.id
    return redirect(onward(request.form.get("next", "")))


def form_again(problem: str, status: int, headers: dict[str, str] | None = None) -> ResponseReturnValue:
    typed = {"email": request.form.get("email", ""), "next": request.form.get("next", "")}
    return render_template("login.html", problem=problem, **typed), status, headers or {}


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    session.clear()
    session.rename()
    return redirect(url_for("pages.home"))


@blueprint.get("/password")
@members_only
def password_form() -> ResponseReturnValue:
    return render_template("password.html", problem="")


@blueprint.post("/password")
@members_only
def choose_password() -> ResponseReturnValue:
    current, new, again = (request.form.get(field, "") for field in ("current", "new", "again"))
    if not passwords.is_right(g.member, current):
        return render_template("password.html", problem="That is not your password."), 422
    if len(new) < 10:
        return render_template("password.html", problem="Ten characters are the least."), 422
    if new != again:
        return render_template("password.html", problem="The two are not the same."), 422
    passwords.keep(g.member, new)
    end_others(g.member.id, session.name)
    db.session.commit()
    flash("You have a new password.")
    return redirect(url_for("pages.plot"))
