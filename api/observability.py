"""What is known of each request afterwards: one line of JSON in the log, and the metrics."""

from __future__ import annotations

import logging
import re
import sys
import uuid
from typing import TextIO

import structlog
from flask import Flask, Response, g, request

from api.addresses import caller_address
from api.auth import without_tokens
from api.context import begin_request, elapsed_s, known_caller, request_id, services

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
#: Others are counted together: whoever calls could make up as many as they like, and each would stay in memory.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
#: Answers to who may not, or who asks too often.
_REFUSED = frozenset({401, 403, 429})
_NOT_LOGGED = frozenset({"health.healthz", "health.readyz", "health.metrics"})
_log = structlog.get_logger("mendbox.access")


def configure_logging(level: str, stream: TextIO | None = None) -> None:
    """Have everything logged, ours and libraries', as lines of JSON. Called once, by an entry point."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def register(app: Flask) -> None:
    """Give every request an id, and have it logged and counted."""
    app.before_request(_begin)
    app.after_request(_finish)


def _begin() -> None:
    sent = request.headers.get("X-Request-Id", "")
    # Another form could break a log line, or be made to look like somebody else's id.
    begin_request(sent if _SANE_ID.fullmatch(sent) and not sent.startswith("mbx_") else uuid.uuid4().hex)


def _finish(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    route = request.url_rule.rule if request.url_rule is not None else "(none)"
    metrics = services().metrics
    method = request.method if request.method in _METHODS else "other"
    metrics.requests.labels(method, route, str(response.status_code)).inc()
    if not response.is_streamed:
        metrics.latency.labels(route).observe(elapsed_s())
    if request.endpoint not in _NOT_LOGGED:
        _log.info("request", **_facts(route, response))
    return response


def _facts(route: str, response: Response) -> dict[str, object]:
    token = known_caller()
    return {
        "request_id": request_id(),
        "method": without_tokens(request.method)[:20],
        # The path without its query; a path, too, can hold what somebody pasted into it.
        "path": without_tokens(request.path)[:300],
        "route": route,
        "status": response.status_code,
        "duration_ms": round(elapsed_s() * 1000, 1),
        "bytes_in": request.content_length,
        "token": token.id if token is not None else None,
        "role": token.role.value if token is not None else None,
        # Why it was refused: whoever tries to get round a control is seen by it.
        **g.get("problem", {}),
        **({"address": caller_address()} if response.status_code in _REFUSED else {}),
    }
