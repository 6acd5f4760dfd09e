"""What a request works with: the services handed to `create_app`, the caller, the request's id."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from flask import current_app, g, has_request_context

from runner.limits import SubmissionLimits
from store.records import TokenRecord
from store.settings import Settings

if TYPE_CHECKING:
    from api.catalogue import Catalogue
    from api.comparisons import Comparisons
    from api.metrics import Metrics
    from api.streams import EventStreams
    from store.progress import Progress
    from store.queue import GradingQueue
    from store.store import Store

EXTENSION = "mendbox"


@dataclass(frozen=True)
class Services:
    """All that the API stands on, made once by `create_app`."""

    settings: Settings
    store: Store
    queue: GradingQueue
    progress: Progress
    catalogue: Catalogue
    streams: EventStreams
    metrics: Metrics
    comparisons: Comparisons
    limits: SubmissionLimits = field(default_factory=SubmissionLimits)


def services() -> Services:
    """The services of the app that handles this request."""
    return cast(Services, current_app.extensions[EXTENSION])


def caller() -> TokenRecord:
    """Whose token authenticated this request. Only in routes that are not public."""
    return cast(TokenRecord, g.caller)


def set_caller(token: TokenRecord) -> None:
    """Called once, by authentication."""
    g.caller = token


def known_caller() -> TokenRecord | None:
    """The caller, or None before authentication and in public routes."""
    return cast("TokenRecord | None", g.get("caller"))


def begin_request(identity: str) -> None:
    """Called first in every request: its id, and the time it began (monotonic seconds)."""
    g.request_id = identity
    g.began_s = time.monotonic()


def request_id() -> str:
    """The id that stands in the log, in `X-Request-Id` and in problems that should be reported."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def elapsed_s() -> float:
    """Seconds since the request began."""
    return time.monotonic() - float(g.get("began_s", time.monotonic()))
