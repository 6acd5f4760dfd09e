"""The JSON of regrades."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from api.regrading import Crossing, Stage
from api.schemas import ID_PATTERN, SLUG_PATTERN, Model
from store.regraded import MOST_REASON

Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_REASON)]


class RegradePath(BaseModel):
    """A regrade's id in a path."""

    id: str = Field(description="the regrade", json_schema_extra={"pattern": ID_PATTERN})


class RegradeRequest(Model):
    """What to grade again: what candidates sent to a challenge, of one assessment or of all."""

    challenge: str = Field(max_length=64, pattern=SLUG_PATTERN)
    assessment: Annotated[str, StringConstraints(pattern=SLUG_PATTERN)] | None = Field(
        None, description="its id, or the name of its file; null: everybody's"
    )
    reason: Reason = Field(description="what has changed")


class RegradeDecision(Model):
    """Why a regrade is applied or dropped."""

    reason: Reason


class ShiftView(Model):
    """A candidate whose score in the challenge changes; `total` is of their assessment, where they have one."""

    token_id: str
    before: int
    after: int
    total_before: int
    total_after: int
    pass_line: int
    crossing: Crossing


class PreviewView(Model):
    """Whom a regrade gets over the pass line, whom below it, and who has another score or the same.

    `candidates`: the first of those whose score changes, who crosses the line before all others.
    """

    up: int
    down: int
    changed: int
    unchanged: int
    candidates: list[ShiftView]


class RegradeView(Model):
    """A regrade. `preview`: null while something of it is still to be graded."""

    id: str
    challenge: str
    assessment: str | None
    reason: str
    stage: Stage
    created_at: datetime
    waiting: int
    running: int
    graded: int
    failed: int
    ended_at: datetime | None
    end_reason: str | None
    preview: PreviewView | None
