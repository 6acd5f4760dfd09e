"""How an attack went: pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from runner.attacks.limits import CEILINGS
from runner.attacks.model import Attack
from runner.attacks.payload import SEEN, WON
from runner.grading.models import Grade
from runner.grading.report import TestStatus

#: What an honest run is refused: nothing. What a hostile one may get through before it is given up: relay.MOST_REFUSED.
_MANY_REFUSED = 1_000
#: Twice what may be kept of one test's output, and what the helpers around it add.
_MUCH_OUTPUT_CHARS = 160 * 1024
#: The most that an attack's limits let an answer be, see `runner.attacks.limits`.
_MOST_ANSWER_BYTES = CEILINGS.response_kb * 1024


@dataclass(frozen=True, slots=True)
class Attempt:
    """One grading of a submission that attacks. `grade` is None when the platform gave none, for the reason in `fault`.

    `marked_bytes_came_through`: whether what the attack marked as its own reached the grader.
    `largest_answer_bytes`: of the bodies that did.
    """

    grade: Grade | None
    fault: str | None = None
    marked_bytes_came_through: bool = False
    largest_answer_bytes: int = 0


def gains(attack: Attack, attempt: Attempt, *, base_score: int, canary: str) -> list[str]:
    """What the attacker got, each as a phrase; nothing when the attack failed.

    `base_score` is what the same submission gets without the attack, `canary` a text that only the hidden suite has.
    """
    grade = attempt.grade
    if grade is None:
        return [f"the platform failed: {attempt.fault}"]
    got: list[str] = []
    if grade.score > base_score:
        got.append(f"the score rose from {base_score} to {grade.score}")
    said = said_by(grade)
    if canary in said or canary in shown_to_candidate(grade):
        got.append("the canary of the hidden suite came out")
    won = f"{WON} {attack.name}"
    if not (attack.gvisor_gives and on_gvisor(grade)):
        got += [f"the attack says: {line}" for line in said.splitlines() if line.startswith(won)][:1]
        got += _carried_over(attack, grade)[:1]
    if attempt.largest_answer_bytes > _MOST_ANSWER_BYTES:
        got.append(f"an answer of {attempt.largest_answer_bytes} bytes came through")
    if attempt.marked_bytes_came_through:
        got.append("bytes that fit no request reached the grader")
    if attack.sign == "tests_not_run" and any(test.status is TestStatus.NOT_RUN for test in grade.tests):
        got.append("tests were kept from running")
    if attack.sign == "frames_refused" and grade.facts.get("frames_refused", 0) > _MANY_REFUSED:
        got.append(f"{grade.facts['frames_refused']} frames kept the worker busy")
    most = max(map(len, outputs_of(grade)), default=0)
    if most > _MUCH_OUTPUT_CHARS:
        got.append(f"{most} characters of one test's output were kept")
    return got


def on_gvisor(grade: Grade) -> bool:
    """Whether gVisor's kernel was between the app and the host's, by the name of the runtime."""
    return "runsc" in grade.environment.runtime


def _carried_over(attack: Attack, grade: Grade) -> list[str]:
    """What passed from one test to another. Several apps or many requests in one test are no sign of it."""
    tests: dict[str, list[str]] = defaultdict(list)
    for test in grade.tests:
        for line in set((test.app_output or "").splitlines()):
            if line.startswith(f"{SEEN} {attack.name} "):
                tests[line].append(test.id)
    return [f"what {of[0]} left was there in {of[1]}" for of in tests.values() if len(of) > 1]


def outputs_of(grade: Grade) -> list[str]:
    """What the app printed at its start and in each test, as far as it was kept."""
    return list(filter(None, [grade.start_output, *(test.app_output for test in grade.tests)]))


def said_by(grade: Grade) -> str:
    """All that the app printed and that was kept."""
    return "\n".join(outputs_of(grade))


def shown_to_candidate(grade: Grade) -> str:
    """The texts of a grade that candidates read."""
    texts = [grade.outcome_message, *(requirement.message for requirement in grade.requirements)]
    return "\n".join(text for text in [*texts, *(test.message for test in grade.tests)] if text)
