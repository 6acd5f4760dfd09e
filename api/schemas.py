"""The JSON that the API takes and gives, as models; the OpenAPI document is made from them."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from api.redaction import CandidateGrade, CandidateReceipt, CandidateScore
from runner.grading.models import Grade, Verdict
from runner.packages.manifest import Area, Level
from store.records import GradingReason, Role, SourceKind
from store.scopes import Scope
from store.states import GradingState

ID_PATTERN = r"^[0-9a-f]{32}$"
SLUG_PATTERN = r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$"
#: Characters of a variant that somebody asks for.
MOST_OF_VARIANT = 400
#: A parameter's None: it can be left out, but `null` can't be sent.
Absent = SkipJsonSchema[None]


def _written_out(value: Any) -> Any:
    """Pydantic would also take `0.5` and `1732`, as seconds since 1970."""
    if isinstance(value, str) and not re.match(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}", value):
        raise ValueError("must be a date and a time with its zone, as RFC 3339 has them")
    return value


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out)]
#: What can be in the audit trail: printable ASCII, and spaces in a worker's name.
AuditWord = Annotated[str, StringConstraints(pattern=r"^[ -~]{1,200}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(BaseModel):
    """RFC 9457. `type` is `urn:mendbox:problem:<name>`; further fields belong to the problem."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"additionalProperties": True})

    type: str
    title: str
    status: int
    detail: str
    hint: str | None = None


class SubmissionPath(BaseModel):
    """A submission's id in a path."""

    id: str = Field(description="the submission", json_schema_extra={"pattern": ID_PATTERN})


class TokenPath(BaseModel):
    """A token's id in a path."""

    id: str = Field(description="the token", json_schema_extra={"pattern": ID_PATTERN})


class ChallengePath(BaseModel):
    """A challenge's slug in a path."""

    slug: str = Field(description="the challenge", json_schema_extra={"pattern": SLUG_PATTERN})


class _Headers(BaseModel):
    """Some of a request's headers; there are always others."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SubmitHeaders(_Headers):
    """What `POST /submissions` takes beside its form."""

    idempotency_key: str | Absent = Field(
        None,
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="your own name for this request: sent again, it gives the same submission",
    )


class WatchHeaders(_Headers):
    """What an event stream takes from a client that comes back."""

    last_event_id: str | Absent = Field(
        None, alias="Last-Event-ID", description="the `id` of the last event that the client has seen"
    )


class CacheHeaders(_Headers):
    """What a download takes from a client that has it already."""

    if_none_match: str | Absent = Field(None, alias="If-None-Match", description="the `ETag` that the client has")


class PageQuery(Model):
    """Which part of a list."""

    after: str | Absent = Field(
        None, max_length=500, pattern=r"^[A-Za-z0-9_-]+$", description="the `next` of the part before this one"
    )
    limit: int = Field(50, ge=1, le=100, description="how many at most")


class SubmissionsQuery(PageQuery):
    """Which submissions."""

    challenge: str | Absent = Field(None, max_length=64, pattern=SLUG_PATTERN, description="of this challenge only")
    status: GradingState | Absent = Field(None, description="in this state only")
    verdict: Verdict | Absent = Field(None, description="whose last grade has this verdict only")


class VariantQuery(Model):
    """Which variant of a challenge, for assessors; a candidate has one, and can't choose."""

    variant: str | Absent = Field(
        None, max_length=MOST_OF_VARIANT, description="such as `house=1,bug=rounding`, or a number, which draws one"
    )


class ChallengeRequirement(Model):
    """A numbered requirement of the brief."""

    id: str
    title: str
    points: int


class ChallengeSummary(Model):
    """A challenge in a list."""

    slug: str
    title: str
    version: str
    level: Level
    area: Area
    minutes: int
    summary: str


class ChallengeList(Model):
    """The challenges that the caller may see."""

    challenges: list[ChallengeSummary]


class ChallengeDetail(ChallengeSummary):
    """A challenge: what a candidate is told. `brief` is Markdown.

    `variant`: of a challenge that has variants, which this is; for assessors, since its text names the bug.
    """

    brief: str
    editable: list[str]
    requirements: list[ChallengeRequirement]
    starter_url: str
    variant: str | None = None


class SubmissionAccepted(Model):
    """A submission that was stored. `left_out`: files that tools leave behind and that were not taken."""

    id: str
    status: GradingState
    url: str
    events: str
    grading_id: str
    left_out: list[str] = []


