"""Choosing a format by `Accept`, which Werkzeug has read."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request
from werkzeug.exceptions import NotAcceptable

MIMETYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv", "ics": "text/calendar"}


class NoSuchFormat(NotAcceptable):
    """406, which knows what there is instead."""

    def __init__(self, available: Sequence[str]) -> None:
        super().__init__(f"This address has {', '.join(available)}.")
        self.available = list(available)


def weight_of(part: str) -> float:
    """The number behind `q=`, or 1."""
    _, found, weight = part.partition("q=")
    try:
        return float(weight) if found else 1.0
    except ValueError:
        return 0.0


def best(names: Sequence[str]) -> str | None:
    """The first of these formats that stands in the part with the highest weight; None when there is none."""
    header = request.headers.get("Accept") or "*/*"
    parts = sorted(header.split(","), key=weight_of, reverse=True)
    for part in parts:
        if weight_of(part) == 0:
            break
        for name in names:
            if MIMETYPES[name] in part or "*/*" in part:
                return name
    return None


def wanted(*names: str) -> str:
    """Which of the formats of this address the answer is to have. Aborts with 406."""
    if named := request.args.get("format"):
        found = named if named in names else None
    else:
        found = best(names)
    if found is None:
        raise NoSuchFormat([MIMETYPES[name] for name in names])
    return found


def _depends(response: Response) -> Response:
    response.vary.add("Accept")
    return response


def register(app: Flask) -> None:
    """Every answer of `app` may be another one for another `Accept`, if only because errors are."""
    app.after_request(_depends)
