"""Mutants of a package's fixes, against a real suite in a real sandbox."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from mendbox.sandboxes import open_sandbox
from runner.grading.report import Sandbox
from runner.mutation.campaign import Campaign, planned, problems_of, run_campaign
from runner.packages.loader import parse_package
from runner.packages.manifest import Area, Level
from runner.packages.mutants import Equivalent
from runner.packages.package import ChallengePackage
from runner.packages.scaffold import scaffold
from runner.packages.tree import Tree
from store.settings import Settings


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(Settings.from_env(os.environ), print, warm_pairs=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def package() -> ChallengePackage:
    files = scaffold("shelf", "A shelf", Level.JUNIOR, Area.PRACTICAL)
    made, problems = parse_package("shelf", Tree(files=files))
    assert made is not None
    assert problems == []
    return made


def test_what_the_suite_looks_at_is_killed_and_what_it_does_not_lives(
    sandbox: Sandbox, package: ChallengePackage
) -> None:
    to_run, left_out, stale = planned(package)
    assert to_run
    assert (left_out, stale) == (0, [])
    name, files = next(iter(sorted(package.fixes.items())))
    path = next(path for path in files if path.endswith(".py"))
    unseen = files[path] + b"\n\ndef nobody_calls_this(a, b):\n    return a < b\n"
    changed = replace(package, fixes={**package.fixes, name: {**files, path: unseen}})
    to_run, _, _ = planned(changed)
    ran: list[str] = []
    campaign = run_campaign(changed, to_run, sandbox, jobs=2, ran=ran.append)
    assert len(ran) == len(to_run) == campaign.killed + len(campaign.lived)
    lived = {(each.fix, each.mutant.after) for each in campaign.lived}
    assert {(name, "return a <= b"), (name, "return None")} <= lived
    assert campaign.killed > 0


def test_an_argued_mutant_is_left_out_and_an_entry_that_means_none_is_told(package: ChallengePackage) -> None:
    to_run, _, _ = planned(package)
    one = to_run[0]
    entry = Equivalent(file=one.file, before=one.mutant.before, after=one.mutant.after, reason="nobody can tell it")
    nothing = entry.model_copy(update={"before": "no such line"})
    rest, left_out, stale = planned(replace(package, equivalent=(entry, nothing)))
    assert one not in rest
    assert left_out == len(to_run) - len(rest) > 0
    assert [(problem.file, problem.key) for problem in stale] == [("mutants.toml", "equivalent.1")]


def test_too_many_that_live_are_a_problem(package: ChallengePackage) -> None:
    lived = tuple(planned(package)[0][:1])
    assert problems_of(Campaign(killed=85, equivalent=0, lived=lived * 15)) == []
    (problem,) = problems_of(Campaign(killed=84, equivalent=0, lived=lived * 16))
    assert "84 of 100 mutants" in problem.message
    assert Campaign(killed=0, equivalent=3).score == 100
