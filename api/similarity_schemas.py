"""What the API says of similar submissions, as models."""

from __future__ import annotations

from pydantic import Field

from api.schemas import Model, PageQuery
from runner.integrity.similarity import NAMED_FROM


class SimilarityQuery(PageQuery):
    """Which pairs."""

    at_least: float = Field(
        NAMED_FROM, ge=NAMED_FROM, le=1, description="pairs with this score or more; the least is where naming begins"
    )


class SimilarQuery(Model):
    """How many others."""

    limit: int = Field(5, ge=1, le=20, description="how many at most")


class SimilarityFigures(Model):
    """How alike two submissions are: see docs/integrity.md. `own_a`, `own_b` and `shared` count fingerprints.

    `a_in_b` is the share of A's own that B has too, `b_in_a` the reverse, `jaccard` the share of all own that both
    have, `score` the larger of the first two. All are from 0 to 1.
    """

    score: float
    a_in_b: float
    b_in_a: float
    jaccard: float
    shared: int
    own_a: int
    own_b: int


class SimilarPair(Model):
    """Two submissions of two owners."""

    a: str
    b: str
    figures: SimilarityFigures
    matches_url: str


class SimilarityList(Model):
    """A part of the pairs, the most similar first. `owners`: candidates; submissions by others count one each."""

    challenge: str
    submissions: int
    owners: int
    named_from: float
    least_own: int
    pairs: list[SimilarPair]
    next: str | None


class MatchedLines(Model):
    """Lines of the submission and of the other that say the same, both ends included."""

    path: str
    first: int
    last: int
    other_path: str
    other_first: int
    other_last: int
    shared: int


class SimilarSubmission(Model):
    """Another's submission; in `figures` it is B. `named`: whether a report names the pair."""

    id: str
    url: str
    named: bool
    figures: SimilarityFigures
    matches: list[MatchedLines]


class SimilarSubmissions(Model):
    """What is most like a submission. Not `comparable`: it has less of its own than `least_own`, and no figure."""

    submission: str
    own: int
    comparable: bool
    named_from: float
    least_own: int
    similar: list[SimilarSubmission]
