"""`/work/done`: a candidate ends their assessment before the time is up; and how a recruiter lets them go on."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from api.assessments import manifests
from api.bodies import single_fields
from api.context import caller, services
from api.invitations import Invited, finish_own, own_invitation
from api.pages.forms import text_fields
from api.pages.people import candidate_with, person_page
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.pages.timing import time_of
from api.routing import CANDIDATES, ONLY_LINKS, ONLY_SESSIONS, RECRUITERS, Body, Policy
from store.errors import NotFound
from store.reviewed import Explanation
from store.tokens import MAX_NAME

routes = PageRoutes("finishing")


@routes.get("/work/done", Policy(CANDIDATES, credentials=ONLY_LINKS))
def show_end() -> Response:
    """What is sent and what is not, and the form by which a candidate says that they are done."""
    found = _own()
    return _end(found) if _can_end(found) else see_other(url_for("pages_candidate.show_work"))


@routes.post("/work/done", Policy(CANDIDATES, Body.FORM, deeds=("invitation.finish",), credentials=ONLY_LINKS))
def finish() -> Response:
    """The candidate is done."""
    found = _own()
    if _can_end(found):
        if single_fields(frozenset({"sure"})).get("sure") != "1":
            return _end(found, "Say that you have looked at this first.", 422)
        finish_own(found)
    return see_other(url_for("pages_candidate.show_work"))


@routes.post(
    "/people/<string:id>/reopen",
    Policy(RECRUITERS, Body.FORM, deeds=("invitation.reopen",), credentials=ONLY_SESSIONS),
)
def reopen(id: str) -> Response:  # noqa: A002 -- the rule's name
    """Have a candidate go on who was done, and say why."""
    token = candidate_with(id)
    why = text_fields("reopen_reason").get("reopen_reason", "")
    if not why or len(why) > MAX_NAME:
        wrong = {"reopen": f"Give a reason, in at most {MAX_NAME} characters."}
        return person_page(token, wrong=wrong, fields={"reopen_reason": why}, status=422)
    services().store.invitations.reopen(token.id, why, actor=caller().id)
    return see_other(url_for("pages_people.show_person", id=token.id))


def _own() -> Invited:
    found = own_invitation()
    if found is None:
        raise NotFound("assessment", "of this link")
    return found


def _can_end(found: Invited) -> bool:
    return found.clock is not None and not found.is_over


def _end(found: Invited, wrong: str = "", status: int = 200) -> Response:
    return page("end.html", status, rows=_rows(found), time=time_of(found), wrong=wrong)


def _rows(found: Invited) -> list[dict[str, Any]]:
    """Each challenge: when something was last sent, whether there is more in the editor, and what is not explained."""
    store, me, known = services().store, caller().id, manifests()
    sent, drafted = store.submissions.last_of_each(me), store.drafts.changed_at(me)
    written = store.explanations.all_of(me)
    rows = []
    for slug in (each.slug for each in found.record.assessment.challenges):
        sent_at = sent[slug].submission.submitted_at if slug in sent else None
        rows.append(
            {
                "slug": slug,
                "title": known[slug].title if slug in known else slug,
                "sent_at": sent_at,
                "is_unsent": slug in drafted and (sent_at is None or drafted[slug] > sent_at),
                "missing": _missing(written.get(slug, Explanation())),
            }
        )
    return rows


def _missing(written: Explanation) -> list[str]:
    answers = {"what was wrong": written.cause, "why this fix": written.choice, "what next": written.outlook}
    return [asks for asks, text in answers.items() if not text]
