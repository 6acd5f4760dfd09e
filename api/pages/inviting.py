"""Inviting people to an assessment: a list becomes links, which are mailed or shown once.

A link's token is kept nowhere, so mail is sent while the recruiter waits, and the links of those whose mail was not
sent are shown: none is lost (ADR 0028).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from flask import Response
from werkzeug.datastructures import FileStorage

from api.assessments import Offered, manifests, offered
from api.bodies import single_fields
from api.context import caller, services
from api.invitees import BYTE_ORDER_MARK, MOST_PEOPLE, BadList, Invitee, links_csv, read_people
from api.inviting import invitation_to, link_of, token_for
from api.mailing.messages import Mail, invitation_mail
from api.pages.assessments import assessment_page
from api.pages.mailing import is_set_up, mail_each, occasion_of
from api.pages.rendering import page
from api.pages.routing import PageRoutes
from api.routing import ONLY_SESSIONS, RECRUITERS, Body, Policy
from runner.packages.manifest import Manifest
from store.errors import BadToken
from store.invited import NewInvitation
from store.records import IssuedToken, NewToken
from store.text import whole_number

routes = PageRoutes("inviting")
#: Days for which a link may be good.
MOST_DAYS = 365
_MOST_YEARS = 2


@dataclass(frozen=True, slots=True)
class _Asked:
    people: list[Invitee]
    opens_at: datetime | None
    closes_at: datetime


@routes.post(
    "/assessments/<string:source>/invite",
    Policy(RECRUITERS, Body.MULTIPART, deeds=("token.create", "invitation.mail"), credentials=ONLY_SESSIONS),
)
def invite(source: str) -> Response:
    """Make a link for each of a list of people, and mail it where that is asked for. All are made, or none."""
    sent = single_fields(frozenset({"people", "file", "days", "opens_at", "mail"}))
    fields = {name: value for name, value in sent.items() if isinstance(value, str)}
    known = manifests()
    found = offered(source, known)
    try:
        asked = _asked(fields, sent.get("file"))
        invitation = _invitation(found, known)
        news = [token_for(each, invitation, asked.closes_at, asked.opens_at) for each in asked.people]
        issued = services().store.tokens.create_all(news, actor=caller().id)
    except BadList as error:
        return assessment_page(source, wrong=error.wrong, fields=fields, status=422)
    except BadToken as error:
        said = f"{error.message[0].upper()}{error.message[1:]}: {error.hint}"
        return assessment_page(source, wrong=(said,), fields=fields, status=422)
    links = {each.record.id: link_of(each) for each in issued}
    reasons = mail_each(_mails(issued, news, links), "invitation.mail") if "mail" in fields else {}
    left = [each for each in issued if reasons.get(each.record.id, "no address")]
    rows = [(each.record.name, each.record.candidate or "", links[each.record.id]) for each in left]
    return page(
        "invited_all.html",
        source=source,
        title=invitation.assessment.title,
        mailed=[each.record.name for each in issued if reasons.get(each.record.id) == ""],
        rows=rows,
        reasons=[
            reasons.get(each.record.id, "no address") if "mail" in fields and is_set_up() else "" for each in left
        ],
        until=asked.closes_at,
        csv=f"data:text/csv;charset=utf-8,{quote(BYTE_ORDER_MARK + links_csv(rows))}",
    )


def _mails(issued: list[IssuedToken], news: list[NewToken], links: Mapping[str, str]) -> dict[str, Mail]:
    found = {}
    for token, new in zip(issued, news, strict=True):
        if is_set_up() and new.invitation is not None and new.invitation.email is not None:
            link, occasion = links[token.record.id], occasion_of(new.invitation)
            found[token.record.id] = invitation_mail(new.invitation.email, new.name, occasion, link)
    return found


def _invitation(found: Offered, known: Mapping[str, Manifest]) -> NewInvitation:
    invitation = invitation_to(found, known)
    if invitation is None:
        raise BadList(["Nobody can be invited to this assessment at present."])
    return invitation


def _asked(fields: dict[str, str], file: str | FileStorage | None) -> _Asked:
    """Raises BadList."""
    lists = [fields.get("people", "")]
    if isinstance(file, FileStorage) and file.filename:
        try:
            lists.append(file.stream.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise BadList(["The file is not UTF-8 text. Save it as CSV UTF-8."]) from error
    # A list of nobody is only wrong where there is no other.
    people = [each for text in lists if text.strip() for each in read_people(text)] or read_people("")
    if len(people) > MOST_PEOPLE:
        raise BadList([f"These are {len(people)} people, and {MOST_PEOPLE} may be invited at once."])
    now = datetime.now(UTC)
    days = whole_number(fields.get("days", "").strip(), 1, MOST_DAYS)
    if days is None:
        raise BadList([f"It may be begun within 1 to {MOST_DAYS} days."])
    opens_at = _moment(fields.get("opens_at", "").strip())
    return _Asked(people, opens_at, max(now, opens_at or now) + timedelta(days=days))


def _moment(text: str) -> datetime | None:
    """A date and time as the form's field sends it, in UTC."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadList(["The time to begin at can't be read."]) from error
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    # Compared as a moment, and not moved: the calendar ends.
    if abs(found.year - datetime.now(UTC).year) > _MOST_YEARS:
        raise BadList([f"The time to begin at must be within {_MOST_YEARS} years."])
    return found
