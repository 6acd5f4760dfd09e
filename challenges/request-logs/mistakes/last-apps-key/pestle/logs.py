"""The log: one JSON object a line on standard output, without secrets.

There is one handler, on the root logger, so whatever is logged comes by its formatter: messages of ours and of libraries,
tracebacks, and the record of each request. Secrets are taken out last, of finished texts: there is no other place where all
of a text is known. What may look like anything is not written in the first place: tokens and keys that were refused.
"""

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus

from flask import Flask, Response, g, has_request_context, request

logger = logging.getLogger(__name__)

MARK = "[redacted]"
HEADER = "X-Request-ID"

_ID = re.compile("[0-9a-f]{16,64}")
_FORMS = re.compile(
    r"""
    rx_[0-9A-Za-z]{40} | rk_[0-9A-Za-z]{32}
    | [\w.%+'-]{1,64} (?:@|%40) [\w-]+ (?:\.[\w-]+)+
    | (?<![^\W_]) (?: [0-9]{10} | [0-9]{3} (?:[ +-]|%20) [0-9]{3} (?:[ +-]|%20) [0-9]{4} ) (?![^\W_])
    """,
    re.VERBOSE,
)
#: The key at the wholesaler.
_keys: set[str] = set()


def redacted(text: str) -> str:
    """A text without secrets."""
    for key in _keys:
        for way in (key, quote(key), quote(key, safe=""), quote_plus(key)):
            text = text.replace(way, MARK)
    return _FORMS.sub(MARK, text)


class JsonFormatter(logging.Formatter):
    """A record as a line."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "event": "exception" if record.exc_info else "message",
            "message": record.getMessage(),
            "request_id": g.get("request_id") if has_request_context() else None,
        }
        told |= getattr(record, "told", {})
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps({name: redacted(value) if isinstance(value, str) else value for name, value in told.items()})


def _begin() -> None:
    g.started = time.perf_counter()
    given = request.headers.get(HEADER, "")
    g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(16)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    told = {
        "event": "request",
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "duration_ms": 1000 * (time.perf_counter() - g.started),
    }
    logger.info("%s %s: %d", request.method, request.path, response.status_code, extra={"told": told})
    return response


def init_app(app: Flask) -> None:
    """Have the log written, with a record for each request. To be called before anything else is added to the app."""
    _keys.clear()
    if app.config["WHOLESALER_KEY"]:
        _keys.add(app.config["WHOLESALER_KEY"])
    root = logging.getLogger()
    if not any(isinstance(handler.formatter, JsonFormatter) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(JsonFormatter())
        root.addHandler(handler)
    logging.getLogger("pestle").setLevel(logging.INFO)
    app.before_request(_begin)
    app.after_request(_end)
