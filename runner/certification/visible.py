"""Runs the starter's visible tests as it stands: a candidate who gets red tests looks for the wrong fault.

They run in the grader's container, as a hidden suite does, with the starter's own files beside them: it is the author's
code, and needs no app in the other container but one that answers. With them go the `flask` commands of brief and
README: each has to be one that the app has, with the options that it takes. They are not carried out.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from typing import Protocol

from runner.errors import PackageInvalid, Problem
from runner.grading.report import RunReport, Sandbox, TestStatus, Work
from runner.packages.package import ChallengePackage
from runner.packages.suite import is_test_file
from runner.packages.texts import Command, flask_commands
from runner.visible_run import WALL_S, Readable, Told, VisibleEnd, VisibleReport, VisibleWork

_APP = {"app.py": b"def create_app():\n    return lambda environ, start: start('204 No Content', []) or []\n"}
_HARNESS = b"def build(context):\n    return context.load()()\n"
#: A name that no author gives a test, beside the visible ones.
COMMANDS_FILE = "test_mendbox_commands_of_the_readme.py"
_COMMANDS_TEST = """
from pathlib import Path

import pytest
from flask.cli import FlaskGroup

COMMANDS = {commands!r}


@pytest.mark.parametrize("number", range(len(COMMANDS)))
def test_command(number, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[{depth}])
    words, environment = COMMANDS[number]
    for name, value in environment:
        monkeypatch.setenv(name, value)
    flask = FlaskGroup()
    with flask.make_context("flask", list(words[1:])) as context:
        rest = [*getattr(context, "_protected_args", ()), *context.args]
        name, command, arguments = flask.resolve_command(context, rest)
        context.obj.load_app()
        command.make_context(name, arguments, parent=context).close()
"""


def visible_tests(
    package: ChallengePackage, sandbox: Sandbox, ran: Callable[[str], None] = lambda name: None
) -> list[Problem]:
    """Each visible test that does not pass on the starter, or that there is none. Raises PlatformFault."""
    commands = flask_commands(package)
    tests = dict(package.starter)
    first = min((path for path in tests if is_test_file(path)), default=None)
    if commands and first is not None:
        # Beside a visible test, pytest finds it whatever the starter's configuration says.
        path = posixpath.join(posixpath.dirname(first), COMMANDS_FILE)
        words = [(command.words, command.environment) for command in commands]
        tests[path] = _COMMANDS_TEST.format(commands=words, depth=path.count("/")).encode()
    work = Work(_APP, _HARNESS, tests, "app:create_app", package.manifest.limits, seed=1)
    try:
        report = sandbox.run(work, lambda kind, data: None)
    except PackageInvalid as error:
        return [Problem("starter/", "", problem.message) for problem in error.problems]
    ran("visible tests")
    return problems_of(report, commands)


class RunsVisibleTests(Protocol):
    """What runs visible tests as a candidate has them run."""

    def run_visible(self, work: VisibleWork, told: Told, stopped: Callable[[], bool]) -> VisibleReport:
        """Run them once. Raises PlatformFault."""


def problems_for_candidates(package: ChallengePackage, sandbox: RunsVisibleTests) -> list[Problem]:
    """What a candidate meets who runs the visible tests at once, with the starter's own configuration of pytest.

    Warnings may count there, also such as come when all tests have passed. Raises PlatformFault.
    """
    printed = Readable()
    said = ""

    def told(data: bytes, left_out: int) -> None:
        nonlocal said
        said += printed.feed(data)

    wall_s = min(WALL_S, package.manifest.limits.grading_s)
    report = sandbox.run_visible(VisibleWork(package.starter, package.manifest.limits, wall_s), told, lambda: False)
    if report.end is VisibleEnd.PASSED:
        return []
    last = next((line for line in reversed(said.splitlines()) if line.strip()), "nothing was printed")
    how = f"a plain run of the visible tests ends with {report.end.value.replace('_', ' ')}: {report.detail or last}"
    return [Problem("starter/", "", how)]


def problems_of(report: RunReport, commands: Sequence[Command] = ()) -> list[Problem]:
    """What a run of the visible tests shows. Pure."""
    problems: list[Problem] = []
    ended = {test.id: test for test in report.tests}
    for identity in report.collected:
        test = ended.get(identity)
        if test is not None and test.status is TestStatus.PASSED:
            continue
        file, _, name = identity.partition("::")
        said = f": {test.gist}" if test is not None and test.gist else ""
        if posixpath.basename(file) == COMMANDS_FILE:
            command = commands[int(name.partition("[")[2].rstrip("]"))]
            problems.append(Problem(command.file, "", f"`{command}` can't be run with the starter{said}"))
        else:
            problems.append(Problem(f"starter/{file}", name, f"does not pass on the starter as it stands{said}"))
    return problems
