"""From counts to sentences."""

from __future__ import annotations

from runner.grading.models import SeenBy
from runner.integrity.facts import UPLOADS_REJECTED, integrity_of
from runner.sandbox.answers import COUNTED
from tests.support.relays import PlayedRelay


def test_every_count_of_a_run_has_a_sentence_for_one_and_one_for_many() -> None:
    counted = {*PlayedRelay().report().facts, UPLOADS_REJECTED}
    one = integrity_of(dict.fromkeys(counted, 1)).facts
    many = integrity_of(dict.fromkeys(counted, 1234)).facts

    assert {fact.kind for fact in one} == set(counted) > set(COUNTED)
    assert all("1234" in fact.text for fact in many)
    assert all(a.text != b.text and a.text.endswith(".") for a, b in zip(one, many, strict=True))


def test_nothing_counted_is_nothing_told() -> None:
    assert integrity_of(PlayedRelay().report().facts).facts == []
    assert integrity_of({"of_another_version": 3}).facts == []


def test_what_is_seen_from_inside_the_app_says_so() -> None:
    seen_by = {fact.kind: fact.seen_by for fact in integrity_of(dict.fromkeys(PlayedRelay().report().facts, 1)).facts}

    assert {kind for kind, by in seen_by.items() if by is SeenBy.APP} == {kind for kind in seen_by if "tried" in kind}
