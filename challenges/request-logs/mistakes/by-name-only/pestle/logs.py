"""The log: one JSON object a line on standard output. What has a name that nobody is to read the value of is taken out."""

import ast
import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from flask import Flask, Response, g, has_request_context, request

logger = logging.getLogger(__name__)

MARK = "[redacted]"
HEADER = "X-Request-ID"
SECRET_NAMES = frozenset(
    ("access_token", "authorization", "email", "key", "nhn", "password", "patient", "secret", "to", "token", "wholesaler_key")
)
_URL = re.compile(r"https?://[^\s'\"<>]+")
_PAIR = re.compile(r"(?P<name>[A-Za-z_]+)(?P<between>\s*[=:]\s*)(?P<value>[^\s,;&'\"<>]+)")
_DICT = re.compile(r"\{.*\}", re.DOTALL)


def is_secret(name: Any) -> bool:
    """Whether a field's value is nobody's business."""
    return isinstance(name, str) and name.lower().replace("-", "_") in SECRET_NAMES


def scrub(value: Any) -> Any:
    """A structure without the values of secret fields, at any depth."""
    if isinstance(value, dict):
        return {name: MARK if is_secret(name) else scrub(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [scrub(inner) for inner in value]
    if isinstance(value, str):
        return scrub_text(value)
    return value


def scrub_url(url: str) -> str:
    """A URL without the values of secret parameters."""
    parts = urlsplit(url)
    if not parts.query:
        return url
    pairs = [(name, MARK if is_secret(name) else value) for name, value in parse_qsl(parts.query, keep_blank_values=True)]
    return urlunsplit(parts._replace(query=urlencode(pairs, safe="[]")))


def scrub_text(text: str) -> str:
    """A text without the values of secret names in its URLs, dictionaries and pairs."""
    text = _URL.sub(lambda match: scrub_url(match[0]), text)
    found = _DICT.search(text)
    if found:
        try:
            structure = ast.literal_eval(found[0])
        except (SyntaxError, ValueError):
            structure = None
        if isinstance(structure, dict):
            text = text[: found.start()] + repr(scrub(structure)) + text[found.end() :]
    return _PAIR.sub(
        lambda match: match["name"] + match["between"] + (MARK if is_secret(match["name"]) else match["value"]), text
    )


class Line(logging.Formatter):
    """Makes a line of a record."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, tz=UTC).isoformat(),
            "level": record.levelname,
            "event": "message",
            "message": record.getMessage(),
            "request_id": g.request_id if has_request_context() else None,
        }
        if record.exc_info:
            line["event"] = "exception"
            line["traceback"] = self.formatException(record.exc_info)
        if hasattr(record, "access"):
            line.update(record.access)
        return json.dumps(scrub(line))


def init_app(app: Flask) -> None:
    """Have the log written."""
    ours = logging.StreamHandler(sys.stdout)
    ours.setFormatter(Line())
    logging.basicConfig(handlers=[ours], force=True)
    logging.getLogger("pestle").setLevel(logging.INFO)

    @app.before_request
    def come() -> None:
        g.came = time.perf_counter()
        g.request_id = request.headers.get(HEADER, "")
        if re.fullmatch("[0-9a-f]{16,64}", g.request_id) is None:
            g.request_id = secrets.token_hex(16)

    @app.after_request
    def go(response: Response) -> Response:
        response.headers[HEADER] = g.request_id
        access = {
            "event": "request",
            "method": request.method,
            "path": request.path,
            "status": response.status_code,
            "duration_ms": int((time.perf_counter() - g.came) * 1000),
        }
        logger.info("request", extra={"access": access})
        return response
