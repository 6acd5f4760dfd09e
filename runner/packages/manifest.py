"""`challenge.toml`: strict and versioned. Unknown keys are errors.

    format = 1
    title = "A directory that answers 500"
    version = "1.0.0"
    level = "junior"                     # junior | mid | senior
    area = "practical"                   # core | practical | production | problem solving
    minutes = 45                         # a realistic time for its level
    summary = "One sentence for lists."
    editable = ["directory/**/*.py"]     # globs of files that a submission may change or add
    services = ["postgres"]              # optional: real servers beside the app, thrown away with it; or "redis"
    words = ["Fram"]                     # optional: words that the check of spelling takes for a mistake

    [app]
    entry = "directory:create_app"       # what harness.py loads from the candidate's files
    starter_starts = true                # optional: false where what is broken is that the app doesn't start

    [limits]                             # optional: any of runner.limits.Limits
    request_s = 5.0

    [[requirements]]                     # points add up to 100
    id = "R1"
    title = "An unknown user answers 404 as JSON"
    points = 40
    message = "GET /users/<id> for a user who does not exist does not answer as the brief says."

    [[variations]]                       # optional: what differs between candidates, see runner.packages.variant
    name = "house"
    values = [["hut", "huts"], ["cabin", "cabins"]]    # the first as the folder has it, each written as many ways
    files = ["starter/**"]               # optional: globs of the package's files that it holds for; left out: all

    [[bugs]]                             # optional: bugs/<name>/ holds what differs where this one is seeded
    name = "rounding"
    summary = "Fees are rounded at each step."
    services = ["redis"]                 # optional: where they differ
    without = ["starter/shop/fees.py"]   # optional: files of the folder that are not there
    on_request = true                    # optional: nobody draws it, a recruiter has to ask for it

`message` is what a candidate reads when the requirement is not met and the failing test has no message of its own.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from runner.limits import Limits
from runner.packages.words import pattern_of
from runner.services import SERVICES

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


MANIFEST = "challenge.toml"
#: What a variant's text calls the seeded bug; no variation may have this name.
BUG = "bug"


def known_services(value: tuple[str, ...]) -> tuple[str, ...]:
    """The services by name, sorted. Raises ValueError for one that is unknown or named twice."""
    unknown = [name for name in value if name not in SERVICES]
    if unknown:
        raise ValueError(f"this version knows {', '.join(SERVICES)}, found {', '.join(unknown)}")
    if len(set(value)) < len(value):
        raise ValueError("a service is named twice")
    return tuple(sorted(value))


class Level(StrEnum):
    """Whom a challenge is for."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"


class Area(StrEnum):
    """What a challenge asks after; assessments weigh these."""

    CORE = "core"
    PRACTICAL = "practical"
    PRODUCTION = "production"
    PROBLEM_SOLVING = "problem solving"


class Strict(BaseModel):
    """Base of the manifest's tables: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AppEntry(Strict):
    """Where the candidate's app is, and whether the starter's starts. If not, hidden suites have no guards."""

    entry: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w.]*:[A-Za-z_][\w.]*$")]
    starter_starts: bool = True


class Requirement(Strict):
    """One numbered requirement of the brief, and what it is worth."""

    id: Annotated[str, StringConstraints(pattern=r"^R[1-9][0-9]?$")]
    title: Text
    points: int = Field(ge=1, le=100)
    message: Text


class Variation(Strict):
    """Words of which each candidate gets one value. A value is the word in each way that the package writes it."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
    values: tuple[
        tuple[Annotated[str, StringConstraints(min_length=1, max_length=200)], ...],
        ...,
    ] = Field(min_length=2, max_length=100)
    files: tuple[str, ...] = ()

    @field_validator("name")
    @classmethod
    def _is_no_other_thing(cls, value: str) -> str:
        if value == BUG:
            raise ValueError(f"{BUG!r} is what tells the seeded bugs apart; choose another")
        return value

    @field_validator("values")
    @classmethod
    def _are_of_one_shape(cls, value: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
        if not value[0]:
            raise ValueError("a value has no word; write each as the package's files write it")
        for row in value:
            if len(row) != len(value[0]):
                raise ValueError(
                    f"{list(row)} has {len(row)} words and {list(value[0])} has {len(value[0])}; "
                    "write each in as many ways"
                )
            if any(not word.isprintable() or ".." in word for word in row):
                raise ValueError(f"{list(row)} has a word that is not of one line, or has two dots in a row")
            if len(set(row)) < len(row):
                raise ValueError(f"{list(row)} has a word twice; what is written alike in one value must be in each")
        if len(set(value)) < len(value):
            raise ValueError("two values are the same")
        return value


class Bug(Strict):
    """Another seeded bug than the folder has as it stands. `without`: files of the folder that it does not have.

    `on_request`: nobody draws it, and those have it whom a recruiter gives it.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
    summary: Text
    services: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()
    on_request: bool = False

    @field_validator("services")
    @classmethod
    def _known_services(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if value is None else known_services(value)


class Manifest(Strict):
    """The whole of `challenge.toml`."""

    format: Literal[1]
    title: Text
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+\.\d+$")]
    level: Level
    area: Area
    minutes: int = Field(ge=5, le=240)
    summary: Text
    editable: tuple[str, ...] = Field(min_length=1)
    services: tuple[str, ...] = ()
    words: tuple[Text, ...] = ()
    app: AppEntry
    limits: Limits = Limits()
    requirements: tuple[Requirement, ...] = Field(min_length=1)
    variations: tuple[Variation, ...] = ()
    bugs: tuple[Bug, ...] = ()

    @field_validator("services")
    @classmethod
    def _known_services(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return known_services(value)

    @property
    def varies(self) -> bool:
        """Whether candidates get variants."""
        return bool(self.variations or self.bugs)

    def variation_faults(self) -> list[tuple[str, str]]:
        """What is wrong with variations and bugs together, by key."""
        faults: list[tuple[str, str]] = []
        for key, names in (("variations", [v.name for v in self.variations]), ("bugs", [b.name for b in self.bugs])):
            faults += [(key, f"two have the name {name!r}") for name in sorted(names) if names.count(name) > 1][:1]
        everywhere = [{word for row in variation.values for word in row} for variation in self.variations]
        for number, own in enumerate(everywhere):
            for other in everywhere[:number] + everywhere[number + 1 :]:
                # `nights` in one would be found within `at most 3 nights` of another.
                faults += [
                    ("variations", f"the word {word!r} is in two; one place can't be changed in two ways")
                    for word in sorted(own)
                    if any(pattern_of((word,)).search(each) for each in other)
                ]
        return list(dict.fromkeys(faults))

    def requirement_faults(self) -> list[str]:
        """What is wrong with the requirements together. No validator: such a manifest is still understood."""
        ids = [requirement.id for requirement in self.requirements]
        faults = [] if len(set(ids)) == len(ids) else ["two have the same id"]
        total = sum(requirement.points for requirement in self.requirements)
        if total != 100:
            faults.append(f"points add up to {total}, they must add up to 100")
        return faults
