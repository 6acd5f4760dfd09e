"""What leaves the store: plain frozen values. Every timestamp is aware and UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, Generic, TypeVar

from runner.grading.models import Verdict
from runner.grading.report import Outcome
from store.invited import NewInvitation
from store.scopes import Scope
from store.states import ClaimPolicy, GradingState

T = TypeVar("T")

#: The actor of what no token asked for and no worker did.
SYSTEM = "system"
#: The actor of what somebody did who has not said who they are, as failing to sign in.
ANONYMOUS = "anonymous"


class Role(StrEnum):
    """What a token's holder is."""

    ADMIN = "admin"
    RECRUITER = "recruiter"
    ENGINEER = "engineer"
    CANDIDATE = "candidate"


class SourceKind(StrEnum):
    """How a submission came."""

    ARCHIVE = "archive"
    PATCH = "patch"
    DIRECTORY = "directory"
    API = "api"


class GradingReason(StrEnum):
    """Why there is a grading."""

    SUBMISSION = "submission"
    REGRADE = "regrade"


class Priority(IntEnum):
    """Lower goes first: somebody waits for an interactive one."""

    INTERACTIVE = 0
    REGRADE = 10


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a listing. `after` is the cursor for the next part, None at the end."""

    items: tuple[T, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to create. `challenges`: what a candidate's token may submit to; others may submit to all and name none.

    `candidate`: the recruiter's own reference for the person. `expires_at`: None for never. `variants`: which variants
    the person is to have, by challenge; for others one is drawn when they look. `invitation`: the assessment that a
    candidate's token opens, whose challenges are the token's. `owner`: the user whose own token it is, None for others.
    """

    name: str
    role: Role
    challenges: tuple[str, ...] = ()
    candidate: str | None = None
    expires_at: datetime | None = None
    variants: Mapping[str, str] = field(default_factory=dict)
    invitation: NewInvitation | None = None
    owner: str | None = None
    scope: Scope = Scope.ALL


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file of a candidate's unsent work. `text`: None where it is as the starter has it, or is no more."""

    text: str | None
    revision: int


@dataclass(frozen=True, slots=True)
class DraftChange:
    """A file to save. `text`: None to take all changes back. `seen`: the revision it was made from, 0 for none."""

    path: str
    text: str | None
    seen: int


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A token, without its text. `prefix` is the start of the text, for people to tell tokens apart.

    `owner`: the user whose own token it is; None for one that belongs to nobody with an account.
    """

    id: str
    name: str
    role: Role
    prefix: str
    challenges: tuple[str, ...]
    candidate: str | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    owner: str | None = None
    scope: Scope = Scope.ALL

    def may_submit_to(self, challenge: str) -> bool:
        """Whether the holder may submit to the challenge: candidates only to those that their token names."""
        return self.role is not Role.CANDIDATE or challenge in self.challenges

    def usable_at(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A token just created. `text` is shown once and stored nowhere."""

    record: TokenRecord
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UserRecord:
    """Somebody who signs in, without their password. `disabled_at`: None for an account that is open.

    `second_factor_since`: None for an account that has no second factor, or has not shown a first code of it.
    `has_password`: False for one whose user has not chosen any, and comes by a provider or a code.
    """

    id: str
    account: str
    role: Role
    created_at: datetime
    disabled_at: datetime | None
    password_changed_at: datetime
    last_sign_in_at: datetime | None
    second_factor_since: datetime | None = None
    has_password: bool = True

    @property
    def name(self) -> str:
        """What to call them."""
        return self.account


@dataclass(frozen=True, slots=True)
class NewFactor:
    """A second factor that waits for its first code. `secret`: base32; `uri`: the same for an authenticator app."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordCode:
    """A code just made, by which `user` may choose a password. `text` is shown once and stored nowhere."""

    user: UserRecord
    expires_at: datetime
    text: str = field(repr=False)


def owner_of(token_id: str, candidate: str | None) -> str:
    """Whose a candidate's work and variants are: all tokens with one reference for the person are one person's."""
    return f"candidate {candidate}" if candidate else f"token {token_id}"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a submission belongs and comes from. `token_id`: None when no token was used (local use).

    `variant`: of a challenge that has variants, the one that it is for. `actor`: who is in the audit trail, where it is
    not the token.
    """

    challenge: str
    challenge_digest: str
    source: SourceKind
    token_id: str | None = None
    variant: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Allowance:
    """At most so many submissions of a token to a challenge after `since`; of all tokens of `candidate`, if given.

    `spares_faults`: one that the platform failed to grade does not count.
    """

    amount: int
    since: datetime
    candidate: str | None = None
    spares_faults: bool = False


@dataclass(frozen=True, slots=True)
class ComparedSubmission:
    """A submission in a comparison of all. Those of one owner are not compared with each other."""

    id: str
    digest: str
    owner: str
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's name for a request, and the request, each as SHA-256 in hexadecimal digits."""

    key_sha256: str
    request_sha256: str


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """A submission without its content."""

    id: str
    challenge: str
    challenge_digest: str
    submission_digest: str
    token_id: str | None
    source: SourceKind
    submitted_at: datetime
    variant: str | None = None


@dataclass(frozen=True, slots=True)
class GradingRecord:
    """A grading without its grade. `tries`: starts so far that count. `error_message`: of the last platform fault.

    `regrade_id`: the regrade that it is of, without whose being applied it does not count; None: it counts.
    """

    id: str
    submission_id: str
    attempt: int
    reason: GradingReason
    state: GradingState
    priority: Priority
    seed: int
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    worker: str | None
    tries: int
    last_event: int
    error_message: str | None
    score: int | None
    verdict: Verdict | None
    outcome: Outcome | None
    regrade_id: str | None = None


@dataclass(frozen=True, slots=True)
class SubmissionSummary:
    """A row of a listing: the submission, its latest grading that counts, and the latest of those with a grade."""

    submission: SubmissionRecord
    grading: GradingRecord
    graded: GradingRecord | None


@dataclass(frozen=True, slots=True)
class SubmissionFilter:
    """Which submissions to list: those that match all that is given.

    `state`: of the latest grading. `verdict`: of the latest that has a grade.
    """

    challenge: str | None = None
    token_id: str | None = None
    state: GradingState | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A worker's hold on a grading. Whoever shows `token` while it holds may record, give back or fail the grading.

    `run`: the number of the event by which it began; a later claim of the same grading has a greater one.
    """

    grading_id: str
    submission_id: str
    submission_digest: str
    challenge: str
    challenge_digest: str
    variant: str | None
    priority: Priority
    seed: int
    tries: int
    run: int
    queued_at: datetime
    started_at: datetime
    worker: str
    policy: ClaimPolicy
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LostGrading:
    """A grading that the queue may have lost: put it there again."""

    grading_id: str
    priority: Priority


@dataclass(frozen=True, slots=True)
class EventRecord:
    """A step of a grading, as people watch it. `seq` counts from 1 without gaps within a grading."""

    seq: int
    kind: str
    data: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done, for the audit trail. `actor`: a token's id, a worker's name or SYSTEM."""

    actor: str
    action: str
    object_kind: str
    object_id: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A deed, when it was done and its number in the trail."""

    id: int
    at: datetime
    deed: Deed


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which deeds to list: those that match all that is given. `since` is part of the time, `until` is not."""

    actor: str | None = None
    action: str | None = None
    object_kind: str | None = None
    object_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
