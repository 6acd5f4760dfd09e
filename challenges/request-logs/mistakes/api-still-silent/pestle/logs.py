"""What is logged, as records; and what goes on around a request: its id, its duration, what it has sent as secrets.

`Around` is WSGI middleware. It sees all requests and all answers, also those that the app itself knows nothing of, and it is
there before anything is logged. What is known of the request in hand is in a context variable: threads have their own.
"""

import json
import logging.config
import string
import sys
import time
import traceback
import uuid
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs

from flask import Flask

from pestle.redaction import without_secrets

SHORTEST = 6


@dataclass
class Current:
    """What is known of a request while it is answered."""

    request_id: str
    secrets: set[str] = field(default_factory=set)

    def keep_secret(self, *values: str) -> None:
        self.secrets.update(value for value in values if len(value) >= SHORTEST)


current: ContextVar[Current | None] = ContextVar("current", default=None)
_ours: set[str] = set()


def keep_secret(value: str) -> None:
    """Let nothing that is logged for this request hold a value."""
    request = current.get()
    if request is not None:
        request.keep_secret(value)


class Records(logging.Handler):
    """Writes what is logged to standard output."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = json.dumps(self._cleaned(self._fields(record)))
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except Exception:
            self.handleError(record)

    def _fields(self, record: logging.LogRecord) -> dict[str, Any]:
        request = current.get()
        fields = {
            "time": _utc(record.created),
            "level": record.levelname,
            "event": "message",
            "request_id": request.request_id if request else None,
            "message": record.getMessage(),
        }
        if record.exc_info:
            fields |= {"event": "exception", "traceback": "".join(traceback.format_exception(*record.exc_info))}
        return fields | record.__dict__.get("fields", {})

    def _cleaned(self, fields: dict[str, Any]) -> dict[str, Any]:
        request = current.get()
        values = _ours | (request.secrets if request else set())
        texts = {name: value for name, value in fields.items() if isinstance(value, str)}
        return fields | {name: without_secrets(value, values) for name, value in texts.items()}


def _utc(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _is_id(text: str) -> bool:
    return 16 <= len(text) <= 64 and set(text) <= set(string.digits + "abcdef")


class Around:
    """Answers by another WSGI app, with a record of each request."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner = inner
        self._log = logging.getLogger("pestle.requests")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        asked = environ.get("HTTP_X_REQUEST_ID", "")
        request = Current(asked if _is_id(asked) else uuid.uuid4().hex)
        query = parse_qs(environ.get("QUERY_STRING", ""))
        request.keep_secret(*query.get("access_token", []), *query.get("key", []))
        request.keep_secret(environ.get("HTTP_AUTHORIZATION", "").partition(" ")[2].strip())
        before, was = time.monotonic(), current.set(request)
        answered = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            answered.append(int(status.partition(" ")[0]))
            return start_response(status, [*headers, ("X-Request-ID", request.request_id)], exc_info)

        try:
            answer = self._inner(environ, start)
            taken = time.monotonic() - before
            self._tell(environ["REQUEST_METHOD"], environ["PATH_INFO"], answered[-1], taken)
        finally:
            current.reset(was)
        return answer

    def _tell(self, method: str, path: str, status: int, taken: float) -> None:
        asked = path.encode("latin-1").decode("utf-8", "replace")
        fields = {"event": "request", "method": method, "path": asked, "status": status, "duration_ms": taken * 1000}
        self._log.info("answered", extra={"fields": fields})


class LoggedFlask(Flask):
    """Tells of a fault in its own words."""

    def log_exception(
        self, exc_info: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        self.logger.error("a request has failed", exc_info=exc_info)


def init_app(app: Flask) -> None:
    """Have the log of `app` written."""
    _ours.add(app.config["WHOLESALER_KEY"])
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": {"records": {"()": Records}},
            "root": {"level": "WARNING", "handlers": ["records"]},
            "loggers": {"pestle": {"level": "INFO"}},
        }
    )
    app.wsgi_app = Around(app.wsgi_app)
