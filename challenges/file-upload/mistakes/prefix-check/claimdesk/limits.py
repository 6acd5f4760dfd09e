"""What one request may send."""

from __future__ import annotations

from flask import Request, current_app


class LimitedRequest(Request):
    """A request whose body may have MAX_REQUEST_BYTES, whatever it says of its length."""

    @property
    def max_content_length(self) -> int | None:
        return current_app.config["MAX_REQUEST_BYTES"]
