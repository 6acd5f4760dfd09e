"""`/shared`: a candidate's report for somebody outside the team, by a link that expires.

What stands behind the link's `#` is sent by the page's script as a form, so it is in no address and in no log; the
report is the answer to that form, and nothing is kept in the browser.
"""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from api.assessments import manifests
from api.context import caller, services
from api.csrf import check_origin, own_origin
from api.invitations import total_of
from api.pages.desk import best_of
from api.pages.figures import bars
from api.pages.forms import refused, text_fields
from api.pages.people import candidate_with, person_page
from api.pages.rendering import elsewhere, page, see_other
from api.pages.routing import PageRoutes
from api.problems import ApiProblem
from api.redaction import for_candidate
from api.routing import ONLY_SESSIONS, PUBLIC, RECRUITERS, Body, Policy
from store.records import ANONYMOUS, Deed, SubmissionFilter, TokenRecord
from store.shares import MOST_DAYS, ShareRecord
from store.text import whole_number

routes = PageRoutes("sharing")
#: Submissions among which the best of each challenge is looked for: the last ones.
_MOST_LOOKED_AT = 200


@routes.post(
    "/people/<string:id>/share", Policy(RECRUITERS, Body.FORM, deeds=("share.add",), credentials=ONLY_SESSIONS)
)
def share(id: str) -> Response:  # noqa: A002 -- the rule's name
    """Make a link to a candidate's report, which is shown this once."""
    token = candidate_with(id)
    fields = text_fields("share_days", "with_name")
    days = whole_number(fields.get("share_days", ""), 1, MOST_DAYS)
    if days is None:
        said = f"A report may be shared for 1 to {MOST_DAYS} days."
        return person_page(token, wrong={"share": said}, status=422)
    made = services().store.shares.add(token.id, days, with_name="with_name" in fields, author=caller().id)
    address = f"{own_origin(services().settings.public_url)}{url_for('.show_form')}#{made.text}"
    return page("share_made.html", token=token, share=made.record, address=address)


@routes.post(
    "/people/<string:id>/share/<string:share>/end",
    Policy(RECRUITERS, deeds=("share.end",), credentials=ONLY_SESSIONS),
)
def end_share(id: str, share: str) -> Response:  # noqa: A002
    """End a link to a report."""
    token = candidate_with(id)
    services().store.shares.end(token.id, share, actor=caller().id)
    return see_other(url_for("pages_people.show_person", id=token.id))


@routes.get("/shared", Policy(PUBLIC))
def show_form() -> Response:
    """Where a link to a report leads; without one, a field for the code."""
    return elsewhere() or page("shared_form.html", wrong="")


@routes.post("/shared", Policy(PUBLIC, Body.FORM, deeds=("share.open",)))
def show_shared() -> Response:
    """The report."""
    check_origin(services())
    found = services().store.shares.find(text_fields("code").get("code", ""))
    if found is None:
        said = "This link is not good, or not any more. Ask whoever sent it."
        return refused(ApiProblem("not-found", said), page("shared_form.html", wrong=said))
    store = services().store
    store.audit.record(Deed(ANONYMOUS, "share.open", "token", found.token_id, {"share": found.id}))
    return page("shared.html", **_report(found, store.tokens.get(found.token_id)))


def _report(share: ShareRecord, token: TokenRecord) -> dict[str, Any]:
    """What somebody outside the team sees: no hidden test, no fact of integrity, no note, nobody's name but theirs."""
    store, known = services().store, manifests()
    record = store.invitations.of(token.id)
    reviews = [each.points for each in store.reviews.of(token.id)]
    total = None
    if record is not None:
        total = total_of(record, store.submissions.best_scores({token.id}).get(token.id, {}), reviews)
    areas = {area.value: float(value) for area, value in total.areas.items()} if total is not None else {}
    written = store.explanations.all_of(token.id)
    return {
        "share": share,
        "name": token.name if share.with_name else "A candidate",
        "assessment": record.assessment if record is not None else None,
        "total": total,
        "areas": areas,
        "picture": bars(areas, "Scores by area") if areas else "",
        "parts": [
            {
                "title": known[slug].title if slug in known else slug,
                "grade": _best_grade(token.id, slug),
                "written": written.get(slug),
            }
            for slug in token.challenges
        ],
    }


def _best_grade(token_id: str, slug: str) -> Any:
    """As a candidate sees it; None where nothing is graded."""
    store = services().store
    wanted = SubmissionFilter(challenge=slug, token_id=token_id)
    best = best_of(store.submissions.page(wanted, limit=_MOST_LOOKED_AT).items)
    grade = store.gradings.grade(best.graded.id) if best is not None and best.graded is not None else None
    return for_candidate(grade) if grade is not None else None
