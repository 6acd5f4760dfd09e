"""`/healthz`, `/readyz`, `/metrics`: for whoever runs the platform. Public, so they name no host and no fault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import Response, jsonify

from api.context import services
from api.routing import PUBLIC, Doc, Policy, Routes
from api.schemas import Health, PartHealth, Readiness, as_json
from runner.errors import PlatformFault

routes = Routes("health", "Operations", url_prefix=None)
_log = structlog.get_logger("mendbox.api")


@routes.get("/healthz", Policy(PUBLIC, counted=False), Doc({200: Health}))
def healthz() -> dict[str, Any]:
    """Whether the process is alive."""
    return as_json(Health(status="alive"))


@routes.get("/readyz", Policy(PUBLIC, counted=False), Doc({200: Readiness, 503: Readiness}))
def readyz() -> Response:
    """Whether everything is there that taking a submission needs. Workers may be away: what is taken waits for them."""
    parts = {
        "database": _answers("database", services().store.check),
        "redis": _answers("redis", services().queue.ping),
        "challenges": _answers("challenges", services().catalogue.check),
    }
    ready = all(part.ok for part in parts.values())
    response = jsonify(as_json(Readiness(ready=ready, parts=parts)))
    response.status_code = 200 if ready else 503
    if not ready:
        response.headers["Retry-After"] = "5"
    return response


def _answers(name: str, check: Callable[[], object]) -> PartHealth:
    try:
        check()
    except PlatformFault as error:
        _log.warning("not ready", part=name, reason=error.message)
        return PartHealth(ok=False)
    return PartHealth(ok=True)


_TEXT: dict[str, Any] = {
    "description": "Prometheus' text format",
    "content": {"text/plain": {"schema": {"type": "string"}}},
}


@routes.get("/metrics", Policy(PUBLIC, counted=False), Doc({200: _TEXT}))
def metrics() -> Response:
    """Counts and gauges for Prometheus."""
    return Response(services().metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
