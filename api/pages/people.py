"""`/people`: candidates, and the links by which they come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, request, url_for

from api.assessments import manifests
from api.commented import comments_seen
from api.context import caller, services
from api.invitations import extra_minutes_for, invited_with, total_of
from api.invitees import extra_minutes_of
from api.inviting import link_of
from api.pages.attempts import attempts_over_time
from api.pages.desk import DECISIONS, minutes_of, reviews_shown, state_of, submission_row
from api.pages.forms import text_fields
from api.pages.inviting import MOST_DAYS
from api.pages.mailing import can_be_reminded, is_set_up
from api.pages.remarks import shown
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.routing import ONLY_SESSIONS, RECRUITERS, Body, Policy
from api.views import is_hex_id, note_scores_read
from store.errors import BadToken, NotFound
from store.invited import InvitationRecord
from store.records import NewToken, Role, SubmissionFilter, TokenRecord
from store.reviewed import MOST_TEXT, NoteKind
from store.text import whole_number
from store.tokens import MAX_NAME

routes = PageRoutes("people")
_READS = Policy(RECRUITERS, credentials=ONLY_SESSIONS)
_ON_A_PAGE = 50
_USUAL_DAYS = 14
_CHALLENGE = "challenge-"


@routes.get("/people", _READS)
def list_people() -> Response:
    """Candidates, the last invited first."""
    return _people()


@routes.post("/people", Policy(RECRUITERS, Body.FORM, deeds=("token.create",), credentials=ONLY_SESSIONS))
def invite() -> Response:
    """Make a candidate's link, which is shown this once."""
    slugs = {slug: manifest.title for slug, manifest in manifests().items()}
    fields = text_fields("name", "reference", "days", *(f"{_CHALLENGE}{slug}" for slug in slugs))
    chosen = tuple(slug for slug in slugs if f"{_CHALLENGE}{slug}" in fields)
    days = fields.get("days", "")
    wrong = _wrong(fields, chosen, days)
    if not wrong:
        expires = datetime.now(UTC) + timedelta(days=int(days))
        new = NewToken(fields["name"], Role.CANDIDATE, chosen, fields.get("reference") or None, expires)
        try:
            issued = services().store.tokens.create(new, actor=caller().id)
        except BadToken as error:
            wrong = f"{error.message[0].upper()}{error.message[1:]}: {error.hint}"
        else:
            titles = [slugs[slug] for slug in chosen]
            return page("invited.html", token=issued.record, link_for_candidate=link_of(issued), titles=titles)
    return _people(wrong=wrong, fields=fields, status=422)


@routes.post("/people/<string:id>/revoke", Policy(RECRUITERS, deeds=("token.revoke",), credentials=ONLY_SESSIONS))
def revoke(id: str) -> Response:  # noqa: A002 -- the rule's name
    """End a candidate's link for good. What they sent stays."""
    services().store.tokens.revoke(candidate_with(id).id, actor=caller().id)
    return see_other(url_for(".list_people"))


@routes.get("/people/<string:id>", _READS)
def show_person(id: str) -> Response:  # noqa: A002
    """One candidate: how they stand, what they sent, and what they may have beside."""
    return person_page(candidate_with(id))


@routes.post(
    "/people/<string:id>/time",
    Policy(RECRUITERS, Body.FORM, deeds=("invitation.allow",), credentials=ONLY_SESSIONS),
)
def give_time(id: str) -> Response:  # noqa: A002
    """Give one candidate more time, from now on where theirs is over, and say why."""
    token = candidate_with(id)
    found = invited_with(token.id)
    if found is None:
        raise NotFound("assessment", "of this candidate")
    fields = text_fields("extra_minutes", "reason")
    wrong = ""
    try:
        minutes = extra_minutes_of(fields.get("extra_minutes", ""))
    except ValueError as error:
        minutes, wrong = 0, str(error).capitalize() + "."
    reason = fields.get("reason", "")
    if not reason or len(reason) > MAX_NAME:
        wrong = wrong or f"Give a reason, in at most {MAX_NAME} characters."
    if not wrong and not minutes:
        wrong = "Say how many minutes."
    if not wrong and not token.usable_at(found.now):
        wrong = "Their link is not good any more, so time is of no use to them. Invite them again."
    if wrong:
        return person_page(token, wrong={"time": wrong}, fields=fields, status=422)
    extra = extra_minutes_for(found, minutes)
    services().store.invitations.allow(token.id, extra, reason, actor=caller().id)
    return see_other(url_for(".show_person", id=token.id))


@routes.post(
    "/people/<string:id>/notes",
    Policy(RECRUITERS, Body.FORM, deeds=("candidate.note", "candidate.decide"), credentials=ONLY_SESSIONS),
)
def note(id: str) -> Response:  # noqa: A002
    """Write down a note, or how it goes on with the candidate and why."""
    token = candidate_with(id)
    fields = text_fields("kind", "text")
    text = fields.get("text", "").replace("\r\n", "\n")
    if fields.get("kind") not in set(NoteKind) or not text or len(text) > MOST_TEXT:
        wrong = f"Write something, in at most {MOST_TEXT} characters."
        return person_page(token, wrong={"note": wrong}, fields=fields, status=422)
    services().store.reviews.note(token.id, caller().id, NoteKind(fields["kind"]), text)
    return see_other(url_for(".show_person", id=token.id))


