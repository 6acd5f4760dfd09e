"""What a regrade would change, and what it did: for whoever applies or drops it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from api.context import services
from api.invitations import total_of
from runner.errors import ChallengeNotFound, PackageInvalid
from store.invited import InvitationRecord
from store.records import TokenRecord
from store.regraded import RegradeProgress, RegradeRecord, RegradeState, ScoreChange

#: The pass line of whoever has no assessment: they solved the challenge.
SOLVED = 100


class Stage(StrEnum):
    """How far a regrade is. Of an open one that is `preparing` something is still to be graded, of `ready` nothing."""

    PREPARING = "preparing"
    READY = "ready"
    APPLIED = "applied"
    DROPPED = "dropped"


class Crossing(StrEnum):
    """Whether somebody gets over the pass line, or falls below it."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Shift:
    """A candidate whose score in the challenge changes, and with it, maybe, their score in all of their assessment.

    Without an assessment `total_before` and `total_after` are those of the challenge, and the pass line is `SOLVED`.
    """

    token: TokenRecord
    before: int
    after: int
    total_before: int
    total_after: int
    pass_line: int
    crossing: Crossing


@dataclass(frozen=True, slots=True)
class Preview:
    """All whose score changes, first who crosses the pass line; and how many others were graded again."""

    shifts: Sequence[Shift]
    others: int

    def count(self, crossing: Crossing) -> int:
        """How many cross the pass line that way."""
        return sum(each.crossing is crossing for each in self.shifts)


def stage_of(state: RegradeState, progress: RegradeProgress) -> Stage:
    """How far it is. Pure."""
    if state is RegradeState.OPEN:
        return Stage.READY if progress.is_over else Stage.PREPARING
    return Stage.APPLIED if state is RegradeState.APPLIED else Stage.DROPPED


def preview_of(record: RegradeRecord) -> Preview:
    """What it changes so far, by the same few queries however many candidates there are."""
    store = services().store
    changed, others = store.regrades.changes(record)
    ids = {each.token_id for each in changed}
    tokens, invitations = store.tokens.some(ids), store.invitations.some(ids)
    scores, reviews = store.submissions.best_scores(ids), store.reviews.points_of(ids)
    shifts = [
        shift_of(
            tokens[each.token_id],
            each,
            invitations.get(each.token_id),
            (scores.get(each.token_id, {}), record.challenge),
            reviews[each.token_id],
        )
        for each in changed
        # Whoever was erased this very moment has a row no more.
        if each.token_id in tokens
    ]
    return Preview(sorted(shifts, key=_first), others)


def shift_of(
    token: TokenRecord,
    change: ScoreChange,
    invitation: InvitationRecord | None,
    scores: tuple[Mapping[str, int], str],
    reviews: Sequence[Mapping[str, int]],
) -> Shift:
    """What a change of one score does to the whole. `scores`: of all challenges, and which it is that changes. Pure."""
    if invitation is None:
        line, totals = SOLVED, (change.before, change.after)
    else:
        others, challenge = scores
        line = invitation.assessment.pass_line
        before, after = (
            total_of(invitation, {**others, challenge: score}, reviews).score for score in (change.before, change.after)
        )
        totals = before, after
    return Shift(token, change.before, change.after, *totals, line, crossing_of(*totals, line))


def crossing_of(before: int, after: int, line: int) -> Crossing:
    """Which way somebody crosses a line that who is on it has reached. Pure."""
    if (before >= line) is (after >= line):
        return Crossing.NONE
    return Crossing.UP if after >= line else Crossing.DOWN


def has_changed_since(record: RegradeRecord) -> bool:
    """Whether the challenge is another now than when the regrade began: what it graded may be by either."""
    try:
        return services().catalogue.get(record.challenge).package.digest != record.challenge_digest
    except (ChallengeNotFound, PackageInvalid):
        return True


def _first(shift: Shift) -> tuple[int, int, str, str]:
    order = [Crossing.DOWN, Crossing.UP, Crossing.NONE]
    return order.index(shift.crossing), -abs(shift.after - shift.before), shift.token.name, shift.token.id
