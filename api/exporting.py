"""What pages give as files: the candidates of an assessment, and all that is kept of one of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.commented import comments_seen
from api.context import caller, services
from api.invitations import Invited, sight_of, standings, total_of
from api.invitees import safe_csv
from api.redaction import as_seen
from api.views import is_candidate
from runner.assessments.model import CandidatesSee
from runner.assessments.rubric import percent
from runner.assessments.scoring import AssessmentScore
from runner.grading.models import Grade
from runner.packages.manifest import Manifest
from store.invited import InvitationRecord
from store.partner import PartnerTest
from store.records import Deed, SubmissionFilter, SubmissionSummary, TokenRecord
from store.reviewed import NoteKind

#: Of what is read at once.
_PART = 200
#: Of files in one export: it is made in memory.
MOST_BYTES = 8 * 1024 * 1024
#: Decisions after which a candidate's own file has their grades in full.
_FINAL = frozenset({NoteKind.ADVANCE, NoteKind.DECLINE})
_WITHHELD = (
    "This assessment shows its candidates less of their grades until it is decided how it goes on with them; "
    "then they are in this file. Whoever invited you can tell you more."
)


def invitations_of(source: str) -> Iterator[list[InvitationRecord]]:
    """All invitations to an assessment, some at a time."""
    after: str | None = None
    while True:
        found = services().store.invitations.page(source, after=after, limit=_PART)
        if found.items:
            yield list(found.items)
        if found.after is None:
            return
        after = found.after


@dataclass(frozen=True, slots=True)
class Standing:
    """One candidate of an assessment as far as they are. `scores`: of 100, by challenge."""

    found: Invited
    token: TokenRecord
    scores: Mapping[str, int]
    total: AssessmentScore
    decision: NoteKind | None


def standing_of(records: Sequence[InvitationRecord]) -> list[Standing]:
    """How these candidates stand, with the same few queries however many."""
    store, ids = services().store, {record.token_id for record in records}
    tokens, scores = store.tokens.some(ids), store.submissions.best_scores(ids)
    reviews, decisions = store.reviews.points_of(ids), store.reviews.decisions(ids)
    standing = []
    for found in standings(list(records)):
        of = found.record.token_id
        # Whoever was erased this very moment has a row no more.
        if of in tokens:
            mine = scores.get(of, {})
            total = total_of(found.record, mine, reviews[of])
            standing.append(Standing(found, tokens[of], mine, total, decisions.get(of)))
    return standing


def values_of(records: Sequence[InvitationRecord]) -> list[dict[str, Any]]:
    """These candidates as JSON values."""
    return [_values(each) for each in standing_of(records)]


def _values(standing: Standing) -> dict[str, Any]:
    found, token, total = standing.found, standing.token, standing.total
    record, clock = found.record, found.clock
    return {
        "id": token.id,
        "name": token.name,
        "reference": token.candidate,
        "invited_at": _time(token.created_at),
        "began_at": _time(record.began_at),
        "done_at": _time(record.done_at),
        "minutes": record.minutes,
        "extra_minutes": record.extra_minutes,
        "minutes_left": round(clock.left.total_seconds() / 60, 1) if clock else None,
        "over": found.is_over,
        "scores": {each.slug: standing.scores.get(each.slug) for each in record.assessment.challenges},
        "areas": {area.value: round(float(value), 2) for area, value in total.areas.items()},
        "missing": list(total.missing),
        "score": total.score,
        "pass_line": record.assessment.pass_line,
        "passed": total.passed,
        "decision": standing.decision,
    }


def candidates_csv(rows: Sequence[Mapping[str, Any]], known: Mapping[str, Manifest]) -> str:
    """The same as a table: a column for each challenge and area that any of them has."""
    slugs = list(dict.fromkeys(slug for row in rows for slug in row["scores"]))
    areas = list(dict.fromkeys(area for row in rows for area in row["areas"]))
    plain = [
        "name",
        "reference",
        "invited_at",
        "began_at",
        "done_at",
        "minutes",
        "extra_minutes",
        "minutes_left",
        "over",
    ]
    after = ["score", "pass_line", "passed", "decision"]
    # Two challenges may have one title.
    titles = [f"{known[slug].title} ({slug})" if slug in known else slug for slug in slugs]
    table = [[*plain, *titles, *(f"area {area}" for area in areas), *after]]
    for row in rows:
        cells = [row[name] for name in plain] + [row["scores"].get(slug) for slug in slugs]
        cells += [row["areas"].get(area) for area in areas] + [row[name] for name in after]
        table.append([_cell(cell) for cell in cells])
    return safe_csv(table)


def everything_of(token: TokenRecord) -> dict[str, Any]:
    """All that is kept of a candidate but the audit trail, as JSON values; of a submission the last grade.

    Reading it is written down.

    A candidate sees of grades what they may, and what they have not sent yet, which is for nobody else. What their
    assessment keeps from them it keeps until somebody has decided about them: from then on nothing is left for which
    it would have to be kept from the person it is about. What assessors think is for assessors, and other reviews for
    those who have given theirs.
    """
    store, whole = services().store, not is_candidate(caller())
    record = store.invitations.of(token.id)
    room = _Room(MOST_BYTES)
    sight = None if whole else _sight_of(token.id, record)
    submissions = [_submission(each, room, sight) for each in _all_submissions(token.id)]
    store.audit.record(Deed(caller().id, "candidate.export", "token", token.id, {"submissions": len(submissions)}))
    found: dict[str, Any] = {
        "candidate": {
            "id": token.id,
            "name": token.name,
            "reference": token.candidate,
            "challenges": list(token.challenges),
            "invited_at": _time(token.created_at),
            "expires_at": _time(token.expires_at),
            "ended_at": _time(token.revoked_at),
            "last_seen_at": _time(token.last_used_at),
        },
        "invitation": _invitation(standings([record])[0]) if record is not None else None,
        "partner": _partner(store.partner.of(token.id)),
        "explanations": {
            slug: {
                "cause": each.cause,
                "choice": each.choice,
                "outlook": each.outlook,
                "changed_at": _time(each.changed_at),
            }
            for slug, each in store.explanations.all_of(token.id).items()
        },
        "submissions": submissions,
        "shared": [
            {
                "at": _time(each.created_at),
                "until": _time(each.ended_at or each.expires_at),
                "with_name": each.with_name,
            }
            for each in store.shares.of(token.id)
        ],
    }
    if sight is not None:
        if sight is not CandidatesSee.REQUIREMENTS:
            found["grades_withheld"] = _WITHHELD
        # What is not sent nobody else is shown.
        found["drafts"] = {
            slug: {path: file.text for path, file in store.drafts.of(token.id, slug).items() if file.text is not None}
            for slug in token.challenges
        }
        return found
    reviews = store.reviews.of(token.id)
    found["number_of_reviews"] = len(reviews)
    if any(each.reviewer == caller().id for each in reviews):
        found["reviews"] = [
            {"reviewer": each.reviewer, "points": dict(each.points), "of_100": percent(each.points)}
            | {"remark": each.remark, "at": _time(each.at)}
            for each in reviews
        ]
    found["notes"] = [
        {"author": each.author, "kind": each.kind.value, "text": each.text, "at": _time(each.at)}
        for each in store.reviews.notes(token.id)
    ]
    found["comments"] = [
        {"submission": each.submission_id, "path": each.place.path, "side": each.place.side.value}
        | {"line": each.place.line, "author": each.author, "text": each.text, "at": _time(each.at)}
        for each in comments_seen(token.id, store.comments.of_candidate(token.id))
    ]
    return found


def as_text(values: Any) -> str:
    """JSON that people can read, too."""
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def _all_submissions(token_id: str) -> Iterator[SubmissionSummary]:
    after: str | None = None
    while True:
        found = services().store.submissions.page(SubmissionFilter(token_id=token_id), after=after, limit=_PART)
        yield from found.items
        if found.after is None:
            return
        after = found.after


class _Room:
    """How many bytes of files still fit into what is made at once."""

    def __init__(self, left: int) -> None:
        self._left = left

    def take(self, files: Mapping[str, bytes]) -> bool:
        """Whether they fit, and then less does."""
        size = sum(map(len, files.values()))
        if size > self._left:
            return False
        self._left -= size
        return True


def _submission(summary: SubmissionSummary, room: _Room, sight: CandidatesSee | None) -> dict[str, Any]:
    """`sight`: None for assessors."""
    submission, graded = summary.submission, summary.graded
    grade = services().store.gradings.grade(graded.id) if graded is not None else None
    files = services().store.submissions.content(submission.id).files
    fits = room.take(files)
    found: dict[str, Any] = {
        "id": submission.id,
        "challenge": submission.challenge,
        "submitted_at": _time(submission.submitted_at),
        "source": submission.source.value,
        "digest": submission.submission_digest,
        # What does not fit is named with its size: whoever runs the platform has it.
        "files": {path: _content(data) if fits else {"bytes": len(data)} for path, data in sorted(files.items())},
        "state": summary.grading.state.value,
        "grade": _grade(grade, sight) if grade is not None else None,
    }
    if sight is None and graded is not None:
        # What hidden tests asked last, and the app's answers.
        asked = services().store.exchanges.of_grading(graded.id)
        found["exchanges"] = {test: each.model_dump() for test, each in asked.items()}
    return found


def _grade(grade: Grade, sight: CandidatesSee | None) -> dict[str, Any]:
    return (grade if sight is None else as_seen(grade, sight)).model_dump(mode="json")


def _sight_of(token_id: str, record: InvitationRecord | None) -> CandidatesSee:
    decided = services().store.reviews.decisions({token_id}).get(token_id)
    return CandidatesSee.REQUIREMENTS if decided in _FINAL else sight_of(record)


def _content(data: bytes) -> str | dict[str, str]:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def _invitation(found: Invited) -> dict[str, Any]:
    record = found.record
    return {
        "assessment": record.assessment.model_dump(mode="json"),
        "minutes": record.minutes,
        "extra_minutes": record.extra_minutes,
        "opens_at": _time(record.opens_at),
        "closes_at": _time(record.closes_at),
        "began_at": _time(record.began_at),
        "done_at": _time(record.done_at),
        "breaks": [[_time(each.since), _time(each.until)] for each in record.breaks],
        "email": record.email,
    }


def _partner(test: PartnerTest | None) -> dict[str, Any] | None:
    """What the system that asked for the invitation said of the candidate."""
    if test is None:
        return None
    return {
        "application_url": test.application_url,
        "asked_at": _time(test.created_at),
        "mailed_at": _time(test.told_at),
    }


def _time(at: Any) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
