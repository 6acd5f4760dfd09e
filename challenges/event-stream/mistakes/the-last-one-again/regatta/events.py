"""Passings as they happen, as server-sent events."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy import select

from regatta.broker import Behind, Tape, broker
from regatta.extensions import db
from regatta.models import Passing
from regatta.races import race_or_404

blueprint = Blueprint("events", __name__)


def as_event(number: int, said: dict[str, str]) -> bytes:
    return f"id: {number}\nevent: passing\ndata: {json.dumps(said)}\n\n".encode()


class Stream:
    """The pieces for one listener. An object, and no generator: its `close` is called whether it was begun or not."""

    def __init__(self, tape: Tape, heartbeat_s: float) -> None:
        self._tape = tape
        self._heartbeat_s = heartbeat_s
        # First the place on the tape, then the look into the database: nothing falls between them.
        self._reader = tape.open()
        self._last = -1
        self._first = b": hello\n\n"

    def repeat(self, rows: list[Any]) -> None:
        """Begin with these passings."""
        for number, boat, mark in rows:
            self._first += as_event(number, {"boat": boat, "mark": mark})
            self._last = number

    def __iter__(self) -> Stream:
        return self

    def __next__(self) -> bytes:
        if self._first:
            piece, self._first = self._first, b""
            return piece
        try:
            news = self._tape.read(self._reader, self._heartbeat_s)
        except Behind:
            raise StopIteration from None
        return b"".join(as_event(*event) for event in news if event[0] > self._last) or b":\n\n"

    def close(self) -> None:
        self._tape.close(self._reader)


@blueprint.get("/races/<int:number>/events")
def listen(number: int):
    race_or_404(number)
    stream = Stream(broker().tape(number), current_app.config["HEARTBEAT"])
    last = request.headers.get("Last-Event-ID", "")
    if re.fullmatch("[0-9]+", last):
        columns = select(Passing.number, Passing.boat, Passing.mark)
        missed = columns.where(Passing.race_number == number, Passing.number >= int(last)).order_by(Passing.number)
        try:
            stream.repeat(list(db.session.execute(missed)))
        except BaseException:
            stream.close()
            raise
    response = Response(stream, content_type="text/event-stream; charset=utf-8")
    response.headers.update({"Cache-Control": "no-cache", "X-Accel-Buffering": "no"})
    return response


@blueprint.get("/status")
def status():
    return jsonify(listeners=broker().listeners())
