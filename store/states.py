"""The life of a grading, as a table. Pure: what is decided here is carried out in `store.claims`.

    queued ──claim──▶ running ──grade──▶ graded
       ▲               │  │ ▲
       └── give_back ──┤  │ └─ take_over (the lease ran out: its worker is dead or stuck)
       └──── retry ────┘  └──give_up──▶ error

    queued ──cancel──▶ error (the regrade that it is of was dropped)

`graded` and `error` are final: grading again is another grading of the same submission.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from store.errors import IllegalTransition


class GradingState(StrEnum):
    """Where a grading is."""

    QUEUED = "queued"
    RUNNING = "running"
    GRADED = "graded"
    ERROR = "error"


class Step(StrEnum):
    """What moves a grading on."""

    CLAIM = "claim"
    TAKE_OVER = "take_over"
    GRADE = "grade"
    GIVE_BACK = "give_back"
    RETRY = "retry"
    GIVE_UP = "give_up"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Transition:
    """The state a step needs and the state it leads to."""

    source: GradingState
    target: GradingState


TRANSITIONS: Mapping[Step, Transition] = MappingProxyType(
    {
        Step.CLAIM: Transition(GradingState.QUEUED, GradingState.RUNNING),
        Step.TAKE_OVER: Transition(GradingState.RUNNING, GradingState.RUNNING),
        Step.GRADE: Transition(GradingState.RUNNING, GradingState.GRADED),
        Step.GIVE_BACK: Transition(GradingState.RUNNING, GradingState.QUEUED),
        Step.RETRY: Transition(GradingState.RUNNING, GradingState.QUEUED),
        Step.GIVE_UP: Transition(GradingState.RUNNING, GradingState.ERROR),
        Step.CANCEL: Transition(GradingState.QUEUED, GradingState.ERROR),
    }
)

FINAL = frozenset({GradingState.GRADED, GradingState.ERROR})


@dataclass(frozen=True, slots=True)
class ClaimPolicy:
    """How long a claim holds without a heartbeat, and how often a grading is tried.

    `lease_s`: a worker that says nothing for so long is taken for dead; heartbeats come at a third of it, so two may be
    lost. `max_tries`: after so many starts that ended in platform faults or dead workers the grading becomes an error,
    or one that kills its workers would go round for ever.
    """

    lease_s: float = 15.0
    max_tries: int = 3

    def __post_init__(self) -> None:
        if not self.lease_s > 0 or self.max_tries < 1:
            raise ValueError("a claim needs lease_s > 0 and max_tries >= 1")


def after(state: GradingState, step: Step) -> GradingState:
    """The state that `step` leads to from `state`. Raises IllegalTransition where the table has no such step."""
    transition = TRANSITIONS[step]
    if transition.source is not state:
        raise IllegalTransition(f"a grading that is {state} can't take the step {step}")
    return transition.target


def step_on_claim(state: GradingState, tries: int, lease_ran_out: bool, policy: ClaimPolicy) -> Step | None:
    """What a worker that asks for a grading may do with it: take it, end it as an error, or nothing (None)."""
    if state is GradingState.QUEUED:
        return Step.CLAIM
    if state is GradingState.RUNNING and lease_ran_out:
        return Step.TAKE_OVER if tries < policy.max_tries else Step.GIVE_UP
    return None


def step_on_fault(tries: int, policy: ClaimPolicy) -> Step:
    """What a platform fault leads to in the `tries`-th try (the first is 1)."""
    return Step.RETRY if tries < policy.max_tries else Step.GIVE_UP


def lease_ran_out(lease_until: datetime | None, now: datetime) -> bool:
    """Whether a running grading's worker is overdue. One without a lease is."""
    return lease_until is None or lease_until < now
