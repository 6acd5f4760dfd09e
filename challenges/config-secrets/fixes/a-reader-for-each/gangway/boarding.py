"""Boarding codes, which the scanner at the gangway reads."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from gangway.errors import ApiError
from gangway.models import Ticket, db

bp = Blueprint("boarding", __name__)


def serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="boarding")


def code_of(ticket: Ticket) -> str:
    return serializer().dumps(ticket.number)


@bp.get("/boarding/<code>")
def board(code: str) -> ResponseReturnValue:
    try:
        number = serializer().loads(code)
    except BadSignature:
        raise ApiError(404, "unknown_code", "No ticket has this code.") from None
    ticket = db.session.get(Ticket, number)
    if ticket is None:
        raise ApiError(404, "unknown_code", "No ticket has this code.")
    return ticket.shown()
