"""`/people/<id>/review`: what a candidate did and wrote, without their name, and a form to score it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, url_for

from api.context import caller, services
from api.invitations import invited_with
from api.pages.changes import changes_of
from api.pages.desk import best_of, reviews_shown
from api.pages.forms import text_fields
from api.pages.people import candidate_with
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.routing import ASSESSORS, ONLY_SESSIONS, Body, Policy
from api.views import note_scores_read
from runner.assessments.rubric import MOST, RUBRIC
from runner.errors import ChallengeNotFound, PackageInvalid
from store.records import SubmissionFilter, SubmissionSummary, TokenRecord
from store.reviewed import MOST_TEXT, Explanation

routes = PageRoutes("reviewing")
_POINTS = "points-"
#: Submissions among which the best of each challenge is looked for: the last ones.
_MOST_LOOKED_AT = 200


@routes.get("/reviews", Policy(ASSESSORS, credentials=ONLY_SESSIONS))
def list_reviews() -> Response:
    """Whom the caller could review, without names."""
    return page("reviews_to_give.html", rows=services().store.reviews.to_review(caller().id))


@routes.get("/people/<string:id>/review", Policy(ASSESSORS, credentials=ONLY_SESSIONS))
def show_review(id: str) -> Response:  # noqa: A002 -- the rule's name
    """What there is to review, and the form; whoever has given a review sees all of them."""
    return _page(candidate_with(id))


@routes.post(
    "/people/<string:id>/review",
    Policy(ASSESSORS, Body.FORM, deeds=("review.add",), credentials=ONLY_SESSIONS),
)
def review(id: str) -> Response:  # noqa: A002
    """Keep a review, which can't be changed later."""
    token = candidate_with(id)
    names = [f"{_POINTS}{criterion.name}" for criterion in RUBRIC]
    fields = text_fields("remark", *names)
    given = {name.removeprefix(_POINTS): fields[name] for name in names if fields.get(name, "") in _CHOICES}
    remark = fields.get("remark", "").replace("\r\n", "\n")
    if len(given) < len(RUBRIC):
        return _page(token, "Give points for each of the five.", fields, 422)
    if len(remark) > MOST_TEXT:
        return _page(token, f"A remark may have {MOST_TEXT} characters.", fields, 422)
    points = {name: int(value) for name, value in given.items()}
    services().store.reviews.add(token.id, caller().id, points, remark)
    return see_other(url_for(".show_review", id=token.id))


_CHOICES = frozenset(map(str, range(MOST + 1)))


def _page(token: TokenRecord, wrong: str = "", fields: Mapping[str, str] | None = None, status: int = 200) -> Response:
    store = services().store
    reviews, invited = store.reviews.of(token.id), invited_with(token.id)
    return page(
        "review.html",
        status,
        token=token,
        parts=_parts(token),
        still_runs=invited is not None and not invited.is_over,
        rubric=RUBRIC,
        most=MOST,
        most_text=MOST_TEXT,
        count=len(reviews),
        shown=reviews_shown(reviews, caller().id),
        fields=fields or {},
        wrong=wrong,
    )


def _parts(token: TokenRecord) -> list[dict[str, Any]]:
    """For each challenge what was written, and what the best attempt changed."""
    store = services().store
    written = store.explanations.all_of(token.id)
    sent = store.submissions.page(SubmissionFilter(token_id=token.id), limit=_MOST_LOOKED_AT).items
    note_scores_read(sent)
    return [
        _part(slug, written.get(slug), best_of([each for each in sent if each.submission.challenge == slug]))
        for slug in token.challenges
    ]


def _part(slug: str, written: Explanation | None, best: SubmissionSummary | None) -> dict[str, Any]:
    title, starter = slug, None
    try:
        package = services().catalogue.get(slug).variant(best.submission.variant if best else None).package
        title, starter = package.manifest.title, package.starter
    except (ChallengeNotFound, PackageInvalid):
        pass
    files = services().store.submissions.content(best.submission.id).files if best is not None else {}
    return {
        "title": title,
        "written": written,
        "score": best.graded.score if best is not None and best.graded is not None else None,
        "changes": changes_of(starter or {}, files),
        "can_be_compared": starter is not None,
        "is_sent": best is not None,
    }
