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


def best(names: Sequence[str]) -> str | None:
    """The format that the client names first, of those that it names with the highest weight."""
    offered = {MIMETYPES[name]: name for name in names}
    liked = sorted(request.accept_mimetypes, key=lambda sent: sent[1], reverse=True)
    if not liked:
        return names[0]
    for media_type, weight in liked:
        bare = media_type.split(";")[0].strip().lower()
        if weight > 0 and bare in offered:
            return offered[bare]
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
