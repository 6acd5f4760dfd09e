"""Who is signed in, and how they get in and out."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from allotment.destinations import lead_to
from allotment.extensions import db
from allotment.guessing import Guessing
from allotment.models import Member, StoredSession

blueprint = Blueprint("auth", __name__)


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


@blueprint.get("/login")
def login_form() -> ResponseReturnValue:
    page = request.args.get("next", "")
    if g.member is not None:
        return lead_to(page)
    return render_template("login.html", next=page, email="", problem="")


@blueprint.post("/login")
def login() -> ResponseReturnValue:
    email = request.form.get("email", "").strip().lower()
    typed = request.form.get("password", "")
    guessing = Guessing(email)
    seconds = guessing.must_wait()
    if seconds is not None:
        return render_login("Too many attempts: have a cup of tea."), 429, {"Retry-After": seconds}

    found = db.session.scalar(select(Member).where(Member.email == email))
    if found is None or not found.has_password(typed):
        guessing.was_wrong()
        return render_login("That did not work. Look at both once more."), 401

    guessing.was_right()
    found.set_password(typed)
    session.arrive(found.id)
    db.session.commit()
    return lead_to(request.form.get("next", ""))


def render_login(problem: str) -> str:
    email, page = request.form.get("email", ""), request.form.get("next", "")
    return render_template("login.html", problem=problem, email=email, next=page)


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    session.pop("member_id", None)
    return redirect(url_for("pages.home"))


@blueprint.get("/password")
@members_only
def password_form() -> ResponseReturnValue:
    return render_template("password.html", problem="")


@blueprint.post("/password")
@members_only
def choose_password() -> ResponseReturnValue:
    current, new, again = (request.form.get(field, "") for field in ("current", "new", "again"))
    if not g.member.has_password(current):
        return render_template("password.html", problem="That is not your password."), 422
    if len(new) < 10:
        return render_template("password.html", problem="Ten characters are the least."), 422
    if new != again:
        return render_template("password.html", problem="The two are not the same."), 422
    g.member.set_password(new)
    theirs = db.session.scalars(select(StoredSession).filter_by(member_id=g.member.id))
    for stored in theirs:
        if stored.name != session.name:
            db.session.delete(stored)
    db.session.commit()
    flash("You have a new password.")
    return redirect(url_for("pages.plot"))
