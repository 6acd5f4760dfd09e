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


def covers(media_range: str, media_type: str) -> bool:
    """Whether a type is in a range like `text/*`."""
    main, _, rest = media_range.lower().partition("/")
    if main == "*":
        return rest == "*"
    return media_type in (f"{main}/{rest}", f"{main}/{media_type.partition('/')[2]}" if rest == "*" else "")


def best(names: Sequence[str]) -> str | None:
    """The first format that one of the client's ranges covers, the ranges with the highest weight first."""
    sent = [(part.partition(";")[0].strip(), weight) for part, weight in request.accept_mimetypes]
    ranges = [(weight, -part.count("*"), part) for part, weight in sent if weight > 0]
    if not sent:
        return names[0]
    for _, _, media_range in sorted(ranges, key=lambda each: each[:2], reverse=True):
        for name in names:
            if covers(media_range, MIMETYPES[name]):
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
