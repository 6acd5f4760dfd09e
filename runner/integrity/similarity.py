"""How alike two submissions are, and which lines of the one are which of the other.

What a submission has of its own is what it is compared by: its fingerprints without those that the starter or a
reference fix has, and without those that many submissions have. The last two are what honest solutions share.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runner.integrity.winnowing import Files, Lines, Prints, fingerprints, passages

#: Fingerprints of its own that a submission must have to be compared: some six lines. Two that are smaller are alike
#: by nature, and no figure is given.
LEAST_OWN = 24
#: From this score on a pair is named in a report. Measured on every challenge: see docs/integrity.md.
NAMED_FROM = 0.5
#: Matches of one pair that are listed, the largest first.
MOST_MATCHES = 100


@dataclass(frozen=True, slots=True)
class Similarity:
    """Of two submissions A and B: fingerprints of its own that each has, and how many of these they share."""

    own_a: int
    own_b: int
    shared: int

    @property
    def a_in_b(self) -> float:
        """The share of A's own fingerprints that B has, too: 0 to 1."""
        return self.shared / self.own_a if self.own_a else 0.0

    @property
    def b_in_a(self) -> float:
        """The share of B's own fingerprints that A has, too: 0 to 1."""
        return self.shared / self.own_b if self.own_b else 0.0

    @property
    def jaccard(self) -> float:
        """The share of all their own fingerprints that both have: 0 to 1."""
        return self.shared / union if (union := self.own_a + self.own_b - self.shared) else 0.0

    @property
    def score(self) -> float:
        """The larger of the two shares: work that was taken and added to is as telling as work taken alone."""
        return max(self.a_in_b, self.b_in_a)

    @property
    def comparable(self) -> bool:
        """Whether both have enough of their own for the figures to mean anything."""
        return min(self.own_a, self.own_b) >= LEAST_OWN

    @property
    def named(self) -> bool:
        """Whether a report names the pair."""
        return self.comparable and self.score >= NAMED_FROM


def compare(a: Prints, b: Prints) -> Similarity:
    """Two submissions by their own fingerprints."""
    return Similarity(len(a), len(b), len(a & b))


def common_ground(starter: Files, fixes: Mapping[str, Files]) -> Prints:
    """The fingerprints of a challenge that count for nobody's own: the starter's, its visible tests', the fixes'."""
    return fingerprints(starter).union(*(fingerprints(files) for files in fixes.values()))


@dataclass(frozen=True, slots=True)
class Match:
    """Lines of A and lines of B with fingerprints in common: `shared` of them."""

    a: Lines
    b: Lines
    shared: int


def matches(a: Files, b: Files, shared: Iterable[int]) -> list[Match]:
    """Where two submissions say the same, for a side-by-side view: the largest matches first."""
    wanted = frozenset(shared)
    in_b = passages(b, wanted)
    found = [
        Match(one.lines, other.lines, count)
        for one in passages(a, wanted)
        for other in in_b
        if (count := len(one.prints & other.prints))
    ]
    found.sort(key=lambda match: (-match.shared, match.a.path, match.a.first, match.b.path, match.b.first))
    return found[:MOST_MATCHES]
