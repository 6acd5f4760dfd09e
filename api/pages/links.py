"""New links for candidates who lost theirs, and reminders for those who have not begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, url_for

from api.assessments import manifests, offered
from api.context import caller, services
from api.inviting import link_of
from api.mailing.messages import Mail, new_link_mail, reminder_mail
from api.pages.mailing import can_be_reminded, is_set_up, mail_each, need_mail, occasion_of
from api.pages.people import candidate_with
from api.pages.rendering import page
from api.pages.routing import PageRoutes
from api.problems import ApiProblem
from api.quotas import DAY_S, Rule
from api.routing import ONLY_SESSIONS, RECRUITERS, Policy
from store.invited import InvitationRecord
from store.records import TokenRecord

routes = PageRoutes("links")
#: However many recruiters press the button, and however often.
_REMINDERS = (Rule("reminders to one person", 1, DAY_S),)
#: Mailed at once: as many as a list may invite.
_MOST_REMINDED = 200
_ALREADY = "was reminded within a day"


@dataclass(frozen=True, slots=True)
class _Told:
    """Who was mailed, or why not. `reason`: empty where the mail was sent."""

    id: str
    name: str
    reason: str


@routes.post(
    "/people/<string:id>/link",
    Policy(RECRUITERS, deeds=("token.renew", "invitation.mail"), credentials=ONLY_SESSIONS),
)
def renew(id: str) -> Response:  # noqa: A002 -- the rule's name
    """Give a candidate a new link, and end the one before it. It is shown this once, and mailed where it can be."""
    token = candidate_with(id)
    issued = services().store.tokens.renew(token.id, actor=caller().id)
    # Also where a recruiting system asked for them: it makes no other link in the place of this one.
    services().store.partner.told(token.id)
    link, found = link_of(issued), services().store.invitations.of(token.id)
    reason, email = "", ""
    if is_set_up() and found is not None and found.email is not None:
        email = found.email
        mail = new_link_mail(email, token.name, occasion_of(found), link)
        reason = mail_each({token.id: mail}, "invitation.mail")[token.id]
    return page("renewed.html", token=issued.record, link_for_candidate=link, email=email, reason=reason)


@routes.post("/people/<string:id>/remind", Policy(RECRUITERS, deeds=("invitation.remind",), credentials=ONLY_SESSIONS))
def remind(id: str) -> Response:  # noqa: A002
    """Remind one candidate who has not begun."""
    need_mail()
    token = candidate_with(id)
    record = services().store.invitations.of(token.id)
    found = [] if record is None or not can_be_reminded(record, token) else [record]
    return _reminded(found, {token.id: token}, url_for("pages_people.show_person", id=token.id), token.name)


@routes.post(
    "/assessments/<string:source>/remind",
    Policy(RECRUITERS, deeds=("invitation.remind",), credentials=ONLY_SESSIONS),
)
def remind_all(source: str) -> Response:
    """Remind all who have not begun and have an address."""
    need_mail()
    found = offered(source, manifests())
    records = services().store.invitations.waiting(found.source)
    tokens = services().store.tokens.some({record.token_id for record in records})
    title = found.assessment.title if found.assessment is not None else found.source
    back = url_for("pages_assessments.show_assessment", source=found.source)
    # Whoever was erased this very moment has a token no more.
    fit = [each for each in records if each.token_id in tokens and can_be_reminded(each, tokens[each.token_id])]
    return _reminded(fit, tokens, back, title)


def _reminded(records: Iterable[InvitationRecord], tokens: dict[str, TokenRecord], back: str, of_what: str) -> Response:
    mails: dict[str, Mail] = {}
    told: list[_Told] = []
    for record in records:
        name = tokens[record.token_id].name
        if len(mails) == _MOST_REMINDED:
            told.append(_Told(record.token_id, name, f"only {_MOST_REMINDED} are reminded at once: do it again"))
        elif record.email is not None and _take(record.token_id):
            mails[record.token_id] = reminder_mail(record.email, name, occasion_of(record))
        else:
            told.append(_Told(record.token_id, name, _ALREADY))
    reasons = mail_each(mails, "invitation.remind")
    for id, reason in reasons.items():  # noqa: A001
        if reason:
            services().quotas.give_back(_REMINDERS, id)
        told.append(_Told(id, tokens[id].name, reason))
    return page("reminded.html", told=told, back=back, of_what=of_what)


def _take(token_id: str) -> bool:
    """Raises QuotasUnavailable."""
    try:
        services().quotas.take(_REMINDERS, token_id)
    except ApiProblem:
        return False
    return True
