"""The tables, but those of `store.assessment_tables`. `store.migrations` makes all: a test holds both together."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime, TypeDecorator

from store.digests import LONGEST
from store.records import GradingReason, Role, SourceKind
from store.regraded import RegradeState
from store.states import GradingState
from store.text import clean_text


class UtcDateTime(TypeDecorator[datetime]):
    """Aware timestamps, UTC on the way out. SQLite keeps no zone, so they go in as UTC there."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a timestamp without a time zone can't be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(TypeDecorator[str]):
    """Text that may come from a hostile place: see `store.text`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else clean_text(value)


def words(enum: type[StrEnum], name: str) -> Enum:
    """A column of an enumeration's words."""
    # Words in a VARCHAR with a CHECK: PostgreSQL's own enums can't lose a word again, and SQLite has none.
    return Enum(
        enum,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
    )


ID = String(32)
JSON_VALUE = JSON(none_as_null=True)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, str: CleanText, Any: JSON_VALUE}  # noqa: RUF012 -- SQLAlchemy's hook


class TokenRow(Base):
    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    token_digest: Mapped[str] = mapped_column(String(LONGEST), unique=True)
    prefix: Mapped[str] = mapped_column(String(16))
    challenges: Mapped[Any] = mapped_column(JSON_VALUE)
    candidate: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    # Of a personal token the user's id. No foreign key: SQLite would have the table made anew for one.
    owner: Mapped[str | None] = mapped_column(ID)
    scope: Mapped[str] = mapped_column(String(16), server_default="all")

    __table_args__ = (Index(None, "created_at", "id"), Index(None, "owner"))


class UserRow(Base):
    """Somebody who signs in. `account`: lower case. `password_hash`: Argon2id with its salt and parameters."""

    __tablename__ = "users"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    account: Mapped[str] = mapped_column(String(100), unique=True)
    role: Mapped[Role] = mapped_column(words(Role, "role"))
    password_hash: Mapped[str]
    # False where the hash is of something that nobody knows.
    has_password: Mapped[bool] = mapped_column(Boolean, server_default=true())
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    password_changed_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    # Encrypted: see `store.factors`. It counts from `second_factor_since` on, and no code up to that step counts again.
    second_factor: Mapped[str | None]
    second_factor_step: Mapped[int | None]
    second_factor_since: Mapped[datetime | None]


class UserIdentityRow(Base):
    """Whom an OpenID provider means by a user of ours: at most one for each provider."""

    __tablename__ = "user_identities"

    issuer: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id"))
    linked_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("user_id", "issuer"),)


class RecoveryCodeRow(Base):
    """A code that stands in once for a second factor. The code itself is kept nowhere."""

    __tablename__ = "recovery_codes"

    code_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id"))

    __table_args__ = (Index(None, "user_id"),)


class SessionRow(Base):
    """`expires_at`: whatever happens. How long one may be idle is the reader's to say.

    `begun_by`: see `store.records.BegunBy`.
    """

    __tablename__ = "sessions"

    id_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id"))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    begun_by: Mapped[str] = mapped_column(String(16), server_default="password")

    __table_args__ = (Index(None, "user_id"), Index(None, "expires_at"))


class PasswordCodeRow(Base):
    """The code by which a user may choose a password. The code itself is kept nowhere."""

    __tablename__ = "password_codes"

    user_id: Mapped[str] = mapped_column(ID, ForeignKey("users.id"), primary_key=True)
    code_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SubmissionRow(Base):
    __tablename__ = "submissions"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    challenge: Mapped[str]
    challenge_digest: Mapped[str]
    variant: Mapped[str | None]
    submission_digest: Mapped[str]
    token_id: Mapped[str | None] = mapped_column(ID, ForeignKey("tokens.id"))
    source: Mapped[SourceKind] = mapped_column(words(SourceKind, "source"))
    submitted_at: Mapped[datetime]
    # Last, so that SQLite's listings need not step over it.
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index(None, "submitted_at", "id"),
        Index(None, "challenge", "submitted_at", "id"),
        Index(None, "token_id", "submitted_at", "id"),
    )


class VariantRow(Base):
    """Which variant of a challenge somebody has: see `store.records.owner_of`."""

    __tablename__ = "variants"

    owner: Mapped[str] = mapped_column(primary_key=True)
    challenge: Mapped[str] = mapped_column(primary_key=True)
    variant: Mapped[str]
    drawn_at: Mapped[datetime]


class DraftRow(Base):
    """A file that a candidate works at and has not sent. `text`: None where they took their changes back.

    `revision` counts how often it was saved, so that whoever saves over what they have not seen is noticed.
    """

    __tablename__ = "drafts"

    token_id: Mapped[str] = mapped_column(ID, ForeignKey("tokens.id"), primary_key=True)
    challenge: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    changed_at: Mapped[datetime]
    text: Mapped[str | None]


