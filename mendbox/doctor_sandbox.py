"""The doctor's look at the sandbox itself: every wall from inside a container, and known holes in what holds it."""

from __future__ import annotations

from contextlib import closing

from mendbox.checks import Check, one_line
from runner.errors import MendboxError
from runner.sandbox.engine import Engine
from runner.sandbox.probe import image_facts
from runner.sandbox.selftest import Finding, examine
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.versions import known_holes, read_versions
from store.settings import Settings

WALLS = "sandbox walls"
HOLES = "known holes"


def wall_checks(settings: Settings, *, timeout_s: int) -> list[Check]:
    """One check for each wall, seen by a container that is started for it; one in all where none can be started."""
    try:
        image = settings.image or _built(timeout_s)
        if image is None:
            return [Check(WALLS, False, "no image to look from", "mendbox image build")]
        with closing(Engine(timeout_s)) as engine:
            found = examine(engine, SandboxSettings(image=image, runtime=settings.runtime))
    except MendboxError as error:
        return [Check(WALLS, False, one_line(error.message), error.hint or "mendbox image build")]
    return [_wall(finding) for finding in found]


def _built(timeout_s: int) -> str | None:
    built = image_facts(timeout_s=timeout_s).image
    return built.tag if built else None


def _wall(finding: Finding) -> Check:
    name = f"wall: {finding.wall}"
    if finding.ok is None:
        return Check(name, True, f"not shown here ({finding.found}); meant: {finding.expected}", required=False)
    if finding.ok:
        return Check(name, True, finding.expected)
    return Check(name, False, f"expected {finding.expected}; found {finding.found}", finding.mend)


def holes_check(*, timeout_s: int) -> Check:
    """The versions that can be read, and each known hole that they have by their numbers. Never required."""
    try:
        with closing(Engine(timeout_s)) as engine:
            versions, holes = read_versions(engine), known_holes(engine)
    except MendboxError as error:
        return Check(HOLES, False, one_line(error.message), error.hint or "scripts/setup", required=False)
    said = ", ".join(f"{component} {version}" for component, version in versions.items())
    if not holes:
        return Check(HOLES, True, f"none by the versions of {said}", required=False)
    told = "\n".join(str(hole) for hole in holes)
    mend = "update the engine and its runtime, or see that your distribution has mended what it says"
    return Check(HOLES, False, f"{said}\n{told}", mend, required=False)
