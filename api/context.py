"""What a request works with: the services handed to `create_app`, the caller, the request's id."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app, g, has_request_context

from runner.limits import SubmissionLimits
from store.records import Role, SessionRecord, TokenRecord, UserRecord
from store.settings import Settings

if TYPE_CHECKING:
    from api.catalogue import Catalogue
    from api.comparisons import Comparisons
    from api.mailing.sending import Mailer
    from api.metrics import Metrics
    from api.quotas import Quotas
    from api.readings import Readings
    from api.streams import EventStreams
    from store.progress import Progress
    from store.queue import GradingQueue
    from store.secret_key import SecretKey
    from store.store import Store
    from store.visible_runs import VisibleRuns

EXTENSION = "mendbox"


@dataclass(frozen=True)
class Services:
    """All that the API stands on, made once by `create_app`. `mailer`: None where no mail is sent."""

    settings: Settings
    store: Store
    queue: GradingQueue
    progress: Progress
    catalogue: Catalogue
    streams: EventStreams
    metrics: Metrics
    comparisons: Comparisons
    quotas: Quotas
    readings: Readings
    secret_key: SecretKey
    visible: VisibleRuns
    mailer: Mailer | None = None
    limits: SubmissionLimits = field(default_factory=SubmissionLimits)


def services() -> Services:
    """The services of the app that handles this request."""
    return cast(Services, current_app.extensions[EXTENSION])


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a token's holder, or a user who signed in. `id`, the token's or the user's, is in the audit trail.

    `session`: the digest of the session's id, or what stands for one in a candidate's browser; None for a token.
    `expires_at`: of the token or the session. `has_factor`: False for a user without a second factor; a token, of 256
    random bits for a program, needs none.
    """

    id: str
    name: str
    role: Role
    challenges: tuple[str, ...] = ()
    candidate: str | None = None
    expires_at: datetime | None = None
    session: str | None = None
    has_factor: bool = True

    @classmethod
    def with_token(cls, token: TokenRecord) -> Caller:
        """The holder of this token."""
        return cls(token.id, token.name, token.role, token.challenges, token.candidate, token.expires_at)

    @classmethod
    def by_link(cls, token: TokenRecord) -> Caller:
        """A candidate in a browser that their link has led here: what a page sends must show that it is ours."""
        return replace(cls.with_token(token), session=f"link {token.id}")

    @classmethod
    def signed_in(cls, user: UserRecord, session: SessionRecord) -> Caller:
        """A user in one of their sessions."""
        return cls(
            user.id,
            user.name,
            user.role,
            expires_at=session.expires_at,
            session=session.digest,
            has_factor=user.second_factor_since is not None,
        )

    def may_submit_to(self, challenge: str) -> bool:
        """Whether the caller may submit to the challenge: candidates only to those that their token names."""
        return self.role is not Role.CANDIDATE or challenge in self.challenges


def still_calls(services: Services, caller: Caller) -> bool:
    """Whether the token or session of a request that goes on is still good. Asking keeps no session alive."""
    if caller.session is not None:
        return services.store.sessions.holds(caller.session, services.settings.session_idle)
    return services.store.tokens.get(caller.id).usable_at(datetime.now(UTC))


def caller() -> Caller:
    """Who authenticated this request. Only in routes that are not public."""
    return cast(Caller, g.caller)


def set_caller(found: Caller) -> None:
    """Called once, by authentication."""
    g.caller = found


def known_caller() -> Caller | None:
    """The caller, or None before authentication and in public routes."""
    return cast("Caller | None", g.get("caller"))


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
