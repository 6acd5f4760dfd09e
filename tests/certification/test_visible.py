"""The visible tests of a starter, run as it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.certification.visible import visible_tests
from runner.errors import Problem
from runner.grading.report import Sandbox
from runner.packages.finder import list_challenges
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from tests.mendbox.cli import CHALLENGES


@pytest.mark.parametrize("slug", [folder.name for folder in list_challenges(CHALLENGES)])
def test_those_of_the_library_pass(sandbox: Sandbox, slug: str) -> None:
    assert visible_tests(load_package(CHALLENGES / slug), sandbox) == []


def test_one_that_does_not_pass_is_told_with_its_place(sandbox: Sandbox, package: ChallengePackage) -> None:
    more = {"tests/test_more.py": b"def test_wrong():\n    assert 1 + 1 == 3\n\n\ndef test_right():\n    pass\n"}
    (problem,) = visible_tests(replace(package, starter={**package.starter, **more}), sandbox)
    assert (problem.file, problem.key) == ("starter/tests/test_more.py", "test_wrong")
    assert "does not pass on the starter as it stands: " in problem.message
    assert "assert (1 + 1) == 3" in problem.message


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"import no_such_module\n\ndef test_it(): pass\n", "no_such_module"), (None, "NO_TESTS_COLLECTED")],
)
def test_what_pytest_can_not_collect_is_told(
    sandbox: Sandbox, package: ChallengePackage, content: bytes | None, said: str
) -> None:
    starter = {path: data for path, data in package.starter.items() if not path.startswith("tests/")}
    if content is not None:
        starter["tests/test_more.py"] = content
    found: list[Problem] = visible_tests(replace(package, starter=starter), sandbox)
    assert [problem.file for problem in found] == ["starter/"]
    assert said in found[0].message
