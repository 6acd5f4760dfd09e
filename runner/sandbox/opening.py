"""What a run begins with, the first frame for each side, and what each of its operations may take."""

from __future__ import annotations

from typing import Any

from runner.grading.report import Work
from runner.inside.frames import Frame
from runner.limits import SLACK_S, Limits

#: The harness's file among those of the suite: the module has the same name in the app's container.
HARNESS_IN_SUITE = "mendbox_harness.py"


def allowed_s(operation: str, limits: Limits) -> float:
    """How long an operation on the app's container may take, seconds."""
    if operation in ("open", "instance"):
        return limits.app_start_s + SLACK_S
    return limits.request_s + (SLACK_S if operation == "close" else 0.0)


def load_frame(work: Work) -> Frame:
    """For the app's container: the candidate's tree, the harness, what they may use."""
    tree = {f"app/{path}": data for path, data in work.tree.items()}
    tree["harness.py"] = work.harness
    limits = work.limits
    return Frame(
        "load",
        {
            "files": [[path, len(data)] for path, data in tree.items()],
            "entry": work.entry,
            "seed": work.seed,
            "services": list(work.services),
            "surroundings": _surroundings(work),
            "limits": {
                "response_kb": limits.response_kb,
                "output_kb": limits.output_kb,
                "app_start_s": limits.app_start_s,
            },
        },
        b"".join(tree.values()),
    )


def suite_frame(work: Work) -> Frame:
    """For the grader's container: the hidden suite, and the harness, so that tests can draw the data that it seeds."""
    hidden = {**work.hidden, HARNESS_IN_SUITE: work.harness}
    return Frame(
        "suite",
        {
            "files": [[path, len(data)] for path, data in hidden.items()],
            "seed": work.seed,
            "test_s": work.limits.test_s,
            "first_failure_ends": work.first_failure_ends,
            "surroundings": _surroundings(work),
        },
        b"".join(hidden.values()),
    )


def _surroundings(work: Work) -> dict[str, Any]:
    return {"at": work.surroundings.at, "zone": work.surroundings.zone}
