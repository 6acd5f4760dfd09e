"""`/api/partner/v1`: for recruiting systems, in the form that Greenhouse documents for assessment partners.

Such a system lists tests, sends one to a candidate and asks how it stands. It names an address to be called when a test
is done, too; nothing is called here, since API and workers connect to nobody whom a request names (ADR 0034).
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from flask import url_for

from api.assessments import Offered, composed, manifests, offered, ready_made
from api.context import caller, services
from api.csrf import own_origin
from api.exporting import Standing, standing_of
from api.invitations import Invited
from api.invitees import Invitee
from api.inviting import USUAL_DAYS, invitation_to, link_of, token_for
from api.mailing.messages import Mail, invitation_mail
from api.pages.mailing import is_set_up, mail_each, occasion_of
from api.partner_schemas import (
    Noted,
    PartnerStatus,
    PartnerTestItem,
    PartnerTestList,
    ResponseError,
    SendTest,
    Stands,
    StatusQuery,
    TestSent,
    sent_json,
)
from api.problems import ApiProblem
from api.quotas import DAY_S, Rule
from api.routing import ONLY_KEYS, RECRUITERS, Body, Doc, Policy, Routes
from api.schemas import as_json
from api.views import is_hex_id
from store.errors import NotFound
from store.invited import NewInvitation
from store.mail import is_address
from store.records import Deed, IssuedToken, NewToken, SubmissionFilter, TokenRecord
from store.states import FINAL, GradingState
from store.text import is_one_line

routes = Routes("partner", "Partner", "/api/partner/v1")
#: Composed assessments in the list, the newest first. Older ones can still be sent.
_MOST_LISTED = 200
#: A key that somebody else has found mails no more people than this.
_SENT = (Rule("tests sent", 500, DAY_S),)
_UNFINISHED = tuple(state for state in GradingState if state not in FINAL)
_log = structlog.get_logger("mendbox.api")


@routes.get("/list_tests", Policy(RECRUITERS, credentials=ONLY_KEYS), Doc({200: PartnerTestList}))
def list_tests() -> list[dict[str, str]]:
    """List the tests that can be sent: assessments that people may be invited to."""
    known = manifests()
    records = services().store.assessments.page(limit=_MOST_LISTED).items
    found = [*(composed(record, known) for record in records), *ready_made(known)]
    items = [
        PartnerTestItem(partner_test_id=each.source, partner_test_name=each.assessment.title)
        for each in found
        if each.is_open and each.assessment is not None
    ]
    return [item.model_dump() for item in items]


@routes.post(
    "/send_test",
    Policy(
        RECRUITERS,
        Body.JSON,
        deeds=("token.create", "token.renew", "invitation.mail"),
        credentials=ONLY_KEYS,
    ),
    Doc({200: TestSent}, ("not-found", "conflict")),
)
def send_test(body: SendTest) -> dict[str, Any]:
    """Send a candidate a test: they get a link by mail. The same request again is the same test, and no second mail.

    Where no mail is sent, or the server did not take it, the answer has the link, and why.
    """
    person = _person(body)
    known = manifests()
    found = offered(body.partner_test_id, known)
    invitation = invitation_to(found, known)
    if invitation is None:
        raise ApiProblem("conflict", "this test can't be sent at present", hint="list the tests, and choose another")
    services().quotas.take(_SENT, caller().id)
    new = token_for(person, invitation, datetime.now(UTC) + timedelta(days=USUAL_DAYS))
    key, page = _key(found, body), body.candidate.greenhouse_profile_url
    made, issued = services().store.partner.send(new, key, page, actor=caller().actor)
    if issued is None and made.told_at is None and not made.is_opened:
        # Nobody has the link: what was made is another text for it, as its own is kept nowhere.
        issued = services().store.tokens.renew(made.token_id, actor=caller().actor)
    if issued is None:
        services().quotas.give_back(_SENT, caller().id)
        return sent_json(TestSent(partner_interview_id=made.token_id))
    return sent_json(_told(issued, new))


@routes.get(
    "/test_status",
    Policy(RECRUITERS, credentials=ONLY_KEYS),
    Doc({200: PartnerStatus}, ("not-found", "invalid-request")),
)
def test_status(query: StatusQuery) -> dict[str, Any]:
    """Read how a test stands. It is complete when its time is over and all that was sent is graded."""
    of = query.partner_interview_id
    record = services().store.invitations.of(of) if is_hex_id(of) and services().store.partner.of(of) else None
    if record is None or not (rows := standing_of([record])):
        raise NotFound("test", "with such a partner_interview_id")
    return as_json(_status(rows[0]))


@routes.post(
    "/response_error",
    Policy(RECRUITERS, Body.JSON, deeds=("partner.complain",), credentials=ONLY_KEYS),
    Doc({200: Noted}),
)
def report_error(body: ResponseError) -> dict[str, Any]:
    """Report an answer that could not be read. It is written into the log and the audit trail."""
    # Its words may hold a person's address: the trail, which is never erased, has how many there were.
    known = body.api_call in ("list_tests", "send_test", "test_status", "response_error")
    detail = {"api_call": body.api_call if known else "another", "errors": len(body.errors)}
    of = str(body.partner_interview_id or "")
    services().store.audit.record(
        Deed(caller().actor, "partner.complain", "token", of if is_hex_id(of) else "", detail)
    )
    _log.warning("another system could not read an answer", **detail)
    return as_json(Noted())


def _person(body: SendTest) -> Invitee:
    """Raises ApiProblem."""
    name = " ".join(f"{body.candidate.first_name} {body.candidate.last_name}".split())
    if not name or not is_one_line(name):
        raise ApiProblem("invalid-request", "the candidate needs a name", field="candidate.first_name")
    email = body.candidate.email.strip()
    if not is_address(email):
        raise ApiProblem("invalid-request", "this is no mail address", field="candidate.email")
    # Whoever is sent two tests is one person, for variants and for what is alike.
    reference = f"ats-{hashlib.sha256(email.lower().encode()).hexdigest()[:12]}"
    return Invitee(name, reference, email=email)


def _key(found: Offered, body: SendTest) -> str:
    """What makes two requests the same one: the test, the address, and the page about the application."""
    parts = (found.source, body.candidate.email.strip().lower(), body.candidate.greenhouse_profile_url or "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _told(issued: IssuedToken, new: NewToken) -> TestSent:
    """Mail the candidate their link; where that fails whoever asks is given it."""
    link, of = link_of(issued), issued.record.id
    reason = "no mail is set up here"
    if is_set_up():
        mail = _mail(new.name, new.invitation, link)
        reason = mail_each({of: mail}, "invitation.mail")[of]
    if not reason:
        services().store.partner.told(of)
        return TestSent(partner_interview_id=of)
    return TestSent(partner_interview_id=of, candidate_link=link, not_mailed=reason)


def _mail(name: str, invitation: NewInvitation | None, link: str) -> Mail:
    assert invitation is not None
    assert invitation.email is not None
    return invitation_mail(invitation.email, name, occasion_of(invitation), link)


def _status(standing: Standing) -> PartnerStatus:
    record, token = standing.found.record, standing.token
    state = _state(standing.found, token)
    metadata: dict[str, str | int | float | bool | None] = {"Assessment": record.assessment.title}
    if record.began_at is not None:
        metadata["Began"] = f"{record.began_at:%Y-%m-%d %H:%M} UTC"
    score = None
    if state == "complete":
        me = caller()
        if services().readings.is_new(me.id, token.id):
            services().store.audit.record(Deed(me.actor, "grades.list", "token", token.id, {"tokens": [token.id]}))
        score = standing.total.score
        metadata |= {"Pass line": record.assessment.pass_line, "Passed": standing.total.passed}
        metadata |= {f"Area {area.value}": round(float(value), 1) for area, value in standing.total.areas.items()}
        if standing.total.missing:
            metadata["Counted as nothing"] = ", ".join(standing.total.missing)
    return PartnerStatus(
        partner_status=state,
        partner_profile_url=own_origin(services().settings.public_url)
        + url_for("pages_people.show_person", id=token.id),
        partner_score=score,
        metadata=metadata,
    )


def _state(found: Invited, token: TokenRecord) -> Stands:
    """`expired` before they began: it can't be begun any more."""
    if found.clock is None:
        return "expired" if found.closed_before or not token.usable_at(found.now) else "sent"
    return "complete" if found.is_over and not _is_busy(token.id) else "started"


def _is_busy(token_id: str) -> bool:
    """Whether anything of theirs is still to be graded."""
    page = services().store.submissions.page
    return any(page(SubmissionFilter(token_id=token_id, state=state), limit=1).items for state in _UNFINISHED)
