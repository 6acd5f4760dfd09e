"""`certificate.json`: what a package was put through, and the digest of the content that came through it.

Written by `mendbox challenge check --certify`. It is worth as much as the change that brought it: a reviewer, or CI,
runs the same command. Seconds are of the machine that it was made on, with all cores kept busy.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

CERTIFICATE = "certificate.json"


class Certified(StrEnum):
    """A package's certificate: there is none, it is for other content than the package has now, or for this."""

    NONE = "none"
    STALE = "stale"
    CURRENT = "current"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class TimedTest(_Part):
    """How long one hidden test took on the reference fixes: the 95th percentile of all runs, seconds."""

    id: str
    p95_s: float = Field(ge=0)


class ProposedLimits(_Part):
    """Deadlines that leave room enough for what was measured, seconds; for the manifest's `[limits]`."""

    app_start_s: float
    test_s: float
    grading_s: float


class MutationScore(_Part):
    """What came of the mutants of the reference fixes."""

    killed: int = Field(ge=0)
    survived: int = Field(ge=0)
    equivalent: int = Field(ge=0)


class Certificate(_Part):
    """That a package proved itself. `runs` are of each reference fix, spread over all `surroundings`."""

    format: Literal[1] = 1
    digest: str = Field(description="ChallengePackage.content_digest at the time of writing")
    mendbox: str
    runs: int = Field(ge=1)
    surroundings: tuple[str, ...]
    variants: tuple[str, ...] = Field(
        default=(), description="of a package that has some, those that proved themselves"
    )
    values: dict[str, tuple[tuple[str, ...], ...]] = Field(
        default={}, description="of each variation its values, which candidates may have had since"
    )
    tests: tuple[TimedTest, ...]
    proposed: ProposedLimits
    mutation: MutationScore


def command_to_certify(slug: str) -> str:
    """What an author runs to have a package certified anew."""
    return f"mendbox challenge check {slug} --certify"
