"""Choosing a format by `Accept`."""

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


def ranges() -> list[tuple[str, float]]:
    """The ranges of `Accept` with their weights; everything when there is no header."""
    found = []
    for part in (request.headers.get("Accept") or "*/*").lower().split(","):
        media_range, *parameters = (piece.strip() for piece in part.split(";"))
        weights = [value for name, _, value in (each.partition("=") for each in parameters) if name == "q"]
        found.append((media_range, float(weights[0]) if weights else 1.0))
    return found


def best(names: Sequence[str]) -> str | None:
    """The one of these formats that the client likes best; None when it likes none."""
    sent = dict(ranges())
    liked = []
    for place, name in enumerate(names):
        exactly = MIMETYPES[name]
        for exactness, media_range in enumerate((exactly, f"{exactly.partition('/')[0]}/*", "*/*")):
            if media_range in sent:
                liked.append((-sent[media_range], exactness, place, name))
                break
    return next((name for weight, *_, name in sorted(liked) if weight < 0), None)


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
