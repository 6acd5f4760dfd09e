"""A Flask whose API answers in envelopes, whatever comes out of it."""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException


@dataclass(frozen=True)
class Envelope:
    """What a view gave: `content`, and status and headers if there are any."""

    content: Any
    rest: tuple[Any, ...] = field(default=())

    @classmethod
    def around(cls, given: Any) -> "Envelope":
        return cls(given[0], given[1:]) if isinstance(given, tuple) else cls(given)


def enveloped(view: Callable[..., Any]) -> Callable[..., Envelope]:
    """What the view gives is left to `EnvelopingFlask`."""

    @functools.wraps(view)
    def sealed(*args: Any, **kwargs: Any) -> Envelope:
        return Envelope.around(view(*args, **kwargs))

    return sealed


class EnvelopingFlask(Flask):
    """Makes responses of envelopes, and of every exception that ends a request below `api_prefix`."""

    api_prefix = "/api/"
    codes = dict(
        [(400, "bad_request"), (401, "unauthorized"), (404, "not_found"), (405, "method_not_allowed")]
        + [(409, "slot_taken"), (413, "too_large"), (415, "unsupported_media_type"), (422, "invalid")]
        + [(500, "internal_error"), (503, "not_ready")]
    )

    def make_response(self, rv: Any) -> Response:
        match rv:
            case Envelope(content=Response() as response):
                return self._rewrapped(super().make_response((response, *rv.rest) if rv.rest else response))
            case Envelope(rest=(204, *_)):
                return super().make_response(("", *rv.rest))
            case Envelope():
                body = self.json.response({"ok": True, "data": rv.content})
                return super().make_response((body, *rv.rest) if rv.rest else body)
            case HTTPException() if request.path.startswith(self.api_prefix):
                return self._refusal(rv)
        return super().make_response(rv)

    def handle_http_exception(self, e: HTTPException) -> Any:
        below = request.path.startswith(self.api_prefix)
        return e if below else super().handle_http_exception(e)

    def _rewrapped(self, response: Response) -> Response:
        if response.is_json and response.status_code // 100 == 2:
            response.data = self.json.dumps(dict(ok=True, data=response.get_json()))
        return response

    def _refusal(self, error: HTTPException) -> Response:
        response = super().make_response(error)
        del response.headers["Content-Type"]
        reason = dict(code=self.codes.get(error.code, str(error.code)), message=error.description)
        reason |= {key: value for key, value in vars(error).items() if key == "details"}
        body = self.json.response(ok=False, error=reason)
        for key, value in response.headers:
            if key != "Content-Length":
                body.headers.add(key, value)
        body.status = response.status
        return body
