"""Which submissions are alike, for recruiters: figures and lines, and no word of who took from whom."""

from __future__ import annotations

from typing import Any

from api.context import caller, services
from api.routing import RECRUITERS, Doc, Policy, Routes
from api.schemas import ChallengePath, SubmissionPath, as_json
from api.similarity_schemas import (
    MatchedLines,
    SimilarityFigures,
    SimilarityList,
    SimilarityQuery,
    SimilarPair,
    SimilarQuery,
    SimilarSubmission,
    SimilarSubmissions,
)
from api.views import submission_url, visible_submission
from runner.integrity.corpus import Pair
from runner.integrity.similarity import LEAST_OWN, NAMED_FROM, Match, Similarity, matches
from runner.packages.package import ChallengePackage, Files
from runner.packages.rewording import in_the_folders_words
from store.errors import NotFound
from store.pages import decode_cursor, encode_cursor
from store.records import Deed

routes = Routes("similarity", "Similarity")
_PROBLEMS = ("challenge-unknown", "challenge-invalid", "comparison-not-ready", "invalid-request")


@routes.get(
    "/challenges/<string:slug>/similarity", Policy(RECRUITERS), Doc({200: SimilarityList}, (*_PROBLEMS, "not-found"))
)
def list_similar_pairs(path: ChallengePath, query: SimilarityQuery) -> dict[str, Any]:
    """List the most similar pairs of submissions to a challenge, of two candidates their most similar pair."""
    package = services().catalogue.get(path.slug).package
    (start,) = decode_cursor(query.after, (int,)) if query.after is not None else (0,)
    compared = services().comparisons.of(package)
    services().store.audit.record(Deed(caller().actor, "similarity.read", "challenge", package.slug, {}))
    pairs = [pair for pair in compared.pairs if pair.similarity.score >= query.at_least]
    end = start + query.limit
    return as_json(
        SimilarityList(
            challenge=package.slug,
            submissions=len(compared.corpus),
            owners=compared.corpus.owners,
            named_from=NAMED_FROM,
            least_own=LEAST_OWN,
            pairs=[_pair(pair) for pair in pairs[start:end]],
            next=encode_cursor(end) if end < len(pairs) else None,
        )
    )


@routes.get(
    "/submissions/<string:id>/similar", Policy(RECRUITERS), Doc({200: SimilarSubmissions}, (*_PROBLEMS, "not-found"))
)
def list_similar_submissions(path: SubmissionPath, query: SimilarQuery) -> dict[str, Any]:
    """List the submissions of others that are most like this one, with the lines that they share."""
    store = services().store
    submission = visible_submission(services(), caller(), path.id)
    package = services().catalogue.get(submission.challenge).package
    corpus = services().comparisons.of(package).corpus
    if submission.id not in corpus:
        raise NotFound("submission", f"{submission.id} among the newest that are compared")
    store.audit.record(Deed(caller().actor, "similarity.read", "submission", submission.id, {}))
    own, files = corpus.own(submission.id), _files(package, submission.id)
    similar = [
        SimilarSubmission(
            id=pair.b.id,
            url=submission_url(pair.b.id),
            named=pair.similarity.named,
            figures=_figures(pair.similarity),
            matches=[
                _lines(match) for match in matches(files, _files(package, pair.b.id), own & corpus.own(pair.b.id))
            ],
        )
        for pair in corpus.most_similar(submission.id, query.limit)
    ]
    return as_json(
        SimilarSubmissions(
            submission=submission.id,
            own=len(own),
            comparable=len(own) >= LEAST_OWN,
            named_from=NAMED_FROM,
            least_own=LEAST_OWN,
            similar=similar,
        )
    )


def _files(package: ChallengePackage, submission_id: str) -> Files:
    """A submission's files as they were compared."""
    store = services().store
    variant = store.submissions.get(submission_id).variant
    return in_the_folders_words(package, variant, store.submissions.content(submission_id).files)


def _pair(pair: Pair) -> SimilarPair:
    a, b = sorted((pair.a.id, pair.b.id))
    similarity = pair.similarity
    if (a, b) != (pair.a.id, pair.b.id):
        similarity = Similarity(similarity.own_b, similarity.own_a, similarity.shared)
    return SimilarPair(
        a=a,
        b=b,
        figures=_figures(similarity),
        matches_url=f"{submission_url(a).removesuffix('/')}/similar",
    )


def _figures(similarity: Similarity) -> SimilarityFigures:
    return SimilarityFigures(
        score=round(similarity.score, 4),
        a_in_b=round(similarity.a_in_b, 4),
        b_in_a=round(similarity.b_in_a, 4),
        jaccard=round(similarity.jaccard, 4),
        shared=similarity.shared,
        own_a=similarity.own_a,
        own_b=similarity.own_b,
    )


def _lines(match: Match) -> MatchedLines:
    return MatchedLines(
        path=match.a.path,
        first=match.a.first,
        last=match.a.last,
        other_path=match.b.path,
        other_first=match.b.first,
        other_last=match.b.last,
        shared=match.shared,
    )
