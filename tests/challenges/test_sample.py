"""Which challenges run whole in a run of the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.library import SAMPLE, UNPROVEN_SAMPLE, chosen

FOLDERS = [Path("challenges", name) for name in ("a", "b", "c", "d", "e", "f", "g", "h")]
ALL = frozenset(folder.name for folder in FOLDERS)


def names(proven: frozenset[str], wish: str = "", draw: str = "1") -> list[str]:
    return [folder.name for folder in chosen(FOLDERS, proven, wish, draw)]


def test_few_without_a_certificate_always_run() -> None:
    few = frozenset(sorted(ALL)[:UNPROVEN_SAMPLE])
    for draw in "0123456789":
        assert few <= set(names(ALL - few, draw=draw))


def test_of_many_without_a_certificate_some_are_drawn_and_in_time_each() -> None:
    many = [Path("challenges", f"{number:02}") for number in range(UNPROVEN_SAMPLE + 9)]
    draws = [[folder.name for folder in chosen(many, frozenset(), "", str(draw))] for draw in range(50)]
    assert {len(drawn) for drawn in draws} == {UNPROVEN_SAMPLE}
    assert set().union(*draws) == {folder.name for folder in many}
    assert all(drawn == sorted(drawn) for drawn in draws)


def test_of_those_with_one_a_few_are_drawn_alike_for_one_commit_and_in_time_each() -> None:
    assert names(ALL) == names(ALL)
    draws = [names(ALL, draw=str(draw)) for draw in range(50)]
    assert {len(drawn) for drawn in draws} == {SAMPLE}
    assert set().union(*draws) == ALL


def test_a_wish_is_heard() -> None:
    assert names(ALL, "all") == sorted(ALL)
    assert names(ALL, "h, b") == ["b", "h"]


def test_a_wish_for_a_challenge_that_there_is_not_ends_the_run() -> None:
    with pytest.raises(pytest.UsageError, match="there is no challenge x; there are"):
        names(ALL, "b,x")
