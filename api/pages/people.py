"""`/people`: candidates, and the links by which they come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Response, request, url_for

from api.bodies import single_fields
from api.context import caller, services
from api.csrf import own_origin
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.routing import ONLY_SESSIONS, RECRUITERS, Body, Policy
from api.views import is_hex_id
from store.errors import BadToken, NotFound
from store.records import NewToken, Role, TokenRecord

routes = PageRoutes("people")
_READS = Policy(RECRUITERS, credentials=ONLY_SESSIONS)
_ON_A_PAGE = 50
_MOST_DAYS, _USUAL_DAYS = 365, 14
_CHALLENGE = "challenge-"


@routes.get("/people", _READS)
def list_people() -> Response:
    """Candidates, the last invited first."""
    return _people()


@routes.post("/people", Policy(RECRUITERS, Body.FORM, deeds=("token.create",), credentials=ONLY_SESSIONS))
def invite() -> Response:
    """Make a candidate's link, which is shown this once."""
    slugs = {one.package.slug: one.package.manifest.title for one in services().catalogue.usable()}
    sent = single_fields(frozenset({"name", "reference", "days", *(f"{_CHALLENGE}{slug}" for slug in slugs)}))
    fields = {name: value.strip() for name, value in sent.items() if isinstance(value, str)}
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
            own = own_origin(services().settings.public_url)
            link = f"{own}{url_for('pages_candidate.show_start')}#{issued.text}"
            titles = [slugs[slug] for slug in chosen]
            return page("invited.html", token=issued.record, link_for_candidate=link, titles=titles)
    return _people(wrong=wrong, fields=fields, status=422)


@routes.post("/people/<string:id>/revoke", Policy(RECRUITERS, deeds=("token.revoke",), credentials=ONLY_SESSIONS))
def revoke(id: str) -> Response:  # noqa: A002 -- the rule's name
    """End a candidate's link for good. What they sent stays."""
    if not is_hex_id(id) or services().store.tokens.get(id).role is not Role.CANDIDATE:
        raise NotFound("candidate", "with such an id")
    services().store.tokens.revoke(id, actor=caller().id)
    return see_other(url_for(".list_people"))


def _wrong(fields: dict[str, str], chosen: tuple[str, ...], days: str) -> str:
    """What is missing in the form, as a sentence; empty where nothing is."""
    if not fields.get("name"):
        return "Give the person a name, or a number that you know them by."
    if not chosen:
        return "Choose at least one challenge."
    if not days.isascii() or not days.isdigit() or len(days) > 3 or not 1 <= int(days) <= _MOST_DAYS:
        return f"A link may be good for 1 to {_MOST_DAYS} days."
    return ""


def _people(*, wrong: str = "", fields: dict[str, str] | None = None, status: int = 200) -> Response:
    after = request.args.get("after") or None
    found = services().store.tokens.page(after=after, limit=_ON_A_PAGE, role=Role.CANDIDATE)
    challenges = [one.package for one in services().catalogue.usable()]
    titles = {package.slug: package.manifest.title for package in challenges}
    return page(
        "people.html",
        status,
        rows=[_row(record, titles) for record in found.items],
        challenges=sorted(titles.items(), key=lambda item: item[1]),
        onward=url_for(".list_people", after=found.after) if found.after else None,
        fields={"days": str(_USUAL_DAYS), "name": "", "reference": "", **(fields or {})},
        wrong=wrong,
    )


def _row(record: TokenRecord, titles: dict[str, str]) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        "id": record.id,
        "name": record.name,
        "reference": record.candidate or "",
        "challenges": [titles.get(slug, slug) for slug in record.challenges],
        "made_at": record.created_at,
        "until": record.expires_at,
        "used_at": record.last_used_at,
        "state": "ended" if record.revoked_at else "good" if record.usable_at(now) else "expired",
    }
