"""What the desk asks of the carrier."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from carrierlink import NoAnswer, NotReached, Reply
from flask import Flask, current_app, g, request_started

from meridian.extensions import db
from meridian.health import Health
from meridian.problems import FAILURES, Busy, Failed, Problem, Refused, Silent, Unreadable

log = logging.getLogger(__name__)

#: What is waited before the second try and before the third.
WAITS = [0.25, 0.5]


def init_app(app: Flask) -> None:
    app.extensions["carrier-health"] = Health(5, app.config["CARRIER_PAUSE"])
    request_started.connect(lambda _: _arrive(), app, weak=False)


def _arrive() -> None:
    g.answer_by = current_app.config["CLOCK"]() + current_app.config["CARRIER_DEADLINE"]


def _time_left() -> float:
    return g.answer_by - current_app.config["CLOCK"]()


def _understood(reply: Reply) -> dict[str, Any]:
    """The JSON object of an answer; raises the problem that it stands for."""
    try:
        content = json.loads(reply.body)
    except ValueError:
        content = None
    if reply.status >= 500:
        seconds = reply.headers.get("retry-after")
        raise Busy(int(seconds)) if seconds and reply.status == 503 else Unreadable(f"status {reply.status}")
    if reply.status in (409, 422):
        raise Refused(reply.status, content["reason"] if isinstance(content, dict) else "")
    if reply.status >= 300:
        raise Failed(f"status {reply.status}")
    if not isinstance(content, dict):
        raise Unreadable("no JSON object")
    return content


def _once(call: Callable[..., Reply]) -> dict[str, Any]:
    """One call, which is counted."""
    config, health = current_app.config, current_app.extensions["carrier-health"]
    health.check(config["CLOCK"]())
    if _time_left() <= 0:
        raise Silent("there is no time left")
    try:
        content = _understood(call(timeout=min(_time_left(), config["CARRIER_TIMEOUT"])))
    except (NotReached, NoAnswer) as error:
        health.failed(config["CLOCK"]())
        raise Silent(str(error)) from error
    except FAILURES:
        health.failed(config["CLOCK"]())
        raise
    except Problem:
        health.answered()
        raise
    health.answered()
    return content


def _asked(method: str, path: str, **content: Any) -> dict[str, Any]:
    """The call's answer, from the first of three tries that has one."""
    transport = current_app.config["CARRIER_TRANSPORT"]
    health = current_app.extensions["carrier-health"]
    for pause in WAITS:
        try:
            return _once(lambda timeout: transport(method, path, timeout=timeout, **content))
        except FAILURES as problem:
            log.warning("%s %s: %r", method, path, problem)
            pause = max(pause, getattr(problem, "seconds", 0))
            if health.is_down or pause >= _time_left():
                raise
        current_app.config["WAIT"](pause)
    return _once(lambda timeout: transport(method, path, timeout=timeout, **content))


def rates(grams: int) -> list[dict[str, Any]]:
    """What a parcel of this weight costs, by service."""
    return _asked("GET", "/rates", query={"grams": grams})["rates"]


def sell_label(order: Any, service: str) -> dict[str, Any]:
    """Buy a label for an order, under a key that is stored before anybody hears of it."""
    if order.label_key is None:
        order.label_key = uuid4().hex
        db.session.commit()
    return _asked(
        "POST",
        "/labels",
        json={"reference": str(order.number), "service": service, "grams": order.grams},
        headers={"Idempotency-Key": order.label_key},
    )


def tracking(label: str) -> str | None:
    """Where the parcel is; None if the carrier does not say so."""
    try:
        return _asked("GET", f"/labels/{label}")["state"]
    except (Problem, KeyError):
        return None


def cancel_label(label: str) -> None:
    """Give a label back."""
    _asked("DELETE", f"/labels/{label}")
