"""Who is signed in, and how they get in and out."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.security import check_password_hash

from kerbside.extensions import db
from kerbside.models import Resident
from kerbside.security import begin_session

blueprint = Blueprint("residents", __name__)


@blueprint.before_app_request
def know_the_resident() -> None:
    number = session.get("resident")
    g.resident = db.session.get(Resident, number) if number is not None else None


def residents_only(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """Leads who isn't signed in to the form; programs are told 401."""

    @wraps(view)
    def guarded(**arguments: object) -> ResponseReturnValue:
        if g.resident is None:
            if request.path.startswith("/api/"):
                abort(401, "Sign in first.")
            return redirect(url_for("residents.login_form"))
        return view(**arguments)

    return guarded


@blueprint.get("/login")
def login_form() -> ResponseReturnValue:
    return render_template("login.html", email="", problem="")


@blueprint.post("/login")
def login() -> ResponseReturnValue:
    email = request.form.get("email", "").strip().lower()
    resident = db.session.scalar(select(Resident).where(Resident.email == email))
    if resident is None or not check_password_hash(resident.password_hash, request.form.get("password", "")):
        problem = "E-mail address and password do not belong together."
        return render_template("login.html", email=email, problem=problem), 401
    begin_session()
    session["resident"] = resident.id
    return redirect(url_for("permits.overview"))


@blueprint.post("/logout")
def logout() -> ResponseReturnValue:
    begin_session()
    return redirect(url_for("pages.home"))
