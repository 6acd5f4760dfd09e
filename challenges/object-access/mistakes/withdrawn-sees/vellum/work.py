"""`/documents/<number>/assignments` and `/translation`: the bureau's work on a document."""

from __future__ import annotations

from flask import Blueprint, g
from flask.typing import ResponseReturnValue

from vellum import payloads, people
from vellum.access import document_or_404
from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Assignment
from vellum.serializers import document_page

bp = Blueprint("work", __name__, url_prefix="/documents/<int:number>")


@bp.post("/assignments")
def assign_translator(number: int) -> ResponseReturnValue:
    """Give a document to a translator."""
    document = document_or_404(number)
    people.only("manager")
    translator = payloads.person("translator", payloads.json_object().get("translator"), "translator")
    if any(each.translator is translator and each.state == "open" for each in document.assignments):
        raise ApiError(409, "already_assigned", f"{translator.login} is at work on it.")
    document.assignments.append(Assignment(translator=translator, state="open"))
    document.state = "in work"
    db.session.commit()
    return {"translator": translator.login, "state": "open"}, 201


@bp.delete("/assignments/<login>")
def withdraw_assignment(number: int, login: str) -> ResponseReturnValue:
    """Take a document away from a translator, whether the work is done or not."""
    document = document_or_404(number)
    people.only("manager")
    found = [each for each in document.assignments if each.translator.login == login and each.state != "withdrawn"]
    if not found:
        raise ApiError(404, "assignment_not_found", f"{login} is not assigned.")
    for each in found:
        each.state = "withdrawn"
    db.session.commit()
    return "", 204


@bp.put("/translation")
def hand_in(number: int) -> ResponseReturnValue:
    """Hand in the translation, which ends the open assignment."""
    document = document_or_404(number)
    at_work = [each for each in document.assignments if each.translator_id == g.user.id and each.state == "open"]
    if not at_work:
        raise ApiError(403, "forbidden", "You are not at work on this document.")
    document.translation = payloads.text("text", payloads.json_object().get("text"))
    document.state = "translated"
    for each in at_work:
        each.state = "done"
    db.session.commit()
    return document_page(document)
