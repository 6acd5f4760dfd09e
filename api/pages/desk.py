"""Candidates, where they stand and what they sent, as assessors see them in lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from api.context import caller, services
from api.exporting import standing_of
from api.invitations import Invited
from api.pages.states import RESULTS, STATES
from runner.assessments.rubric import RUBRIC, differences, percent
from store.invited import InvitationRecord
from store.records import Deed, SubmissionSummary, TokenRecord
from store.reviewed import NoteKind, ReviewRecord

#: What pages call notes and decisions.
DECISIONS = {
    NoteKind.NOTE: "Note",
    NoteKind.ADVANCE: "Go on with them",
    NoteKind.HOLD: "Wait",
    NoteKind.DECLINE: "Decline",
}


def candidate_rows(invitations: Sequence[InvitationRecord]) -> list[dict[str, Any]]:
    """A row for each, with the same few queries however many. Reading their scores is written down."""
    standing, now = standing_of(invitations), datetime.now(UTC)
    note_scores_of({each.token.id: each.scores for each in standing if each.scores})
    return [
        {
            "token": each.token,
            "is_ended": not each.token.usable_at(now),
            "state": state_of(each.found),
            "scores": each.scores,
            "total": each.total,
            "decision": DECISIONS[each.decision] if each.decision is not None else "",
        }
        for each in standing
    ]


def note_scores_of(scores: Mapping[str, Mapping[str, int]]) -> None:
    """Write down that the caller reads these candidates' scores: once a minute, since the page asks again by itself."""
    me = caller()
    if scores and services().readings.is_new(me.id, " ".join(sorted(scores))):
        services().store.audit.record(Deed(me.id, "grades.list", "token", "", {"tokens": sorted(scores)}))


def state_of(found: Invited) -> str:
    """How far a candidate is, in a few words."""
    if found.clock is None:
        return "not open yet" if found.opens_later else "never begun" if found.closed_before else "not begun"
    if found.record.done_at is not None:
        return f"done at {found.record.done_at:%Y-%m-%d %H:%M} UTC"
    if found.is_over:
        return "over"
    left = minutes_of(found.clock.left)
    return f"{left} left, stands still while the platform works" if found.clock.stands else f"at work, {left} left"


def minutes_of(time: timedelta) -> str:
    """A time in hours and minutes, rounded up: who has a second left has a minute."""
    minutes = -(-time // timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def submission_row(
    row: SubmissionSummary, tokens: Mapping[str, TokenRecord], titles: Mapping[str, str]
) -> dict[str, Any]:
    """A row of a list of submissions. `titles`: of challenges by slug."""
    submission, graded = row.submission, row.graded
    return {
        "id": submission.id,
        "who": who_of(tokens.get(submission.token_id or "")),
        "challenge": titles.get(submission.challenge, submission.challenge),
        "submitted_at": submission.submitted_at,
        "state": row.grading.state,
        "says": STATES[row.grading.state],
        "score": graded.score if graded else None,
        "verdict": graded.verdict if graded else None,
        "verdict_says": RESULTS[graded.verdict] if graded and graded.verdict else "",
    }


def best_of(sent: Sequence[SubmissionSummary]) -> SubmissionSummary | None:
    """That with the best grade; of several the last, of none with a grade the last of all. The newest come first."""
    return max(sent, key=lambda each: -1 if each.graded is None else each.graded.score or 0, default=None)


def who_of(token: TokenRecord | None) -> dict[str, str]:
    """A person's name and the recruiter's reference for them. Of the command line's own there is neither."""
    if token is None:
        return {"name": "the command line", "reference": ""}
    return {"name": token.name, "reference": token.candidate or ""}


def reviews_shown(reviews: Sequence[ReviewRecord], me: str) -> dict[str, Any] | None:
    """All reviews beside each other; None for whoever has not given theirs while another waits for it."""
    if not any(each.reviewer == me for each in reviews):
        return None
    names = services().store.users.names({each.reviewer for each in reviews})
    apart = differences([each.points for each in reviews])
    return {
        "reviewers": [(names.get(each.reviewer, "somebody"), percent(each.points), each.remark) for each in reviews],
        "rows": [
            (criterion.title, [each.points[criterion.name] for each in reviews], apart[criterion.name])
            for criterion in RUBRIC
        ],
    }
