"""A candidate's assessment while they work on it: what they may see and send, and until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import g

from api.context import caller, services
from api.problems import ApiProblem
from runner.assessments.clock import Clock, Wait, clock
from runner.assessments.model import CandidatesSee
from runner.assessments.rubric import problem_solving
from runner.assessments.scoring import AssessmentScore, score
from runner.errors import ChallengeNotFound, PackageInvalid
from store.invited import InvitationRecord
from store.records import Allowance, Role


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation and how its time stands at `now`. `clock`: None before the candidate began."""

    record: InvitationRecord
    clock: Clock | None
    now: datetime

    @property
    def is_over(self) -> bool:
        """Whether nothing more is taken in."""
        return self.is_done or (self.clock is not None and self.clock.is_over(self.now))

    @property
    def is_done(self) -> bool:
        """Whether the candidate has said that they are done."""
        return self.record.done_at is not None

    @property
    def opens_later(self) -> bool:
        """Whether it is too early to begin."""
        return self.record.opens_at is not None and self.now < self.record.opens_at

    @property
    def closed_before(self) -> bool:
        """Whether it is too late to begin."""
        closes_at = self.record.closes_at
        return self.clock is None and closes_at is not None and self.now > closes_at


def own_invitation() -> Invited | None:
    """The caller's; None for whoever has no assessment: a token that names challenges has no clock. Read once a
    request."""
    if caller().role is not Role.CANDIDATE:
        return None
    if "invited" not in g:
        g.invited = invited_with(caller().id)
    found: Invited | None = g.invited
    return found


def own_sight() -> CandidatesSee:
    """What the caller, a candidate, sees of their grades."""
    found = own_invitation()
    return sight_of(found.record if found is not None else None)


def sight_of(record: InvitationRecord | None) -> CandidatesSee:
    """What whoever is invited so sees of their grades; without an assessment, all that candidates may."""
    return record.assessment.candidates_see if record is not None else CandidatesSee.REQUIREMENTS


def invited_with(token_id: str) -> Invited | None:
    """What the token with this id opens."""
    record = services().store.invitations.of(token_id)
    return None if record is None else standing(record)


def standing(record: InvitationRecord) -> Invited:
    """An invitation and how its time stands."""
    return standings([record])[0]


def standings(records: list[InvitationRecord]) -> list[Invited]:
    """The same for several, with one query for all."""
    begun = {record.token_id for record in records if record.began_at is not None}
    waits, now = services().store.invitations.waits(begun), datetime.now(UTC)
    return [
        Invited(
            record,
            None
            if record.began_at is None
            else clock(record.began_at, record.allowed, [*waits.get(record.token_id, ()), *_breaks(record)], now),
            now,
        )
        for record in records
    ]


def _breaks(record: InvitationRecord) -> list[Wait]:
    """While the candidate was done, and while they are: what is left is left if they are let in again."""
    return [*record.breaks, *([Wait(record.done_at, None)] if record.done_at is not None else [])]


def total_of(
    record: InvitationRecord, scores: Mapping[str, int], reviews: Sequence[Mapping[str, int]]
) -> AssessmentScore:
    """The score of the whole so far, with what reviewers gave: by what was sent out, whatever became of it since."""
    return score(record.assessment, record.areas, scores, problem_solving(reviews))


def extra_minutes_for(found: Invited, more: int) -> int:
    """The extra minutes in all with which somebody has `more` of them left, or as many more than they would have had.

    Where their time is over, they count from now.
    """
    extra = found.record.extra_minutes + more
    if found.clock is not None and found.clock.ends_at is not None and found.clock.ends_at < found.now:
        extra += -((found.clock.ends_at - found.now) // timedelta(minutes=1))
    return extra


def begin_own(found: Invited) -> None:
    """Begin the caller's assessment. Raises ApiProblem where that can't be now: too early, too late, or a challenge of
    it can't be shown at present, which would cost the candidate time.
    """
    gone = [each.slug for each in found.record.assessment.challenges if not _is_there(each.slug)]
    if gone and found.clock is None:
        raise ApiProblem(
            "challenge-invalid",
            "a challenge of this assessment can't be shown at present, so your time does not begin",
            hint="try again later, or tell whoever invited you",
        )
    services().store.invitations.begin(caller().id)
    g.pop("invited", None)


def finish_own(found: Invited) -> None:
    """The caller is done. Raises ApiProblem `not-begun`, or `time-is-up` where their time is over anyway."""
    if not found.is_done:
        check_time_left()
        services().store.invitations.finish(caller().id)
        g.pop("invited", None)


def _is_there(slug: str) -> bool:
    try:
        services().catalogue.get(slug)
    except (ChallengeNotFound, PackageInvalid):
        return False
    return True


def check_begun() -> None:
    """Whoever was sent an assessment sees its briefs once their time runs. Raises ApiProblem `not-begun`."""
    found = own_invitation()
    if found is not None and found.clock is None:
        raise ApiProblem(
            "not-begun",
            "this is of an assessment that you have not begun, and your time runs from when you do",
            hint="open your link in a browser, or POST /api/v1/me/assessment/begin",
        )


def check_time_left() -> None:
    """Raises ApiProblem: `not-begun`, or `assessment-done` or `time-is-up` where nothing more is taken in."""
    check_begun()
    found = own_invitation()
    if found is not None and found.record.done_at is not None:
        raise ApiProblem(
            "assessment-done",
            f"you said at {found.record.done_at:%Y-%m-%d %H:%M:%S} UTC that you are done",
            hint="what you sent before counts; if it was a mistake, whoever invited you can let you go on",
        )
    if found is not None and found.is_over:
        assert found.clock is not None
        assert found.clock.ends_at is not None
        raise ApiProblem(
            "time-is-up",
            f"your time was over at {found.clock.ends_at:%Y-%m-%d %H:%M:%S} UTC",
            hint="what you sent before counts; if something kept you from working, tell whoever invited you",
        )


def attempts_allowed() -> Allowance | None:
    """To how many submissions to one challenge the caller's assessment holds them; None for no limit."""
    found = own_invitation()
    if found is None or found.record.began_at is None or not found.record.assessment.attempts:
        return None
    since = found.record.began_at - timedelta(seconds=1)
    return Allowance(found.record.assessment.attempts, since, spares_faults=True)


def attempts_used(allowed: Allowance) -> ApiProblem:
    """The answer to a submission that is one too many."""
    return ApiProblem(
        "attempts-used",
        f"you have sent {allowed.amount} to this challenge, which is all that this assessment takes",
        hint="the best of them counts",
    )
