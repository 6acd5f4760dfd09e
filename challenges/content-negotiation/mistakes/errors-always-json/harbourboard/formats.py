"""Choosing a format by `Accept`, which Werkzeug has read."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask, Response, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import NotAcceptable

MIMETYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv", "ics": "text/calendar"}


class NoSuchFormat(NotAcceptable):
    """406, which knows what there is instead."""

    def __init__(self, available: Sequence[str]) -> None:
        super().__init__(f"This address has {', '.join(available)}.")
        self.available = list(available)


def accepted() -> MIMEAccept:
    """What the client accepts, by type alone: Werkzeug takes `text/csv;header=present` for something else than CSV."""
    if not request.accept_mimetypes:
        return MIMEAccept([("*/*", 1)])
    return MIMEAccept([(sent.partition(";")[0], weight) for sent, weight in request.accept_mimetypes])


def best(names: Sequence[str]) -> str | None:
    """The one of these formats that the client likes best; None when it likes none."""
    by_type = {MIMETYPES[name]: name for name in names}
    return by_type.get(accepted().best_match(by_type, ""))


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
