"""What the desk asks of the carrier."""

from __future__ import annotations

import json
import logging
from typing import Any

from carrierlink import NoAnswer, NotReached
from flask import current_app

log = logging.getLogger(__name__)

TRIES = 5
PAUSE_S = 1.0


class CarrierError(Exception):
    """The carrier did not do what it was asked."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.text = text


def _call(method: str, path: str, *, query: dict[str, Any] | None = None, body: Any = None) -> Any:
    """Ask the carrier, again and again if need be, and give what it answered."""
    config = current_app.config
    began = config["CLOCK"]()
    failure = None
    for _ in range(TRIES):
        try:
            reply = config["CARRIER_TRANSPORT"](method, path, query=query, json=body)
            if reply.status < 400:
                log.info("%s %s took %.1f s", method, path, config["CLOCK"]() - began)
                return json.loads(reply.body)
            failure = CarrierError(reply.status, reply.body.decode("utf-8", "replace"))
        except (NotReached, NoAnswer) as error:
            failure = CarrierError(500, str(error))
        config["WAIT"](PAUSE_S)
    raise failure


def rates(grams: int) -> list[dict[str, Any]]:
    """What a parcel of this weight costs, by service."""
    return _call("GET", "/rates", query={"grams": grams})["rates"]


def sell_label(order: Any, service: str) -> dict[str, Any]:
    """Buy a label for an order."""
    body = {"reference": str(order.number), "service": service, "grams": order.grams}
    return _call("POST", "/labels", body=body)


def tracking(label: str) -> str:
    """Where the parcel is."""
    return _call("GET", f"/labels/{label}")["state"]


def cancel_label(label: str) -> None:
    """Give a label back."""
    _call("DELETE", f"/labels/{label}")
