"""`/me/assessment`: the assessment of a candidate who works with programs and not in a browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from api.assessment_schemas import AssessedChallenge, BeginRequest, DoneRequest, MyAssessment
from api.context import services
from api.invitations import Invited, begin_own, finish_own, own_invitation
from api.routing import CANDIDATES, ONLY_TOKENS, Body, Doc, Policy, Routes
from api.schemas import as_json
from store.errors import NotFound

routes = Routes("my_assessment", "Assessments")


@routes.get("/me/assessment", Policy(CANDIDATES, credentials=ONLY_TOKENS), Doc({200: MyAssessment}, ("not-found",)))
def get_my_assessment() -> dict[str, Any]:
    """Read your assessment: what it has, and how much of your time is left."""
    return as_json(_view(_own()))


@routes.post(
    "/me/assessment/begin",
    Policy(CANDIDATES, Body.JSON, deeds=("invitation.begin",), credentials=ONLY_TOKENS),
    Doc({200: MyAssessment}, ("not-found", "conflict", "challenge-invalid")),
)
def begin_my_assessment(body: BeginRequest) -> dict[str, Any]:
    """Begin: your time runs from now on. Whoever has begun goes on."""
    begin_own(_own())
    return as_json(_view(_own()))


@routes.post(
    "/me/assessment/done",
    Policy(CANDIDATES, Body.JSON, deeds=("invitation.finish",), credentials=ONLY_TOKENS),
    Doc({200: MyAssessment}, ("not-found", "not-begun", "time-is-up")),
)
def finish_my_assessment(body: DoneRequest) -> dict[str, Any]:
    """Say that you are done: nothing more is taken, and what you sent counts. Whoever is done stays so."""
    finish_own(_own())
    return as_json(_view(_own()))


def attempts_left(found: Invited) -> dict[str, int | None]:
    """How many submissions the caller still has, by challenge; None where there is no limit."""
    assessment = found.record.assessment
    if not assessment.attempts:
        return {each.slug: None for each in assessment.challenges}
    made = services().store.submissions.attempts_of(found.record.token_id)
    return {each.slug: max(0, assessment.attempts - made.get(each.slug, 0)) for each in assessment.challenges}


def _own() -> Invited:
    found = own_invitation()
    if found is None:
        raise NotFound("assessment", "of this token")
    return found


def _view(found: Invited) -> MyAssessment:
    record, time = found.record, found.clock
    left = attempts_left(found)
    return MyAssessment(
        title=record.assessment.title,
        summary=record.assessment.summary,
        minutes=record.allowed // timedelta(minutes=1),
        attempts=record.assessment.attempts,
        candidates_see=record.assessment.candidates_see,
        challenges=[AssessedChallenge(slug=slug, attempts_left=each) for slug, each in left.items()],
        opens_at=record.opens_at,
        closes_at=record.closes_at,
        began_at=record.began_at,
        done_at=record.done_at,
        ends_at=time.ends_at if time else None,
        seconds_left=time.left // timedelta(seconds=1) if time else None,
        stands=time.stands if time else False,
        over=found.is_over,
    )
