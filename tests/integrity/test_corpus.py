"""The most similar pairs of many."""

from __future__ import annotations

import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from runner.integrity.corpus import COMMON_FROM, Corpus, Entry
from runner.integrity.similarity import LEAST_OWN, compare


def _entry(name: str, prints: range | set[int], owner: str | None = None) -> Entry:
    return Entry.of(name, owner or name, prints)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from([0.3, 0.5, 0.75, 1.0]))
def test_the_index_finds_exactly_the_pairs_that_comparing_all_with_all_finds(seed: int, score: float) -> None:
    chance = random.Random(seed)
    entries: list[Entry] = []
    for number in range(12):
        prints = set(chance.sample(range(400), chance.randrange(0, 70)))
        if entries and chance.random() < 0.6:
            taken = chance.choice(entries).prints
            prints |= set(chance.sample(list(taken), int(len(taken) * chance.random())))
        entries.append(_entry(str(number), prints))
    corpus = Corpus(entries)
    own = {entry.id: frozenset(entry.prints) - corpus.common for entry in entries}
    expected = {
        (a, b)
        for a, b in itertools.combinations(own, 2)
        if compare(own[a], own[b]).comparable and compare(own[a], own[b]).score >= score
    }

    found = {tuple(sorted((pair.a.id, pair.b.id), key=int)) for pair in corpus.pairs(score=score)}

    assert found == expected


def test_pairs_come_with_their_figures_the_most_similar_first() -> None:
    corpus = Corpus([_entry("a", range(100)), _entry("b", range(50, 150)), _entry("c", range(5, 100))])
    first, second, third = corpus.pairs()

    assert ({first.a.id, first.b.id}, first.similarity.score) == ({"a", "c"}, 1.0)
    assert ({second.a.id, second.b.id}, second.similarity.shared) == ({"b", "c"}, 50)
    assert ({third.a.id, third.b.id}, third.similarity.jaccard) == ({"a", "b"}, 50 / 150)


def test_submissions_of_one_owner_are_not_compared_and_two_owners_are_named_once() -> None:
    entries = [
        _entry("ada 1", range(100), "ada"),
        _entry("ada 2", range(90), "ada"),
        _entry("bob 1", range(60), "bob"),
        _entry("bob 2", range(95), "bob"),
    ]
    corpus = Corpus(entries)

    assert [{pair.a.id, pair.b.id} for pair in corpus.pairs()] == [{"ada 1", "bob 2"}]
    assert [pair.b.id for pair in corpus.most_similar("ada 2", 5)] == ["bob 2"]


def test_what_many_have_is_nobodys_own() -> None:
    idea = range(1000, 1000 + LEAST_OWN)
    alone = [_entry(f"{n}", {*idea, *range(n * 10_000, n * 10_000 + LEAST_OWN)}) for n in range(1, COMMON_FROM + 1)]
    assert Corpus(alone).pairs()

    more = [*alone, _entry("one more", {*idea, *range(LEAST_OWN)})]

    assert Corpus(more).pairs() == []
    assert Corpus(more).own("one more") == frozenset(range(LEAST_OWN))


def test_many_submissions_of_one_owner_make_nothing_common() -> None:
    often = [_entry(f"ada {n}", range(50), "ada") for n in range(COMMON_FROM + 5)]

    assert len(Corpus([*often, _entry("bob", range(50))]).pairs()) == 1


def test_what_is_too_small_is_in_no_pair() -> None:
    corpus = Corpus([_entry("a", range(LEAST_OWN - 1)), _entry("b", range(LEAST_OWN - 1)), _entry("c", range(100))])

    assert corpus.pairs() == []
    assert corpus.most_similar("a", 5) == corpus.most_similar("c", 5) == []


def test_the_most_similar_are_listed_whatever_their_score() -> None:
    entries = [
        _entry("a", range(100)),
        _entry("b", range(90, 190)),
        _entry("c", range(50, 150)),
        _entry("d", range(900, 999)),
    ]

    assert [(p.a.id, p.b.id, p.similarity.shared) for p in Corpus(entries).most_similar("a", 5)] == [
        ("a", "c", 50),
        ("a", "b", 10),
    ]
