"""What pages call the states and results of gradings, and how a page follows one."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from api.context import services
from api.pages.rendering import page, see_other
from runner.assessments.model import CandidatesSee
from runner.grading.models import Verdict
from store.records import GradingRecord
from store.states import GradingState

STATES = {
    GradingState.QUEUED: "waits in the queue",
    GradingState.RUNNING: "is being graded",
    GradingState.GRADED: "graded",
    GradingState.ERROR: "not graded: the platform failed",
}
RESULTS = {
    Verdict.SOLVED: "solved",
    Verdict.PARTIAL: "solved in part",
    Verdict.UNSOLVED: "not solved",
    Verdict.REGRESSED: "broke what worked",
}
#: What of a grade candidates see, as recruiters choose it.
SIGHTS = {
    CandidatesSee.REQUIREMENTS: "score, and which requirements it meets",
    CandidatesSee.SCORE: "score alone",
    CandidatesSee.RECEIPT: "that it was received",
}
_UNFINISHED = frozenset({GradingState.QUEUED, GradingState.RUNNING})


def wait_of(latest: GradingRecord) -> dict[str, Any]:
    """What a template says of how far a grading is."""
    waits = latest.state is GradingState.QUEUED
    return {
        "is_unfinished": latest.state in _UNFINISHED,
        "says": STATES[latest.state],
        "place": services().store.backlog.position(latest.id) if waits else None,
    }


def place_of(latest: GradingRecord, follow: str, whole: str) -> Response:
    """The line of a page that says how far a grading is, to be asked for at `follow`.

    Once it is no longer on its way the page is loaded anew. Whoever opens that address itself, as after signing in
    again, is led to the page at `whole`.
    """
    if "HX-Request" not in request.headers:
        return see_other(whole)
    wait = wait_of(latest)
    response = page("state.html", follow=follow, **wait)
    if not wait["is_unfinished"]:
        response.headers["HX-Refresh"] = "true"
    return response
