"""Passings as they happen, as server-sent events."""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from sqlalchemy import func, select

from regatta.broker import Mailbox, broker
from regatta.extensions import db
from regatta.models import Passing
from regatta.races import race_or_404
from regatta.wire import as_event

blueprint = Blueprint("events", __name__)

HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}


def _missed(race: int, last: int) -> list[tuple[int, str]]:
    """What has happened since the event with this number."""
    later = select(Passing).where(Passing.race_number == race, Passing.number > last).order_by(Passing.number)
    return [(passing.number, as_event(passing)) for passing in db.session.scalars(later)]


def _stream(app: Flask, mailbox: Mailbox, race: int, last: int, heartbeat_s: float) -> Iterator[str]:
    """Looks for later passings, again and again."""
    yield ": listening\n\n"
    while not mailbox.overflown:
        with app.app_context():
            later = _missed(race, last)
        for last, event in later:
            yield event
        if not later:
            yield ": still here\n\n"
        while not mailbox.events.empty():
            mailbox.events.get()
        time.sleep(heartbeat_s / 2)


@blueprint.get("/races/<int:number>/events")
def listen(number: int):
    race_or_404(number)
    mailbox, leave = broker().join(number)
    try:
        last = request.headers.get("Last-Event-ID", "")
        if not (last.isascii() and last.isdigit()):
            last = db.session.scalar(select(func.coalesce(func.max(Passing.number), 0)))
    except Exception:
        leave()
        raise
    # The session, and its connection, end with the view: the stream has no context.
    events = _stream(current_app._get_current_object(), mailbox, number, int(last), float(current_app.config["HEARTBEAT"]))
    response = Response(events, mimetype="text/event-stream", headers=HEADERS)
    # Also called when nobody has asked for the first piece, which the generator would not hear of.
    response.call_on_close(leave)
    return response


@blueprint.get("/status")
def status():
    return jsonify(listeners=broker().listeners())
