"""What the desk asks of the carrier. Every call goes through one door, `Carrier.ask`.

The door knows how long the request may still take (its deadline is kept in `g`), and how the last calls ended.
"""

from __future__ import annotations

import json
import logging
import math
from typing import Any

from carrierlink import NoAnswer, NotReached, Reply
from flask import Flask, current_app, g

log = logging.getLogger(__name__)

WAITS_S = (0.3, 0.8)
ROW = 5


class CarrierError(Exception):
    """The carrier did not do what it was asked; `status`, `body` and `headers` are what we answer."""

    def __init__(self, status: int, code: str, *, reason: str | None = None, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": code} if reason is None else {"error": code, "reason": reason}
        self.headers = {} if retry_after is None else {"Retry-After": str(retry_after)}


class Failed(Exception):
    """One call failed: what it is answered with if it was the last, and how long the carrier wants us to wait."""

    def __init__(self, answer: CarrierError, wait_s: float = 0.0) -> None:
        super().__init__(str(answer))
        self.answer = answer
        self.wait_s = wait_s


class Carrier:
    """The way to the carrier, one for each process. `failures` are the calls in a row that failed."""

    def __init__(self, app: Flask) -> None:
        self._config = app.config
        self.failures = 0
        self.closed_until: float | None = None

    def ask(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        """Make a call, again if it fails and that may help. Raises CarrierError."""
        for wait_s in (*WAITS_S, None):
            self._pass_the_door()
            try:
                said = self._one_call(method, path, content)
            except Failed as failed:
                self._count_failure()
                log.warning("%s %s: %s", method, path, failed)
                if wait_s is None or self.closed_until is not None:
                    raise failed.answer from failed
                wait_s = max(wait_s, failed.wait_s)
                if wait_s >= self._left_s():
                    raise failed.answer from failed
                self._config["WAIT"](wait_s)
            else:
                return said
        raise AssertionError("the last try ends in an answer or in an error")

    def _left_s(self) -> float:
        return g.carrier_deadline - self._config["CLOCK"]()

    def _pass_the_door(self) -> None:
        if self._left_s() <= 0:
            raise CarrierError(504, "carrier-silent")
        if self.closed_until is not None:
            left_s = self.closed_until - self._config["CLOCK"]()
            if left_s > 0:
                raise CarrierError(503, "carrier-busy", retry_after=math.ceil(left_s))

    def _count_failure(self) -> None:
        self.failures += 1
        if self.failures >= ROW:
            self.closed_until = self._config["CLOCK"]() + self._config["CARRIER_PAUSE"]

    def _one_call(self, method: str, path: str, content: dict[str, Any]) -> dict[str, Any]:
        timeout = min(self._config["CARRIER_TIMEOUT"], self._left_s())
        try:
            reply = self._config["CARRIER_TRANSPORT"](method, path, timeout=timeout, **content)
        except (NotReached, NoAnswer) as error:
            raise Failed(CarrierError(504, "carrier-silent")) from error
        said = self._read(reply)
        if reply.status >= 500 or (reply.status < 300 and said is None):
            raise self._failed(reply)
        self.failures, self.closed_until = 0, None
        if reply.status in (409, 422):
            raise CarrierError(reply.status, "refused", reason=(said or {}).get("reason", ""))
        if reply.status >= 300:
            raise CarrierError(502, "carrier-failed")
        return said

    @staticmethod
    def _failed(reply: Reply) -> Failed:
        after = reply.headers.get("retry-after", "")
        if reply.status == 503 and after.isdecimal():
            return Failed(CarrierError(503, "carrier-busy", retry_after=int(after)), float(after))
        return Failed(CarrierError(502, "carrier-failed"), float(after) if after.isdecimal() else 0.0)

    @staticmethod
    def _read(reply: Reply) -> dict[str, Any] | None:
        try:
            said = json.loads(reply.body)
        except ValueError:
            return None
        return said if isinstance(said, dict) else None


def init_app(app: Flask) -> None:
    app.extensions["carrier"] = Carrier(app)

    @app.before_request
    def _begin() -> None:
        g.carrier_deadline = app.config["CLOCK"]() + app.config["CARRIER_DEADLINE"]


def _ask(method: str, path: str, **content: Any) -> dict[str, Any]:
    return current_app.extensions["carrier"].ask(method, path, **content)


def rates(grams: int) -> list[dict[str, Any]]:
    """What a parcel of this weight costs, by service."""
    return _ask("GET", "/rates", query={"grams": grams})["rates"]


def sell_label(order: Any, service: str) -> dict[str, Any]:
    """Buy a label for an order."""
    body = {"reference": str(order.number), "service": service, "grams": order.grams}
    return _ask("POST", "/labels", json=body)


def tracking(label: str) -> str | None:
    """Where the parcel is, or None where that can't be had now."""
    try:
        return _ask("GET", f"/labels/{label}").get("state")
    except CarrierError:
        return None


def cancel_label(label: str) -> None:
    """Give a label back."""
    _ask("DELETE", f"/labels/{label}")
