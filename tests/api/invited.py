"""Candidates who were sent an assessment, and their time moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import update

from runner.assessments.model import Assessment, Chosen
from runner.packages.manifest import Area
from store.assessment_tables import InvitationRow
from store.invited import NewInvitation
from store.records import IssuedToken, NewToken, Role
from tests.api.conftest import Platform
from tests.api.sample import OTHER, SLUG

ASSESSMENT = Assessment(
    format=1,
    title="Backend developer",
    version="1.0.0",
    summary="Two apps, each with a fault of its own.",
    pass_line=60,
    attempts=2,
    weights={Area.PRACTICAL: 100},
    challenges=(Chosen(slug=SLUG, weight=2), Chosen(slug=OTHER)),
)


AREAS = {SLUG: Area.PRACTICAL, OTHER: Area.PRACTICAL}


def invited(
    platform: Platform,
    name: str = "Ada",
    *,
    opens_in: timedelta | None = None,
    assessment: Assessment = ASSESSMENT,
    **more: Any,
) -> IssuedToken:
    """A candidate's token that opens the assessment. `more`: of the invitation, and `source` and `closes_in`."""
    opens_at = None if opens_in is None else datetime.now(UTC) + opens_in
    if "closes_in" in more:
        more["closes_at"] = datetime.now(UTC) + more.pop("closes_in")
    source = more.pop("source", "backend")
    slugs = tuple(each.slug for each in assessment.challenges)
    invitation = NewInvitation(source, assessment, AREAS, 90, opens_at=opens_at, **more)
    return platform.store.tokens.create(NewToken(name, Role.CANDIDATE, slugs, invitation=invitation))


def began(platform: Platform, token: IssuedToken, *, ago: timedelta) -> None:
    """Have the candidate have begun so long ago."""
    with platform.store.engine.begin() as connection:
        connection.execute(
            update(InvitationRow)
            .where(InvitationRow.token_id == token.record.id)
            .values(began_at=datetime.now(UTC) - ago)
        )
