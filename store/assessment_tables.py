"""The tables of assessments: who is invited to which, what they explain, and what is thought of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from store.digests import LONGEST
from store.mail import MAX_ADDRESS
from store.tables import ID, JSON_VALUE, Base


class AssessmentRow(Base):
    """An assessment that somebody composed. `author`: a user's id, no foreign key: it outlives them."""

    __tablename__ = "assessments"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    assessment: Mapped[Any] = mapped_column(JSON_VALUE)
    author: Mapped[str]
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "created_at", "id"),)


class InvitationRow(Base):
    """What a token opens. `assessment`: as it was then. `source`: of which it was; a file's has no row.

    `breaks`: pairs of times between which a candidate was done, and was let in again; none: NULL.
    """

    __tablename__ = "invitations"

    token_id: Mapped[str] = mapped_column(ID, ForeignKey("tokens.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(100))
    assessment: Mapped[Any] = mapped_column(JSON_VALUE)
    areas: Mapped[Any] = mapped_column(JSON_VALUE)
    minutes: Mapped[int]
    extra_minutes: Mapped[int]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    began_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    email: Mapped[str | None] = mapped_column(String(MAX_ADDRESS))
    done_at: Mapped[datetime | None]
    breaks: Mapped[Any | None] = mapped_column(JSON_VALUE)

    __table_args__ = (Index(None, "source", "created_at", "token_id"),)


class PartnerTestRow(Base):
    """An invitation that another system asked for. `key_sha256`: of what makes two requests the same one; None for one
    that another has taken the place of. `application_url`: that system's page about the candidate. `told_at`: when the
    mail server took the link; None before, and where no mail is sent."""

    __tablename__ = "partner_tests"

    token_id: Mapped[str] = mapped_column(ID, ForeignKey("tokens.id"), primary_key=True)
    key_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    application_url: Mapped[str | None]
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]


class ExplanationRow(Base):
    """What a candidate wrote about their fix of a challenge."""

    __tablename__ = "explanations"

    token_id: Mapped[str] = mapped_column(ID, ForeignKey("tokens.id"), primary_key=True)
    challenge: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[str]
    choice: Mapped[str]
    outlook: Mapped[str]
    changed_at: Mapped[datetime]


class ReviewRow(Base):
    """An assessor's points for a candidate. `reviewer`: a user's id, no foreign key: it outlives them."""

    __tablename__ = "reviews"

    token_id: Mapped[str] = mapped_column(ID, ForeignKey("tokens.id"), primary_key=True)
    reviewer: Mapped[str] = mapped_column(ID, primary_key=True)
    points: Mapped[Any] = mapped_column(JSON_VALUE)
    remark: Mapped[str]
    at: Mapped[datetime]


class NoteRow(Base):
    """A note about a candidate, or a decision with its reason."""

    __tablename__ = "notes"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    token_id: Mapped[str] = mapped_column(ID, ForeignKey("tokens.id"))
    author: Mapped[str] = mapped_column(ID)
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index(None, "token_id", "at"),)


class LineCommentRow(Base):
    """What an assessor says of a line of a submission. `author`: a user's id, no foreign key: it outlives them.

    `side`: whether `line` counts in the starter's file or in the submission's. A deleted one has no text any more.
    """

    __tablename__ = "line_comments"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    submission_id: Mapped[str] = mapped_column(ID, ForeignKey("submissions.id"))
    path: Mapped[str]
    side: Mapped[str] = mapped_column(String(16))
    line: Mapped[int]
    author: Mapped[str] = mapped_column(ID)
    text: Mapped[str]
    at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "submission_id", "at"),)


class ShareRow(Base):
    """A report that somebody outside the team may read. The link's text is kept nowhere."""

    __tablename__ = "shares"

    id: Mapped[str] = mapped_column(ID, primary_key=True)
    token_id: Mapped[str] = mapped_column(ID, ForeignKey("tokens.id"))
    digest: Mapped[str] = mapped_column(String(LONGEST), unique=True)
    author: Mapped[str] = mapped_column(ID)
    with_name: Mapped[bool]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index(None, "token_id"),)
