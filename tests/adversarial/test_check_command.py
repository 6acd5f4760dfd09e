"""`mendbox challenge check --attacks` as a whole, with a handful of the attacks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from click.testing import CliRunner

from mendbox import checker
from mendbox.cli import main
from runner.attacks import check
from runner.attacks.finder import find_attacks
from runner.attacks.model import Attack
from runner.errors import Problem
from tests.adversarial.weaknesses import weakened

#: Three that nothing lets through here, and one that the weaker platform does.
THROUGH = "crash-where-it-would-fail"
CHOSEN = {"being-root", "any-capability", "state-in-the-process", THROUGH}


def run(library: Path, *arguments: str) -> tuple[int, Any]:
    """The command's exit code and answer, in this process."""
    environ = {"MENDBOX_HOME": str(library / "home"), "MENDBOX_CHALLENGES": str(library)}
    done = CliRunner().invoke(main, ["challenge", *arguments, "--json"], env=environ)
    return done.exit_code, json.loads(done.stdout)


@contextmanager
def chosen(tried: list[str], *without: str) -> Iterator[None]:
    """The command knows the chosen attacks alone, and tries them without these mitigations."""

    def attack(package: Any, attacks: Sequence[Attack], sandbox: Any, **options: Any) -> list[Problem]:
        ran = options.pop("ran")

        def note(name: str) -> None:
            tried.append(name)
            ran(name)

        # The proof before it is made with everything in place.
        with weakened(without):
            return check.attack_challenge(package, attacks, sandbox, ran=note, **options)

    attacks = tuple(attack for attack in find_attacks() if attack.name in CHOSEN)
    with (
        mock.patch.object(checker, "find_attacks", return_value=attacks),
        mock.patch.object(checker, "attack_challenge", attack),
    ):
        yield


def test_attacks_leave_a_challenge_as_good_as_it_was_unless_one_gets_through(tmp_path: Path) -> None:
    assert run(tmp_path, "new", "late-fees")[0] == 0
    tried: list[str] = []
    with chosen(tried):
        code, answer = run(tmp_path, "check", "late-fees", "--write", "--attacks")
    assert (code, answer["challenges"][0]["problems"]) == (0, [])
    assert sorted(tried) == sorted(CHOSEN)

    tried.clear()
    with chosen(tried, "guards"):
        code, answer = run(tmp_path, "check", "late-fees", "--attacks")
    assert code == 1
    (problem,) = answer["challenges"][0]["problems"]
    assert problem["file"] == f"attacks/forge/{THROUGH}"
    assert "the score rose from" in problem["message"]
    assert sorted(tried) == sorted(CHOSEN)
