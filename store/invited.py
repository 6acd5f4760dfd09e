"""What candidates are invited to, as plain values: assessments that recruiters composed, and who was sent which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from runner.assessments.clock import Wait
from runner.assessments.model import Assessment
from runner.packages.manifest import Area


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """An assessment that somebody composed. It never changes: whoever wants another composes another.

    `author`: a user's id. `archived_at`: None for one that people are invited to.
    """

    id: str
    assessment: Assessment
    author: str
    created_at: datetime
    archived_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """What a candidate is sent: an assessment as it is now, whatever becomes of it later.

    `source`: the id of a composed assessment or the name of a file. `areas`: of its challenges, by slug, so that what
    becomes of them later changes no score. `minutes`: for all of it. `extra_minutes`: what this one person has beside.
    `opens_at`, `closes_at`: the earliest and the latest time to begin at; None: at once, and for as long as the token
    is good. `email`: the candidate's address; None where it is not known.
    """

    source: str
    assessment: Assessment
    areas: Mapping[str, Area]
    minutes: int
    extra_minutes: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class InvitationRecord:
    """An invitation, which the token with the id `token_id` opens. `began_at`: None before the candidate began.

    `done_at`: when they said that they are done; None while they are not. `breaks`: when they were before,
    and until when.
    """

    token_id: str
    source: str
    assessment: Assessment
    areas: Mapping[str, Area]
    minutes: int
    extra_minutes: int
    opens_at: datetime | None
    closes_at: datetime | None
    began_at: datetime | None
    email: str | None = None
    done_at: datetime | None = None
    breaks: tuple[Wait, ...] = ()

    @property
    def allowed(self) -> timedelta:
        """All the time that this candidate has."""
        return timedelta(minutes=self.minutes + self.extra_minutes)
