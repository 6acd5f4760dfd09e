"""What the desk asks of the carrier, with a thread that watches each call."""

from __future__ import annotations

import json
import threading
from typing import Any

from carrierlink import NoAnswer, NotReached
from flask import current_app, g

TRIES = 3


class CarrierError(Exception):
    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(body["error"])
        self.status, self.body, self.headers = status, body, headers or {}


class WatchedCall(threading.Thread):
    """One call; `result` is what came of it, as soon as something did."""

    def __init__(self, transport: Any, arguments: tuple[Any, ...], content: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self._transport = transport
        self._arguments = arguments
        self._content = content
        self.result: Any = None

    def run(self) -> None:
        try:
            self.result = self._transport(*self._arguments, **self._content)
        except Exception as error:
            self.result = error

    def outcome(self, seconds: float) -> Any:
        """The reply; raises NoAnswer if there is none after so many seconds."""
        self.start()
        self.join(seconds)
        if self.result is None:
            raise NoAnswer("gave up waiting")
        if isinstance(self.result, Exception):
            raise self.result
        return self.result


class Switch:
    """Off for a while after five failures in a row."""

    failures = 0
    off_since = 0.0

    def is_off(self) -> bool:
        return self.failures >= 5 and self.left() > 0

    def left(self) -> float:
        return self.off_since + current_app.config["CARRIER_PAUSE"] - current_app.config["CLOCK"]()

    def note(self, failed: bool) -> None:
        self.failures = self.failures + 1 if failed else 0
        self.off_since = current_app.config["CLOCK"]()


switch = Switch()


def init_app(app: Any) -> None:
    @app.before_request
    def _remember_when_it_began() -> None:
        g.began = app.config["CLOCK"]()


def _remaining() -> float:
    return g.began + current_app.config["CARRIER_DEADLINE"] - current_app.config["CLOCK"]()


def _judge(reply: Any) -> tuple[bool, Any]:
    """Whether the call failed, and what it gave: an error to raise or the content."""
    try:
        said = json.loads(reply.body)
    except ValueError:
        said = None
    after = reply.headers.get("retry-after")
    if reply.status == 503 and after:
        return True, CarrierError(503, {"error": "carrier-busy"}, {"Retry-After": after})
    if reply.status >= 500 or (reply.status < 300 and not isinstance(said, dict)):
        return True, CarrierError(502, {"error": "carrier-failed"})
    if reply.status in (409, 422):
        return False, CarrierError(reply.status, {"error": "refused", "reason": said["reason"]})
    if reply.status >= 300:
        return False, CarrierError(502, {"error": "carrier-failed"})
    return False, said


def _call(*arguments: Any, **content: Any) -> Any:
    given: Any = CarrierError(504, {"error": "carrier-silent"})
    for number in range(TRIES):
        if switch.is_off():
            seconds = str(-int(-switch.left() // 1))
            raise CarrierError(503, {"error": "carrier-busy"}, {"Retry-After": seconds})
        if _remaining() <= 0:
            raise given
        watched = WatchedCall(current_app.config["CARRIER_TRANSPORT"], arguments, content)
        try:
            failed, given = _judge(watched.outcome(min(current_app.config["CARRIER_TIMEOUT"], _remaining())))
        except (NotReached, NoAnswer):
            failed, given = True, CarrierError(504, {"error": "carrier-silent"})
        switch.note(failed)
        if not failed:
            break
        pause = max(0.4 * (number + 1), float(given.headers.get("Retry-After", 0)))
        if number + 1 == TRIES or switch.is_off() or pause >= _remaining():
            break
        current_app.config["WAIT"](pause)
    if isinstance(given, CarrierError):
        raise given
    return given


def rates(grams: int) -> list[dict[str, Any]]:
    return _call("GET", "/rates", query={"grams": grams})["rates"]


def sell_label(order: Any, service: str) -> dict[str, Any]:
    """Buy the order's next label."""
    wanted = {"reference": str(order.number), "service": service, "grams": order.grams}
    headers = {"Idempotency-Key": f"order {order.id}, label {len(order.labels)}"}
    return _call("POST", "/labels", json=wanted, headers=headers)


def tracking(label: str) -> str | None:
    try:
        return _call("GET", f"/labels/{label}")["state"]
    except CarrierError:
        return None


def cancel_label(label: str) -> None:
    _call("DELETE", f"/labels/{label}")
