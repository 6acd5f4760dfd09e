"""What a request works with: the services handed to `create_app`, the caller, the request's id."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from flask import current_app, g, has_request_context

from runner.limits import SubmissionLimits
from store.opened import BegunBy, SessionRecord
from store.records import Role, TokenRecord, UserRecord
from store.scopes import Scope
from store.settings import Settings

if TYPE_CHECKING:
    from api.catalogue import Catalogue
    from api.comparisons import Comparisons
    from api.mailing.sending import Mailer
    from api.metrics import Metrics
    from api.oidc.client import OpenIdClient
    from api.quotas import Quotas
    from api.readings import Readings
    from api.streams import EventStreams
    from store.progress import Progress
    from store.queue import GradingQueue
    from store.secret_key import SecretKey
    from store.store import Store
    from store.visible_runs import VisibleRuns

EXTENSION = "mendbox"
#: How long after a sign-in by a provider nobody is asked again who they are.
JUST_NOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Services:
    """All that the API stands on, made once by `create_app`. `mailer`: None where no mail is sent.

    `openid`: None where nobody signs in by a provider.
    """

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
    openid: OpenIdClient | None = None
    limits: SubmissionLimits = field(default_factory=SubmissionLimits)


def services() -> Services:
    """The services of the app that handles this request."""
    return cast(Services, current_app.extensions[EXTENSION])


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a token's holder, or a user who signed in. `id`: the token's or the user's. `actor`: who is in the
    audit trail, the user also where the token is their own. `scope`: what a token is held to beside its role.

    `session`: the digest of the session's id, or what stands for one in a candidate's browser; None for a token.
    `expires_at`: of the token or the session. `has_factor`: False for a user without a second factor; a token, of 256
    random bits for a program, needs none. `began_at`, `begun_by`: of a session.
    """

    id: str
    name: str
    role: Role
    challenges: tuple[str, ...] = ()
    candidate: str | None = None
    expires_at: datetime | None = None
    session: str | None = None
    has_factor: bool = True
    owner: str | None = None
    scope: Scope = Scope.ALL
    began_at: datetime | None = None
    begun_by: BegunBy = BegunBy.PASSWORD

    @classmethod
    def with_token(cls, token: TokenRecord) -> Caller:
        """The holder of this token."""
        return cls(
            token.id,
            token.name,
            token.role,
            token.challenges,
            token.candidate,
            token.expires_at,
            owner=token.owner,
            scope=token.scope,
        )

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
            has_factor=user.second_factor_since is not None or session.begun_by is BegunBy.PROVIDER_FACTOR,
            began_at=session.created_at,
            begun_by=session.begun_by,
        )

    @property
    def actor(self) -> str:
        """Whose deeds these are: a user's, by a session or a token of their own, or the token's."""
        return self.owner or self.id

    def has_just_come(self, now: datetime) -> bool:
        """Whether a provider has said a moment ago who the user is, which is as good as their password."""
        return self.began_at is not None and self.begun_by is not BegunBy.PASSWORD and now - self.began_at <= JUST_NOW

    def may_submit_to(self, challenge: str) -> bool:
        """Whether the caller may submit to the challenge: candidates only to those that their token names."""
        return self.role is not Role.CANDIDATE or challenge in self.challenges


def still_calls(services: Services, caller: Caller) -> bool:
    """Whether the token or session of a request that goes on is still good. Asking keeps no session alive."""
    if caller.session is not None:
        return services.store.sessions.holds(caller.session, services.settings.session_idle)
    return services.store.tokens.holds(caller.id)


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
