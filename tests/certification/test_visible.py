"""The visible tests of a starter, run as it stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.certification.visible import problems_for_candidates, visible_tests
from runner.errors import Problem
from runner.grading.report import Sandbox
from runner.packages.finder import list_challenges
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from runner.sandbox.pool import DockerSandbox
from tests.mendbox.cli import CHALLENGES


@pytest.mark.parametrize("slug", [folder.name for folder in list_challenges(CHALLENGES)])
def test_those_of_the_library_pass(sandbox: DockerSandbox, slug: str) -> None:
    package = load_package(CHALLENGES / slug)
    assert visible_tests(package, sandbox) == []
    assert problems_for_candidates(package, sandbox) == []


def test_what_plain_pytest_does_not_like_is_told(sandbox: DockerSandbox, package: ChallengePackage) -> None:
    # Its tests pass, and leave connections open.
    for strict in (False, True):
        wishes = "[pytest]\npythonpath = .\n" + ("filterwarnings = error\n" if strict else "")
        starter = {**package.starter, "pytest.ini": wishes.encode()}
        found = problems_for_candidates(replace(package, starter=starter), sandbox)
        assert [(problem.file, problem.message.partition(": ")[0]) for problem in found] == [
            ("starter/", "a plain run of the visible tests ends with error")
        ] * strict


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


def _with_readme(package: ChallengePackage, text: str) -> ChallengePackage:
    return replace(package, starter={**package.starter, "README.md": text.encode()})


def test_commands_of_the_readme_are_those_that_the_app_has(sandbox: Sandbox, package: ChallengePackage) -> None:
    good = (
        "    flask --app library run --port 8000    # and look\n    python -m flask --app library:create_app routes\n"
    )
    assert visible_tests(_with_readme(package, good), sandbox) == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("flask --app library seed", "No such command"),
        ("flask --app libary run", "libary"),
        ("flask --app library run --prot 8000", "--prot"),
    ],
)
def test_a_command_that_the_app_does_not_have_is_told(
    sandbox: Sandbox, package: ChallengePackage, command: str, said: str
) -> None:
    (problem,) = visible_tests(_with_readme(package, f"Then\n\n    {command}\n"), sandbox)
    assert problem.file == "starter/README.md"
    assert f"`{command}` can't be run with the starter" in problem.message
    assert said in problem.message