class GradingError(Model):
    """The platform could not grade the submission. It is no grade and costs no attempt."""

    message: str


class SubmissionView(Model):
    """A submission: how far its latest grading (`attempt`) is, and the last grade there is (of `graded_attempt`).

    A grade counts until a newer attempt has one. It is the whole one for assessors; of candidates
    their assessment says what of it they see.
    `variant`: of a challenge that has variants, the one it was sent to; for assessors.
    """

    id: str
    challenge: str
    variant: str | None = None
    status: GradingState
    submitted_at: datetime
    attempt: int
    reason: GradingReason
    queue_position: int | None = None
    graded_attempt: int | None = None
    grade: Grade | CandidateGrade | CandidateScore | CandidateReceipt | None = None
    error: GradingError | None = None


class SubmissionItem(Model):
    """A submission in a list. `score` and `verdict` are of `graded_attempt`, the latest that has a grade."""

    id: str
    challenge: str
    status: GradingState
    submitted_at: datetime
    source: SourceKind
    attempt: int
    graded_attempt: int | None
    score: int | None
    verdict: Verdict | None
    token_id: str | None = None


class SubmissionList(Model):
    """A part of a list, newest first. `next` is the `after` of the next part, null at the end."""

    submissions: list[SubmissionItem]
    next: str | None


class Me(Model):
    """The caller: a token (`token_id`), a user who signed in (`user_id`), or with both a user's own token."""

    token_id: str | None
    user_id: str | None = None
    name: str
    role: Role
    challenges: list[str]
    candidate: str | None
    expires_at: datetime | None
    scope: Scope = Scope.ALL


class TokenRequest(Model):
    """A token to make. A candidate's token names the challenges that it may submit to; others name none."""

    name: Line
    role: Role
    challenges: list[Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]] = Field([], max_length=100)
    candidate: Line | None = Field(None, description="your own reference for the person")
    variants: dict[Annotated[str, StringConstraints(pattern=SLUG_PATTERN)], Line] = Field(
        {}, max_length=100, description="of challenges that have variants, which; of others one is drawn"
    )
    expires_in_days: int | None = Field(None, strict=True, ge=1, le=3650, description="null: never")
    scope: Scope = Field(
        Scope.ALL,
        description="`read`: change nothing; `partner`: call the partner API (/api/partner/v1) and nothing else",
    )


class TokenView(Model):
    """A token, without its text. `owner`: the user whose own it is; null for others."""

    id: str
    name: str
    role: Role
    prefix: str
    challenges: list[str]
    candidate: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    owner: str | None = None
    scope: Scope = Scope.ALL


class TokenIssued(Model):
    """A token just made. `text` is shown this once and kept nowhere."""

    token: TokenView
    text: str


class TokenList(Model):
    """A part of a list, newest first."""

    tokens: list[TokenView]
    next: str | None


class AuditQuery(PageQuery):
    """Which deeds: those that match all that is given. `since` and `until` need a time zone."""

    actor: AuditWord | Absent = Field(None, description="a token's or user's id, a worker, `system`, `anonymous`")
    action: AuditWord | Absent = Field(None, description="as `grade.read`")
    object_kind: AuditWord | Absent = Field(None, description="as `submission`")
    object_id: AuditWord | Absent = Field(None, description="of what it was done to")
    since: Moment | Absent = Field(None, description="done then or later")
    until: Moment | Absent = Field(None, description="done before")


class AuditEntry(Model):
    """Something done or read. `actor`: who, `object_kind` and `object_id`: to what."""

    id: int
    at: datetime
    actor: str
    action: str
    object_kind: str
    object_id: str
    detail: dict[str, Any]


class AuditList(Model):
    """A part of the trail, newest first. `next` is the `after` of the next part, null at the end."""

    entries: list[AuditEntry]
    next: str | None


class Health(Model):
    """The process is alive."""

    status: str


class PartHealth(Model):
    """Whether a part answers."""

    ok: bool


class Readiness(Model):
    """Whether every part is there that is needed to take a submission."""

    ready: bool
    parts: dict[str, PartHealth]


def as_json(model: BaseModel) -> dict[str, Any]:
    """A model as JSON values, absent ones included as null."""
    return model.model_dump(mode="json")
