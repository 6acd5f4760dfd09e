"""What is run again after a change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.authoring.rerun import changed, names_of
from runner.packages.package import ChallengePackage
from tests.packages.samples import GOOD, parsed

FIX, OTHER = "fixes/clamped", "fixes/early-return"


@pytest.fixture(scope="module")
def package() -> ChallengePackage:
    made, _ = parsed({path: data for path, data in GOOD.items() if path != "inventory.json"})
    assert made is not None
    return made


def test_a_fix_or_mistake_that_changed_is_run(package: ChallengePackage) -> None:
    fixed = replace(package, fixes={**package.fixes, "clamped": {"library/fees.py": b"x = 1\n"}})
    assert changed(package, fixed, [OTHER]) == [FIX]
    refunds = replace(package.mistakes["refunds"], must_fail=("test_fees.py::test_other",))
    wrong = replace(package, mistakes={**package.mistakes, "refunds": refunds})
    assert changed(package, wrong, [FIX]) == ["mistakes/refunds"]
    both = replace(fixed, mistakes=wrong.mistakes)
    assert changed(package, both, [OTHER]) == [FIX, "mistakes/refunds"]


def test_a_change_of_what_all_share_runs_what_was_shown(package: ChallengePackage) -> None:
    for after in (
        replace(package, hidden={**package.hidden, "test_more.py": b""}),
        replace(package, harness=package.harness + b"\n"),
        replace(package, starter={**package.starter, "more.py": b""}),
        replace(package, manifest=package.manifest.model_copy(update={"services": ("postgres",)})),
    ):
        assert changed(package, after, ["starter", OTHER]) == ["starter", OTHER]


def test_what_is_not_there_any_more_is_not_run(package: ChallengePackage) -> None:
    after = replace(package, fixes={"early-return": package.fixes["early-return"]}, harness=package.harness + b"\n")
    assert changed(package, after, [FIX]) == [OTHER]


def test_a_change_that_no_run_would_show_runs_nothing(package: ChallengePackage) -> None:
    assert changed(package, replace(package, brief="# Another\n", notes="Other ones.\n"), [FIX]) == []


def test_everything_has_a_name(package: ChallengePackage) -> None:
    names = names_of(package)
    assert names[:2] == [FIX, OTHER]
    assert names[-1] == "starter"
    assert len(names) == 2 + len(package.mistakes) + 1
