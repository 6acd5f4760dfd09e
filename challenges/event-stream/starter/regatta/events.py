"""Passings as they happen, as server-sent events."""

from __future__ import annotations

import json
import queue
from collections.abc import Iterator

from flask import Blueprint, Response, jsonify, request, stream_with_context
from sqlalchemy import select

from regatta.broker import broker
from regatta.extensions import db
from regatta.models import Passing
from regatta.races import race_or_404

blueprint = Blueprint("events", __name__)

#: Many small pieces are slow, so they are sent together.
TOGETHER = 5


def as_event(passing: Passing) -> str:
    data = json.dumps({"boat": passing.boat, "mark": passing.mark})
    return f"id: {passing.number}\nevent: passing\ndata: {data}\n\n"


def _missed(race: int, last: str) -> list[Passing]:
    """What has happened since the event with this number, so that the page has no gap."""
    later = select(Passing).where(Passing.race_number == race, Passing.number >= int(last))
    return list(db.session.scalars(later.order_by(Passing.number)))


def _events(race: int, mailbox: queue.Queue[int], missed: list[Passing]) -> Iterator[str]:
    heap = [as_event(passing) for passing in missed]
    while True:
        heap.append(as_event(db.session.get(Passing, mailbox.get())))
        if len(heap) >= TOGETHER:
            yield "".join(heap)
            heap.clear()


@blueprint.get("/races/<int:number>/events")
def listen(number: int):
    race = race_or_404(number)
    last = request.headers.get("Last-Event-ID", "")
    missed = _missed(race.number, last) if last.isdigit() else []
    events = _events(race.number, broker().join(race.number), missed)
    return Response(stream_with_context(events), mimetype="text/event-stream")


@blueprint.get("/status")
def status():
    return jsonify(listeners=broker().listeners())
