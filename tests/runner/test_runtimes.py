"""Another container runtime: what is known of it is used, and its room is what was asked for and more."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from docs.build import block
from runner.attacks.finder import find_attacks
from runner.attacks.judge import Attempt, gains
from runner.attacks.mitigations import MITIGATIONS
from runner.attacks.payload import WON
from runner.grading.models import Grade
from runner.limits import Limits
from runner.sandbox.confinement import WALLS, ContainerSpec, host_options
from runner.sandbox.runtimes import DIFFERENCES, UNSEEN_WALLS, chosen, is_gvisor, with_room
from tests.support.runtimes import patient

TESTS = Path(__file__).parents[1] / "sandbox"
GRADING = Path(__file__).parents[2] / "docs" / "grading.md"


@pytest.fixture
def grade() -> Grade:
    """The one that the documentation shows, without what its app printed."""
    text = block(GRADING.read_text(), "grade").removeprefix("```json").removesuffix("```")
    grade = Grade.model_validate(json.loads(text))
    return grade.model_copy(update={"tests": [], "start_output": ""})


def test_each_difference_is_expected_by_a_test() -> None:
    text = "".join(path.read_text() for path in sorted(TESTS.glob("*.py")))
    asked = set(re.findall(r'differs\("([\w ]+)"\)', text)) | set(
        re.findall(r'^    "\w+": \("(\w+)", ', text, re.MULTILINE)
    )
    assert asked == set(DIFFERENCES)


def test_a_wall_that_can_not_be_missed_is_one_of_ours() -> None:
    # Swap is the wall "memory", and PID 1 hides by itself.
    assert UNSEEN_WALLS.keys() - {"swap", "PID 1"} <= {wall.name for wall in WALLS}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", ("runc", "runc")),
        ("runsc", ("runsc", "/usr/bin/runsc")),
        ("safe", ("safe", "/opt/runsc-2026")),
        ("x", ("x", "")),
    ],
)
def test_a_runtime_is_told_by_its_name_or_program(name: str, expected: tuple[str, str]) -> None:
    runtimes = {"runc": {"path": "runc"}, "runsc": {"path": "/usr/bin/runsc"}, "safe": {"path": "/opt/runsc-2026"}}
    found = chosen(name, {"DefaultRuntime": "runc", "Runtimes": runtimes})
    assert found == expected
    assert is_gvisor(*found) is (name in ("runsc", "safe"))
    assert is_gvisor(*chosen("io.containerd.runsc.v1", {}))


def test_room_is_more_memory_and_processes_and_nothing_else() -> None:
    spec = ContainerSpec("app", "image", "runsc", Limits(), {})
    plain, roomy = host_options(spec), host_options(with_room(spec))
    assert {name for name in plain if plain[name] != roomy[name]} == {"mem_limit", "memswap_limit", "pids_limit"}
    assert all(roomy[name] > plain[name] for name in ("mem_limit", "memswap_limit", "pids_limit"))
    assert roomy["mem_limit"] == roomy["memswap_limit"]


@pytest.mark.parametrize("limits", [Limits(), Limits(app_start_s=60, request_s=30, test_s=60, grading_s=600)])
def test_patience_is_longer_deadlines_within_their_bounds(limits: Limits) -> None:
    longer = patient(limits, gvisor=True)
    assert patient(limits, gvisor=False) == limits
    assert longer.request_s < longer.test_s < longer.grading_s
    assert longer.model_copy(update=limits.model_dump()) == limits


@pytest.mark.parametrize("runtime", ["runc", "runsc"])
def test_what_gvisor_gives_is_no_gain_there_and_a_score_is(runtime: str, grade: Grade) -> None:
    attack = next(attack for attack in find_attacks() if attack.gvisor_gives)
    environment = grade.environment.model_copy(update={"runtime": runtime})
    said = grade.model_copy(update={"environment": environment, "start_output": f"{WON} {attack.name} it"})
    got = gains(attack, Attempt(said), base_score=said.score, canary="none")
    assert got == ([] if runtime == "runsc" else [f"the attack says: {WON} {attack.name} it"])
    assert gains(attack, Attempt(said), base_score=said.score - 1, canary="none")[0].startswith("the score rose")
    assert gains(attack, Attempt(said), base_score=said.score, canary=f"{WON} {attack.name}")[0].startswith(
        "the canary"
    )


def test_what_gvisor_does_to_an_attack_is_of_those_that_the_kernel_stops() -> None:
    ours = {
        "apart",
        "origin",
        "unguessable-ids",
        "answer-form",
        "strict-frames",
        "refusal-cap",
        "response-cap",
        "output-cap",
    }
    assert ours <= MITIGATIONS.keys()
    assert [attack.name for attack in find_attacks() if attack.gvisor_gives and ours & set(attack.stopped_by)] == []
