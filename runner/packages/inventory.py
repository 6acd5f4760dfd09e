"""`inventory.json`: every hidden test's kind, derived by running it, written by `check --write`, read in review."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class TestKind(StrEnum):
    """What a hidden test tells apart: `fix` fails on the starter, `guard` passes on it, both pass on all references."""

    __test__ = False

    FIX = "fix"
    GUARD = "guard"


class InventoryTest(BaseModel):
    """One hidden test. `id` is pytest's node id relative to `hidden/`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    requirement: str
    kind: TestKind


def command_to_derive(slug: str) -> str:
    """What an author runs to have a package's inventory derived anew."""
    return f"mendbox challenge check {slug} --write"


class Inventory(BaseModel):
    """All hidden tests of a package, and the digest of what they were derived from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    derived_from: str = Field(description="ChallengePackage.evidence_digest at the time of writing")
    tests: tuple[InventoryTest, ...]
