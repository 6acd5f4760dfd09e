"""Passings as they happen, as server-sent events."""

from __future__ import annotations

import time
from collections.abc import Iterator

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy import select

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


def _stream(mailbox: Mailbox, missed: list[tuple[int, str]], heartbeat_s: float) -> Iterator[str]:
    """Everything once: what was missed may be in the mailbox as well, since that was there first."""
    yield ": listening\n\n"
    last = 0
    for number, event in missed:
        last = number
        yield event
    while not mailbox.overflown:
        time.sleep(heartbeat_s)
        heap = ": still here\n\n"
        while (taken := mailbox.take(0)) is not None:
            if taken[0] > last:
                heap += taken[1]
        yield heap


@blueprint.get("/races/<int:number>/events")
def listen(number: int):
    race_or_404(number)
    mailbox, leave = broker().join(number)
    try:
        last = request.headers.get("Last-Event-ID", "")
        missed = _missed(number, int(last)) if last.isascii() and last.isdigit() else []
    except Exception:
        leave()
        raise
    # The session, and its connection, end with the view: the stream has no context.
    events = _stream(mailbox, missed, float(current_app.config["HEARTBEAT"]))
    response = Response(events, mimetype="text/event-stream", headers=HEADERS)
    # Also called when nobody has asked for the first piece, which the generator would not hear of.
    response.call_on_close(leave)
    return response


@blueprint.get("/status")
def status():
    return jsonify(listeners=broker().listeners())
