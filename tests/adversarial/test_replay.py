"""Replay: an app that recorded one grading answers the next from its table.

What must stop it is that each grading has a seed of its own. With the recorded grading's seed the same app scores: the
control that shows that these apps can do what they try.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from unittest import mock

import pytest

from mendbox.sandboxes import open_sandbox
from runner.grading import likeness
from runner.grading.likeness import answered_alike
from runner.grading.proof import STARTER, Evidence, derive_inventory, score_of, submissions_of
from runner.grading.report import RunReport, Sandbox
from runner.grading.service import GradingOptions, run_suite
from runner.packages.inventory import Inventory, InventoryTest, TestKind
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from runner.packages.scaffold import scaffold
from runner.submissions.model import Submission
from store.settings import Settings
from tests.support.library import proving_challenges
from tests.support.recordings import Recording, recorded, replaying

CHALLENGES = [*proving_challenges(), None]
MATCHES = ("exact", "address", "sequence")
FALLBACKS = ("starter", "404")
#: Where answers alone score nothing, not even with the seed they were recorded under, by which way of finding them.
LOOKS_BEHIND = {
    # Functions of the app are called, to make an app for each branch.
    "app-factory": {"exact", "address"},
    # Offices are opened by calls of functions, and the same address is asked of several in one test.
    "config-secrets": {"address", "sequence"},
    # What is heard is heard within the app's process, by the harness's listeners.
    "event-stream": {"exact", "address", "sequence"},
    # Files are looked for on the disk.
    "file-upload": {"exact", "address", "sequence"},
    # A replay stands on the starter, and this one's can't be imported.
    "legacy-upgrade": {"exact", "address", "sequence"},
    # The database counts statements, and an answer without one is none.
    "n-plus-one": {"exact", "address", "sequence"},
    # What was stored is read from the database's tables, and what was charged from the provider's.
    "order-retry": {"exact", "address", "sequence"},
    "transfer-funds": {"exact", "address", "sequence"},
    # Some requests are made within the app's process, by a thread of the harness's; the others' answers score.
    "request-context": {"address"},
    # Most is read from the database's tables, after a function of the harness's was called: requests are few.
    "safe-migration": {"sequence"},
    # Numbers of carts and codes are the app's own, and two processes share what one of them was told.
    "two-workers": {"address", "sequence"},
    # Nearly every request is a form to one address: only what was sent tells whose answer is whose.
    "signup-form": {"address"},
    "order-form": {"address"},
}
#: Where requests that are in flight together come in any order: there is no sequence to go by, unless by chance.
IN_ANY_ORDER = {"rate-limiter", "request-context"}
RECORDED_SEED, NEXT_SEED = 11, 12
JOBS = 2


@dataclass(frozen=True)
class Tried:
    """A package, what its best fix's grading was like, and the scores of apps that replay it."""

    package: ChallengePackage
    recording: Recording
    next_recording: Recording
    score_of_fix: int
    next_seed: dict[tuple[str, str], int]
    same_seed: dict[str, int]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with open_sandbox(Settings.from_env(os.environ), print, warm_pairs=JOBS) as opened:
        yield opened


@pytest.fixture(scope="module", params=CHALLENGES, ids=lambda folder: "template" if folder is None else folder.name)
def tried(request: pytest.FixtureRequest, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    package = load_package(request.param or written_template(tmp_path_factory.mktemp("packages") / "late-fees"))

    def run(submission: Submission, seed: int) -> RunReport:
        return run_suite(package, submission, sandbox, GradingOptions(seed=seed))

    if package.inventory is None:
        submissions, _ = submissions_of(package)
        fixes = {name: [run(submissions[f"fixes/{name}"], RECORDED_SEED)] for name in package.fixes}
        evidence = Evidence(run(submissions[STARTER], RECORDED_SEED), fixes, {}, {})
        package = replace(package, inventory=derive_inventory(package, evidence)[0])
    inventory = package.inventory
    assert inventory is not None
    best = Submission(package.fixes[min(package.fixes)])
    with recorded() as recording:
        score_of_fix = score_of(package, inventory, run(best, RECORDED_SEED))
    with recorded() as next_recording:
        run(best, NEXT_SEED)

    ways = [(match, fallback) for match in MATCHES for fallback in FALLBACKS]
    apps = {way: replaying(package, recording, match=way[0], fallback=way[1]) for way in ways}
    todo = [*((apps[way], NEXT_SEED) for way in ways), *((apps[match, "404"], RECORDED_SEED) for match in MATCHES)]
    with ThreadPoolExecutor(JOBS) as threads:
        scores = [score_of(package, inventory, report) for report in threads.map(lambda each: run(*each), todo)]
    return Tried(
        package,
        recording,
        next_recording,
        score_of_fix,
        dict(zip(ways, scores, strict=False)),
        dict(zip(MATCHES, scores[len(ways) :], strict=True)),
    )


def written_template(folder: Path) -> Path:
    for path, content in scaffold("late-fees", "Late fees").items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def test_a_whole_grading_was_recorded(tried: Tried) -> None:
    assert tried.score_of_fix == 100
    assert tried.package.inventory is not None
    assert set(tried.recording.order()) == {test.id for test in tried.package.inventory.tests}
    assert all(exchange.answered is not None for exchange in tried.recording.exchanges)


def test_no_test_that_earns_points_is_answered_alike_in_two_gradings(tried: Tried) -> None:
    assert tried.package.inventory is not None
    assert tried.recording.order() != tried.next_recording.order()
    fixes = [test.id for test in tried.package.inventory.tests if test.kind is TestKind.FIX]
    # One that makes several apps calls functions of theirs, and makes its requests there.
    earning = [test for test in fixes if tried.recording.answers(test)]
    assert earning == fixes or tried.package.slug in LOOKS_BEHIND
    assert earning
    # A refusal, say, may be the same in both; a whole test may not.
    alike = {test: tried.recording.answers(test) & tried.next_recording.answers(test) for test in earning}
    assert {test: both for test, both in alike.items() if len(both) == len(tried.recording.answers(test))} == {}


def test_a_replay_scores_nothing_in_the_next_grading(tried: Tried) -> None:
    assert tried.next_seed == dict.fromkeys(tried.next_seed, 0)
    assert len(tried.next_seed) == len(MATCHES) * len(FALLBACKS)


def test_a_replay_scores_where_the_seed_is_not_another_one(tried: Tried) -> None:
    assert set(tried.same_seed) == set(MATCHES)
    chance = {"sequence"} if tried.package.slug in IN_ANY_ORDER else set()
    zero = {match for match in MATCHES if tried.same_seed[match] == 0}
    assert zero - chance == LOOKS_BEHIND.get(tried.package.slug, set())


def test_check_tells_an_author_of_tests_that_are_answered_alike(sandbox: Sandbox, tmp_path: Path) -> None:
    package = load_package(written_template(tmp_path / "late-fees"))
    ids = ["test_fees.py::test_the_due_day_is_in_time", "test_fees.py::test_a_return_is_capped[41]"]
    tests = tuple(InventoryTest(id=each, requirement="R1", kind=TestKind.FIX) for each in ids)
    inventory = Inventory(derived_from="", tests=tests)
    assert answered_alike(package, sandbox, inventory) == []
    with mock.patch.object(likeness, "SEEDS", (1, 1)):
        problems = answered_alike(package, sandbox, inventory)
    assert [f"{problem.file}::{problem.key}" for problem in problems] == [f"hidden/{each}" for each in ids]
