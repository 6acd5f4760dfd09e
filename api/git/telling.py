"""How a push is told of its grading: the events that every watcher gets (`api.narrator`), as lines for people. Pure.

Nothing is told here that the same watcher would not get as an event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.narrator import Event
from runner.grading.models import RequirementStatus, Verdict
from runner.grading.report import TestStatus

#: What a line may have: more is not read in a terminal.
_LINE_CHARS = 300
_REASON_CHARS = 200
_FILES_SHOWN = 5
_STATES = {
    RequirementStatus.MET: "met",
    RequirementStatus.PARTLY: "met in part",
    RequirementStatus.UNMET: "not met",
}
_VERDICTS = {
    Verdict.SOLVED: "solved",
    Verdict.PARTIAL: "partial",
    Verdict.UNSOLVED: "not solved",
    Verdict.REGRESSED: "broke what worked",
}


def clean(text: str, most: int = _LINE_CHARS) -> str:
    """One line that a terminal shows as it is: whatever else it could hold would be obeyed, as escape sequences are."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    words = " ".join(visible.split())
    return words if len(words) <= most else words[:most] + "…"


def reason(text: str) -> str:
    """Why a branch is refused, for the one line that git has for it."""
    return clean(text, _REASON_CHARS)


def received(paths: Sequence[str], left_out: Sequence[str], kept: Sequence[str] = ()) -> list[str]:
    """What was taken from a push. `kept`: the starter's files that the commit has not, and that stay all the same."""
    if not paths:
        told = ["received the commit: nothing in it differs from the starter"]
    else:
        files = "1 changed file" if len(paths) == 1 else f"{len(paths)} changed files"
        told = [f"received {files}: {_some(paths)}"]
    if left_out:
        told.append(f"left out, as tools leave it behind: {_some(left_out)}")
    if kept:
        told.append(f"kept as the starter has it, since files can't be deleted: {_some(kept)}")
    return [clean(each) for each in told]


def _some(names: Sequence[str]) -> str:
    more = len(names) - _FILES_SHOWN
    return ", ".join(names[:_FILES_SHOWN]) + (f" and {more} more" if more > 0 else "")


class Teller:
    """Turns one grading's events into lines."""

    def __init__(self) -> None:
        self.is_over = False
        self._passed = 0
        self._others = 0

    def lines(self, events: Iterable[Event]) -> list[str]:
        """What is to be said of these events, which came together: of tests only how many there are by now."""
        told: list[str] = []
        tests = 0
        for event in events:
            if event.name == "test":
                tests += 1
                passed = event.data["status"] == TestStatus.PASSED
                self._passed += passed
                self._others += not passed
                continue
            if tests:
                told.append(self._tests())
                tests = 0
            told += self._told(event)
        if tests:
            told.append(self._tests())
        return [clean(each) for each in told]

    def _tests(self) -> str:
        ended = self._passed + self._others
        return f"{ended} hidden {'test has' if ended == 1 else 'tests have'} run, {self._passed} passed"

    def _told(self, event: Event) -> list[str]:
        if event.name == "queued":
            before = event.data["position"] - 1
            return [f"waiting, {before} before you" if before else "waiting, next to be graded"]
        if event.name == "started":
            self._passed = self._others = 0
            return ["being graded"]
        self.is_over = True
        return _graded(event.data) if event.name == "grade" else [event.data["message"]]


def _graded(grade: Mapping[str, Any]) -> list[str]:
    """A grade, of which not every candidate sees everything."""
    if "score" not in grade:
        return ["graded; the result is for whoever invited you"]
    told = []
    for one in grade.get("requirements", ()):
        status = RequirementStatus(one["status"])
        line = f"{one['id']} {_STATES[status]}, {one['earned']} of {one['points']}"
        told.append(line if status is RequirementStatus.MET or not one["message"] else f"{line}: {one['message']}")
    if grade.get("outcome_message"):
        told.append(grade["outcome_message"])
    return [*told, f"score {grade['score']} of 100 ({_VERDICTS[Verdict(grade['verdict'])]})"]
