"""Copies are found through disguises, and honest work is not named: measured on every challenge there is."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

import pytest

from mendbox.bench.disguises import DISGUISES, disguised, rewritten
from runner.integrity.corpus import Corpus, Entry
from runner.integrity.similarity import LEAST_OWN, NAMED_FROM, Similarity, common_ground, compare, matches
from runner.integrity.winnowing import Files, Lines, fingerprints
from runner.packages.finder import list_challenges
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage

CHALLENGES = list_challenges(Path(__file__).parents[2] / "challenges")
FIXES = [(folder.name, fix.name) for folder in CHALLENGES for fix in sorted((folder / "fixes").iterdir())]
PACKAGES = {folder.name: load_package(folder) for folder in CHALLENGES}


@pytest.fixture(params=sorted(PACKAGES))
def package(request: pytest.FixtureRequest) -> ChallengePackage:
    return PACKAGES[request.param]


@pytest.mark.parametrize("disguise", sorted(DISGUISES))
@pytest.mark.parametrize(("slug", "fix"), FIXES)
def test_a_disguised_copy_is_named(slug: str, fix: str, disguise: str) -> None:
    """The other fixes are common ground, as for a candidate's work that is like none of them."""
    package = PACKAGES[slug]
    files = package.fixes[fix]
    ground = common_ground(package.starter, {name: other for name, other in package.fixes.items() if name != fix})
    own = fingerprints(files) - ground
    for seed in range(3):
        similarity = compare(own, fingerprints(disguised(files, DISGUISES[disguise], seed)) - ground)
        assert similarity.named, similarity


def test_reference_fixes_are_not_named_though_nothing_but_the_starter_is_common_ground(
    package: ChallengePackage,
) -> None:
    own = {name: fingerprints(files) - fingerprints(package.starter) for name, files in package.fixes.items()}
    scores = {(a, b): compare(own[a], own[b]).score for a, b in itertools.combinations(own, 2)}

    assert len(scores) >= 1
    assert max(scores.values()) < 0.35, scores


def test_no_two_of_the_fixes_and_mistakes_are_named(package: ChallengePackage) -> None:
    """Most mistakes were written over a fix, whose part in them is common ground; the rest is each one's own."""
    sent = {**package.fixes, **{name: mistake.files for name, mistake in package.mistakes.items()}, "starter": {}}

    assert Corpus(_entries(package, sent)).pairs() == []


def test_one_fix_as_two_others_would_have_written_it_is_not_named(package: ChallengePackage) -> None:
    ground = fingerprints(package.starter)
    for name, files in package.fixes.items():
        if not any(path.endswith(".py") for path in files):
            continue  # A review is a text, which is not rewritten: two that say the same are the same.
        one, other = (fingerprints(disguised(files, rewritten, seed)) - ground for seed in (1, 2))
        assert compare(one, other).score < 0.35, name


def test_a_copy_of_a_mistake_is_named_among_all_of_them(package: ChallengePackage) -> None:
    own = {
        name: fingerprints(mistake.files) - common_ground(package.starter, package.fixes)
        for name, mistake in package.mistakes.items()
    }
    largest = max(own, key=lambda name: len(own[name]))
    sent = {name: mistake.files for name, mistake in package.mistakes.items()}
    copy = disguised(sent[largest], DISGUISES["all but dead code"], 3)
    pairs = Corpus(_entries(package, {**sent, "copy": copy})).pairs()

    assert [{pair.a.id, pair.b.id} for pair in pairs] == [{largest, "copy"}]


def _entries(package: ChallengePackage, sent: Mapping[str, Files]) -> list[Entry]:
    ground = common_ground(package.starter, package.fixes)
    return [Entry.of(name, name, fingerprints(files) - ground) for name, files in sent.items()]


def test_the_figures_say_what_they_say() -> None:
    similarity = Similarity(own_a=40, own_b=100, shared=30)

    assert (similarity.a_in_b, similarity.b_in_a, similarity.score) == (0.75, 0.3, 0.75)
    assert similarity.jaccard == pytest.approx(30 / 110)
    assert similarity.named


def test_what_is_too_small_is_not_compared() -> None:
    assert not Similarity(LEAST_OWN - 1, 500, LEAST_OWN - 1).comparable
    assert not Similarity(500, LEAST_OWN - 1, LEAST_OWN - 1).named
    assert Similarity(LEAST_OWN, LEAST_OWN, LEAST_OWN // 2).score == NAMED_FROM
    assert Similarity(0, 0, 0).score == Similarity(0, 0, 0).jaccard == 0.0


def test_matches_name_the_lines_of_both() -> None:
    own = b"def f(rows):\n    return {row.id: [one for one in row.parts if one.price > 3] for row in rows}\n"
    renamed = b"def g(x):\n    return {y.a: [z for z in y.b if z.c > 9] for y in x}\n"
    a, b = {"a.py": b"import os\n\n\n" + own}, {"other/b.py": b"x = 1\n\n" + renamed, "c.py": b"y = 2\n"}
    found = matches(a, b, fingerprints(a) & fingerprints(b))

    assert [(match.a, match.b) for match in found] == [(Lines("a.py", 4, 5), Lines("other/b.py", 3, 4))]
