"""All submissions to one challenge, compared with each other.

An index from fingerprint to submissions finds the pairs. A pair is looked for only where it can be: when at least a
share t of A's n fingerprints must be in B, B has at least m of the rarest n - tn + m of A's. That is the prefix filter
of Chaudhuri, Ganti, Kaushik, "A Primitive Operator for Similarity Joins in Data Cleaning", ICDE 2006 (m = 1), with the
longer prefixes of Wang, Li, Feng, "Can We Beat the Prefix Filtering?", SIGMOD 2012. No pair is lost by it.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from runner.integrity.similarity import LEAST_OWN, NAMED_FROM, Similarity
from runner.integrity.winnowing import Prints

#: A fingerprint that more than this share of all candidates have, and more than `COMMON_FROM`, is a common idea.
COMMON_SHARE = 0.05
COMMON_FROM = 10
#: m: with less, too many pairs are looked at that have some rare passage in common; with more, common ones are counted.
_PREFIX_SHARED = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A submission in a comparison. Submissions of one owner are not compared with each other."""

    id: str
    owner: str
    prints: array[int]

    @classmethod
    def of(cls, identity: str, owner: str, prints: Iterable[int]) -> Entry:
        """An entry from fingerprints that are not common ground."""
        return cls(identity, owner, array("I", sorted(prints)))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two submissions of two owners, and how alike they are."""

    a: Entry
    b: Entry
    similarity: Similarity


class Corpus:
    """The submissions to one challenge, as they are now."""

    def __init__(self, entries: Sequence[Entry], pause: Callable[[], None] = lambda: None) -> None:
        """`pause` is called between one entry and the next, for whoever must not work without a break."""
        self._entries = entries
        self._pause = pause
        self._numbers = {entry.id: number for number, entry in enumerate(entries)}

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, identity: str) -> bool:
        return identity in self._numbers

    @cached_property
    def owners(self) -> int:
        """How many owners there are."""
        return len({entry.owner for entry in self._entries})

    @cached_property
    def _spread(self) -> Counter[int]:
        """How many owners have each fingerprint."""
        spread: Counter[int] = Counter()
        for _, group in groupby(sorted(self._entries, key=_owner), key=_owner):
            self._pause()
            spread.update(set[int]().union(*(entry.prints for entry in group)))
        return spread

    @cached_property
    def common(self) -> Prints:
        """Fingerprints that so many have that they say nothing."""
        most = max(COMMON_FROM, COMMON_SHARE * self.owners)
        return frozenset(value for value, owners in self._spread.items() if owners > most)

    @cached_property
    def _own(self) -> list[array[int]]:
        """Each entry's own fingerprints, the rarest first."""
        spread, common = self._spread, self.common
        own: list[array[int]] = []
        for entry in self._entries:
            self._pause()
            kept = (value for value in entry.prints if value not in common)
            own.append(array("I", sorted(kept, key=spread.__getitem__)))
        return own

    @cached_property
    def _holders(self) -> dict[int, array[int]]:
        """The entries that have each fingerprint, of those that more than one owner has."""
        spread = self._spread
        holders: dict[int, array[int]] = {}
        for number, own in enumerate(self._own):
            self._pause()
            for value in own:
                if spread[value] > 1:
                    holders.setdefault(value, array("I")).append(number)
        return holders

    def own(self, identity: str) -> Prints:
        """The fingerprints that are a submission's own."""
        return frozenset(self._own[self._numbers[identity]])

    def pairs(self, *, score: float = NAMED_FROM) -> list[Pair]:
        """The pairs from this score on, the most similar first; of two owners their most similar pair alone."""
        best: dict[tuple[str, str], Pair] = {}
        for number in range(len(self._entries)):
            self._pause()
            for pair in self._pairs_of(number, score):
                owners = min(pair.a.owner, pair.b.owner), max(pair.a.owner, pair.b.owner)
                if owners not in best or _rank(pair) < _rank(best[owners]):
                    best[owners] = pair
        return sorted(best.values(), key=_rank)

    def _pairs_of(self, number: int, score: float) -> Iterator[Pair]:
        """The pairs in which this entry is the one whose share in the other is `score` or more."""
        own, entry = self._own[number], self._entries[number]
        if len(own) < LEAST_OWN:
            return
        needed = math.ceil(score * len(own) - 1e-9)
        at_least = max(1, min(_PREFIX_SHARED, needed))
        counts: Counter[int] = Counter()
        for value in own[: len(own) - needed + at_least]:
            counts.update(self._holders.get(value, ()))
        prints = set(own)
        for other, count in counts.items():
            if count < at_least:
                continue
            if len(self._own[other]) < LEAST_OWN or self._entries[other].owner == entry.owner:
                continue
            similarity = Similarity(len(own), len(self._own[other]), len(prints.intersection(self._own[other])))
            if similarity.a_in_b >= score:
                yield Pair(entry, self._entries[other], similarity)

    def most_similar(self, identity: str, most: int) -> list[Pair]:
        """The submissions of others that are most like this one, one of each owner; it is A in every pair.

        Empty also when this one is too small to be compared.
        """
        number = self._numbers[identity]
        own, entry = self._own[number], self._entries[number]
        if len(own) < LEAST_OWN:
            return []
        counts: Counter[int] = Counter()
        for value in own:
            counts.update(self._holders.get(value, ()))
        best: dict[str, Pair] = {}
        for other, shared in counts.items():
            owner, size = self._entries[other].owner, len(self._own[other])
            if owner == entry.owner or size < LEAST_OWN:
                continue
            pair = Pair(entry, self._entries[other], Similarity(len(own), size, shared))
            if owner not in best or _rank(pair) < _rank(best[owner]):
                best[owner] = pair
        return sorted(best.values(), key=_rank)[:most]


def _owner(entry: Entry) -> str:
    return entry.owner


def _rank(pair: Pair) -> tuple[float, int, str, str]:
    return -pair.similarity.score, -pair.similarity.shared, pair.a.id, pair.b.id
