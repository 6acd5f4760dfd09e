"""The JSON of a candidate's assessment."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from api.schemas import Model
from runner.assessments.model import CandidatesSee


class BeginRequest(Model):
    """`agreed`: that what you send, when, and how it is graded is kept and shown to whoever invited you."""

    agreed: Literal[True]


class DoneRequest(Model):
    """`done`: that you want to send nothing more, whatever time you have left."""

    done: Literal[True]


class AssessedChallenge(Model):
    """A challenge of the assessment. `attempts_left`: null where there is no limit."""

    slug: str
    attempts_left: int | None


class MyAssessment(Model):
    """The assessment that the caller's token opens.

    `minutes`: all the time there is, with what this candidate has beside. It may be begun from `opens_at` until
    `closes_at`. `seconds_left` runs from `began_at`, null before; it stands still (`stands`) while the platform keeps
    the candidate waiting, and then `ends_at` is null, too. `candidates_see`: what of their grades.
    `done_at`: when they said that they are done; null while they are not.
    """

    title: str
    summary: str
    minutes: int
    attempts: int
    candidates_see: CandidatesSee
    challenges: list[AssessedChallenge]
    opens_at: datetime | None
    closes_at: datetime | None
    began_at: datetime | None
    ends_at: datetime | None
    done_at: datetime | None
    seconds_left: int | None
    stands: bool
    over: bool
