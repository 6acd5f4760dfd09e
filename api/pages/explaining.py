"""`/work/<slug>/explanation`: what a candidate writes about their fix."""

from __future__ import annotations

from flask import Response, url_for

from api.bodies import single_fields
from api.challenges import visible_challenge
from api.context import caller, services
from api.invitations import check_time_left, own_invitation
from api.pages.forms import refused, words_for
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.pages.timing import time_of
from api.problems import ApiProblem
from api.routing import CANDIDATES, ONLY_LINKS, Body, Policy
from api.variants import variant_for
from runner.packages.manifest import Area
from store.reviewed import MOST_TEXT, Explanation

routes = PageRoutes("explaining")
_FIELDS = ("cause", "choice", "outlook")


@routes.get("/work/<string:slug>/explanation", Policy(CANDIDATES, credentials=ONLY_LINKS))
def show_explanation(slug: str) -> Response:
    """The form, with what was written before."""
    visible_challenge(slug)
    return _form(slug, services().store.explanations.all_of(caller().id).get(slug, Explanation()))


@routes.post(
    "/work/<string:slug>/explanation",
    Policy(CANDIDATES, Body.FORM, deeds=("explanation.save",), credentials=ONLY_LINKS),
)
def explain(slug: str) -> Response:
    """Keep what was written, as long as there is time."""
    visible_challenge(slug)
    sent = single_fields(frozenset(_FIELDS))
    # Browsers send line ends as networks have them, and count them as one character.
    texts = [str(sent.get(name, "")).replace("\r\n", "\n").strip() for name in _FIELDS]
    cause, choice, outlook = texts
    written = Explanation(cause, choice, outlook)
    try:
        check_time_left()
    except ApiProblem as problem:
        return refused(problem, _form(slug, written, words_for(problem)))
    if any(len(text) > MOST_TEXT for text in texts):
        return _form(slug, written, f"An answer may have {MOST_TEXT} characters. Nothing was kept.", 422)
    services().store.explanations.save(caller().id, slug, written)
    return see_other(url_for("pages_candidate.show_task", slug=slug))


def _form(slug: str, written: Explanation, wrong: str = "", status: int = 200) -> Response:
    invited = own_invitation()
    return page(
        "explanation.html",
        status,
        slug=slug,
        title=variant_for(visible_challenge(slug), None).package.manifest.title,
        written=written,
        most=MOST_TEXT,
        is_over=invited is not None and invited.is_over,
        counts=invited is not None and bool(invited.record.assessment.weight_of(Area.PROBLEM_SOLVING)),
        time=time_of(invited),
        wrong=wrong,
    )
