"""Assessments that recruiters may invite to: those of files, and those that they composed themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.context import services
from api.views import is_hex_id
from runner.assessments.loader import diagnose_assessment, list_assessments
from runner.assessments.model import Assessment, faults
from runner.errors import Problem
from runner.packages.manifest import SLUG, Manifest
from store.errors import NotFound
from store.invited import AssessmentRecord


@dataclass(frozen=True, slots=True)
class Offered:
    """An assessment. `source`: a file's name, or the id of `record`, which is None for a file's.

    `faults`: why nobody can be invited to it at present; empty where they can. `assessment`: None where a file's form
    is wrong.
    """

    source: str
    assessment: Assessment | None
    record: AssessmentRecord | None
    faults: Sequence[Problem]

    @property
    def is_open(self) -> bool:
        """Whether people may be invited."""
        return not self.faults and (self.record is None or self.record.archived_at is None)


def manifests() -> Mapping[str, Manifest]:
    """Of the challenges that can be used, by slug."""
    return {one.package.slug: one.package.manifest for one in services().catalogue.usable()}


def ready_made(known: Mapping[str, Manifest]) -> list[Offered]:
    """Those of files, by name."""
    found = []
    for file in list_assessments(services().settings.assessments):
        assessment, problems = diagnose_assessment(file, known)
        found.append(Offered(file.stem, assessment, None, problems))
    return found


def composed(record: AssessmentRecord, known: Mapping[str, Manifest]) -> Offered:
    """One that a recruiter composed."""
    return Offered(record.id, record.assessment, record, faults(record.assessment, known, ""))


def offered(source: str, known: Mapping[str, Manifest]) -> Offered:
    """The assessment of this source. Raises NotFound."""
    if is_hex_id(source):
        return composed(services().store.assessments.get(source), known)
    for each in ready_made(known):
        if each.source == source:
            return each
    if SLUG.fullmatch(source) and (before := services().store.invitations.page(source, limit=1).items):
        # Whoever was invited to it goes on.
        return Offered(source, before[0].assessment, None, [Problem(f"{source}.toml", "", "is not there any more")])
    raise NotFound("assessment", "of that name")