class IdempotencyKeyRow(Base):
    """Which submission a client's key made, from which request. The key itself is kept nowhere."""

    __tablename__ = "idempotency_keys"

    token_id: Mapped[str] = mapped_column(ID, ForeignKey("tokens.id"), primary_key=True)
    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_sha256: Mapped[str] = mapped_column(String(64))
    submission_id: Mapped[str] = mapped_column(ID, ForeignKey("submissions.id"))
    created_at: Mapped[datetime]


class GradingRow(Base):
    """One attempt at grading a submission. `priority`: lower goes first. `last_event`: the greatest `seq` given out."""

    __tablename__ = "gradings"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    submission_id: Mapped[str] = mapped_column(ID, ForeignKey("submissions.id"))
    attempt: Mapped[int]
    reason: Mapped[GradingReason] = mapped_column(words(GradingReason, "reason"))
    state: Mapped[GradingState] = mapped_column(words(GradingState, "state"))
    priority: Mapped[int] = mapped_column(SmallInteger)
    seed: Mapped[int]
    queued_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    worker: Mapped[str | None]
    claim_token: Mapped[str | None] = mapped_column(ID)
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    last_event: Mapped[int] = mapped_column(default=0)
    error_message: Mapped[str | None]
    score: Mapped[int | None]
    verdict: Mapped[str | None] = mapped_column(String(16))
    outcome: Mapped[str | None] = mapped_column(String(16))
    # The grade without its tests, which are rows of `grading_tests`.
    grade: Mapped[Any | None] = mapped_column(JSON_VALUE)
    # Whether it counts is the regrade's to say: see `store.counting`. No foreign key: regrades are never deleted.
    regrade_id: Mapped[str | None] = mapped_column(ID)

    __table_args__ = (
        UniqueConstraint("submission_id", "attempt"),
        CheckConstraint("(state = 'graded') = (grade IS NOT NULL)", name="graded_has_grade"),
        CheckConstraint("(state = 'running') = (claim_token IS NOT NULL)", name="running_is_claimed"),
        Index(None, "state", "priority", "queued_at", "id"),
        # Of regrades alone: else a planner may look for what is of none by it, which is nearly all there is.
        Index(
            "ix_gradings_regrade_id",
            "regrade_id",
            sqlite_where=text("regrade_id IS NOT NULL"),
            postgresql_where=text("regrade_id IS NOT NULL"),
        ),
    )


class RegradeRow(Base):
    """Submissions to a challenge graded again, of one assessment or of all. At most one of a challenge is open.

    `author`, `ended_by`: no foreign keys, they outlive who it was.
    """

    __tablename__ = "regrades"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    challenge: Mapped[str]
    challenge_digest: Mapped[str]
    source: Mapped[str | None] = mapped_column(String(100))
    reason: Mapped[str]
    author: Mapped[str] = mapped_column(ID)
    created_at: Mapped[datetime]
    submissions: Mapped[int]
    state: Mapped[RegradeState] = mapped_column(words(RegradeState, "state"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(ID)
    end_reason: Mapped[str | None]

    __table_args__ = (
        Index(None, "created_at", "id"),
        Index(
            "ix_regrades_open",
            "challenge",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )


class GradingTestRow(Base):
    __tablename__ = "grading_tests"

    grading_id: Mapped[str] = mapped_column(ID, ForeignKey("gradings.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    test_id: Mapped[str]
    requirement: Mapped[str]
    kind: Mapped[str] = mapped_column(String(16))
    status: Mapped[str] = mapped_column(String(16))
    duration_s: Mapped[float]
    message: Mapped[str | None]
    detail: Mapped[str | None]
    app_output: Mapped[str | None]
    exchange: Mapped[Any | None] = mapped_column(JSON_VALUE)


class StarterExchangesRow(Base):
    """What an untouched starter answered to each hidden test of a package; about no candidate."""

    __tablename__ = "starter_exchanges"

    challenge_digest: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    challenge: Mapped[str]
    exchanges: Mapped[Any] = mapped_column(JSON_VALUE)
    at: Mapped[datetime]


class GradingEventRow(Base):
    __tablename__ = "grading_events"

    grading_id: Mapped[str] = mapped_column(ID, ForeignKey("gradings.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(32))
    data: Mapped[Any] = mapped_column(JSON_VALUE)
    at: Mapped[datetime]


class AuditRow(Base):
    """`actor` is a token's id, a worker's name or "system": no foreign key, the trail outlives what it names."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str] = mapped_column(String(64))
    object_kind: Mapped[str] = mapped_column(String(32))
    object_id: Mapped[str]
    detail: Mapped[Any] = mapped_column(JSON_VALUE)

    __table_args__ = (Index(None, "object_kind", "object_id", "id"), Index(None, "actor", "id"))


def table_of(row: type[Base]) -> Table:
    """The bare table, for statements on the hot path: built once and given their values when executed, they cost a
    fraction of what a statement with its values in it does."""
    table = row.__table__
    assert isinstance(table, Table)
    return table
