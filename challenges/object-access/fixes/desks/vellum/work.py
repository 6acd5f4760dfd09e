"""`/documents/<number>/assignments` and `/translation`: the bureau's work on a document."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from vellum import payloads
from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Assignment
from vellum.people import for_roles
from vellum.serializers import document_page

bp = Blueprint("work", __name__, url_prefix="/documents/<int:document>")


def at_work(login: str) -> list[Assignment]:
    """The open assignments of a translator to the request's document."""
    return [each for each in g.document.assignments if each.translator.login == login and each.state == "open"]


@bp.post("/assignments")
@for_roles("manager")
def assign_translator() -> ResponseReturnValue:
    """Give a document to a translator."""
    translator = payloads.person("translator", payloads.json_object().get("translator"), "translator")
    if at_work(translator.login):
        raise ApiError(409, "already_assigned", f"{translator.login} is at work on it.")
    g.document.assignments.append(Assignment(translator=translator))
    g.document.state = "in work"
    db.session.commit()
    return {"translator": translator.login, "state": "open"}, 201


@bp.delete("/assignments/<login>")
@for_roles("manager")
def withdraw_assignment(login: str) -> ResponseReturnValue:
    """Take a document away from a translator, whether the work is done or not."""
    found = [each for each in g.document.assignments if each.translator.login == login and each.state != "withdrawn"]
    if not found:
        raise ApiError(404, "assignment_not_found", f"{login} is not assigned.")
    for each in found:
        each.state = "withdrawn"
    db.session.commit()
    return "", 204


@bp.put("/translation")
def hand_in() -> ResponseReturnValue:
    """Hand in the translation, which ends the open assignment."""
    mine = at_work(g.user.login)
    if not mine:
        raise ApiError(403, "forbidden", "There is no open assignment of yours.")
    g.document.translation = payloads.text("text", payloads.json_object().get("text"))
    g.document.state = "translated"
    for each in mine:
        each.state = "done"
    db.session.commit()
    return document_page(g.document)
