"""Golden folders: what the two containers said, and the grade that must follow. Adding a case is adding a folder.

`run.json` holds the story, the requirements, the inventory and the frames in order: `["grader" | "app", type, fields]`,
`["ask", operation, fields]` for the grader's operations, `["answer", fields]` for the app's answer to the last one,
`["wait", seconds]`. `expected.json` holds what is to come of it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from runner.grading.models import Grade
from runner.grading.service import GradeContext, make_grade
from runner.packages.inventory import Inventory, InventoryTest
from runner.submissions.model import Submission
from tests.support.packages import small_package
from tests.support.relays import PlayedRelay

GOLDEN = sorted(path for path in (Path(__file__).parent.parent / "golden").iterdir() if path.is_dir())


def play(frames: list[list[Any]]) -> PlayedRelay:
    played = PlayedRelay()
    asked = ""
    for step in frames:
        match step:
            case ["grader", kind, fields]:
                played.grader(kind, **fields)
            case ["app", kind, fields]:
                played.app(kind, **fields)
            case ["ask", operation, fields]:
                asked = str(played.ask(operation, **fields).fields["id"])
            case ["answer", fields]:
                played.app("answer", **{"id": asked, **fields})
            case ["wait", seconds]:
                played.wait(seconds)
            case _:
                raise AssertionError(f"no such step: {step}")
    return played


def graded(run: dict[str, Any]) -> Grade:
    played = play(run["frames"])
    assert played.relay.finished
    inventory = Inventory(
        derived_from="golden",
        tests=tuple(InventoryTest(id=test, requirement=name, kind=kind) for test, name, kind in run["inventory"]),
    )
    points = {requirement["id"]: requirement["points"] for requirement in run["requirements"]}
    package = small_package(points=points, inventory=inventory)
    return make_grade(package, Submission({}), played.report(), GradeContext(1, 0.0, 1.0, {}))


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_the_frames_of_a_golden_folder_give_its_grade(folder: Path) -> None:
    run = json.loads((folder / "run.json").read_text())
    expected = json.loads((folder / "expected.json").read_text())
    grade = graded(run)
    seen: dict[str, Any] = {
        "outcome": grade.outcome.value,
        "verdict": grade.verdict.value,
        "score": grade.score,
        "requirements": {item.id: [item.status.value, item.earned, item.message] for item in grade.requirements},
        "not_passed": [test.id for test in grade.tests if test.status.value != "passed"],
    }
    if "frames_refused" in expected:
        seen["frames_refused"] = grade.facts["frames_refused"]
    assert seen == expected


def test_there_are_golden_folders() -> None:
    assert len(GOLDEN) >= 10