@routes.post(
    "/people/<string:id>/erase",
    Policy(RECRUITERS, Body.FORM, deeds=("candidate.erase",), credentials=ONLY_SESSIONS),
)
def erase(id: str) -> Response:  # noqa: A002
    """Delete all that is kept of a candidate, for good."""
    token = candidate_with(id)
    fields = text_fields("sure", "why")
    why = fields.get("why", "")
    if fields.get("sure") != "1" or not why or len(why) > MAX_NAME:
        wrong = f"Give a reason, in at most {MAX_NAME} characters, and say that you are sure."
        return person_page(token, wrong={"erase": wrong}, fields=fields, status=422)
    services().store.erasure.erase(token.id, why, actor=caller().id)
    return see_other(url_for(".list_people"))


def candidate_with(id: str) -> TokenRecord:  # noqa: A002
    """The candidate's token. Raises NotFound, also for a token that is no candidate's."""
    if not is_hex_id(id) or (found := services().store.tokens.get(id)).role is not Role.CANDIDATE:
        raise NotFound("candidate", "with such an id")
    return found


def person_page(
    token: TokenRecord,
    *,
    wrong: Mapping[str, str] | None = None,
    fields: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """One candidate's page. `wrong`: what is the matter with a form that was sent, by its name: `time`, `note`,
    `share`, `reopen` or `erase`."""
    store, known = services().store, manifests()
    sent = store.submissions.page(SubmissionFilter(token_id=token.id), limit=_ON_A_PAGE)
    note_scores_read(sent.items)
    found, reviews, notes = invited_with(token.id), store.reviews.of(token.id), store.reviews.notes(token.id)
    record = found.record if found is not None else None
    total = None
    if record is not None:
        scores = store.submissions.best_scores({token.id}).get(token.id, {})
        total = total_of(record, scores, [each.points for each in reviews])
    titles = {slug: manifest.title for slug, manifest in known.items()}
    return page(
        "person.html",
        status,
        token=token,
        link_state=_link_state(token),
        may_mail=is_set_up() and record is not None and record.email is not None,
        may_remind=is_set_up() and record is not None and can_be_reminded(record, token),
        invitation=record,
        partner=store.partner.of(token.id),
        stands=state_of(found) if found is not None else "",
        waited=minutes_of(found.clock.waited) if found and found.clock and found.clock.waited else "",
        total=total,
        areas=[(area.value, round(float(value))) for area, value in total.areas.items()] if total else [],
        missing=[titles.get(each, each) for each in total.missing] if total else [],
        rows=[submission_row(row, {token.id: token}, titles) for row in sent.items],
        **attempts_over_time(record, sent.items, titles),
        has_more=sent.after is not None,
        fields={"extra_minutes": "", "reason": "", **(fields or {})},
        wrong=wrong or {},
        count=len(reviews),
        shown=reviews_shown(reviews, caller().id),
        notes=notes,
        remarks=_remarks(token.id),
        shares=[(each, each.usable_at(datetime.now(UTC))) for each in store.shares.of(token.id)],
        keeps_days=services().settings.retention_days,
        kinds=DECISIONS,
        authors=store.users.names({note.author for note in notes}),
    )


def _remarks(token_id: str) -> list[dict[str, Any]]:
    """What was said of lines that they sent, as far as the caller sees it."""
    store = services().store
    seen = comments_seen(token_id, store.comments.of_candidate(token_id))
    names = store.users.names({each.author for each in seen})
    return [shown(each, names, caller().id) for each in seen]


def _wrong(fields: dict[str, str], chosen: tuple[str, ...], days: str) -> str:
    """What is missing in the form, as a sentence; empty where nothing is."""
    if not fields.get("name"):
        return "Give the person a name, or a number that you know them by."
    if not chosen:
        return "Choose at least one challenge."
    if whole_number(days, 1, MOST_DAYS) is None:
        return f"A link may be good for 1 to {MOST_DAYS} days."
    return ""


def _people(*, wrong: str = "", fields: dict[str, str] | None = None, status: int = 200) -> Response:
    after = request.args.get("after") or None
    found = services().store.tokens.page(after=after, limit=_ON_A_PAGE, role=Role.CANDIDATE)
    invitations = services().store.invitations.some({record.id for record in found.items})
    titles = {slug: manifest.title for slug, manifest in manifests().items()}
    return page(
        "people.html",
        status,
        rows=[_row(record, titles, invitations.get(record.id)) for record in found.items],
        challenges=sorted(titles.items(), key=lambda item: item[1]),
        onward=url_for(".list_people", after=found.after) if found.after else None,
        fields={"days": str(_USUAL_DAYS), "name": "", "reference": "", **(fields or {})},
        wrong=wrong,
    )


def _row(record: TokenRecord, titles: dict[str, str], invitation: InvitationRecord | None) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "reference": record.candidate or "",
        "assessment": invitation.assessment.title if invitation else "",
        "source": invitation.source if invitation else "",
        "challenges": [titles.get(slug, slug) for slug in record.challenges],
        "made_at": record.created_at,
        "until": record.expires_at,
        "used_at": record.last_used_at,
        "state": _link_state(record),
    }


def _link_state(record: TokenRecord) -> str:
    return "ended" if record.revoked_at else "good" if record.usable_at(datetime.now(UTC)) else "expired"
