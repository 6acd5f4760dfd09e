"""`/webhooks`: for admins: what others are told, what they answered, and having it told again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, request, url_for

from api.context import caller, services
from api.pages.rendering import page, see_other
from api.pages.routing import PageRoutes
from api.routing import ADMINS, ONLY_SESSIONS, Policy
from api.webhooks import need_target, target_host
from api.webhooks import replay as replay_for_caller
from store.webhook_rules import EVENTS, DeliveryState, Event
from store.webhooks import Delivery

routes = PageRoutes("webhooks")
_READS = Policy(ADMINS, credentials=ONLY_SESSIONS)
_ON_A_PAGE = 50
_WORDS = {
    Event.INVITATION_CREATED: "somebody was invited",
    Event.ASSESSMENT_BEGUN: "an assessment was begun",
    Event.SUBMISSION_RECEIVED: "something was sent",
    Event.GRADING_FINISHED: "there is a grade",
    Event.GRADING_FAILED: "the platform failed to grade",
    Event.DECISION_RECORDED: "somebody decided",
    Event.CANDIDATE_ERASED: "a candidate was deleted",
    Event.REGRADE_APPLIED: "a regrade was applied",
    Event.TEST: "a test",
}
_STATES = {
    DeliveryState.WAITING: "waits",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.GIVEN_UP: "given up",
}
_OF_CANDIDATES = frozenset({Event.INVITATION_CREATED, Event.ASSESSMENT_BEGUN, Event.DECISION_RECORDED})
#: How much of an id tells things in a list apart.
_SHORT = 8


@routes.get("/webhooks", _READS)
def show_webhooks() -> Response:
    """Who is told, what, and how that goes."""
    return page("webhooks.html", host=target_host(), events=[*EVENTS.values()], words=_WORDS, **_deliveries())


@routes.get("/webhooks/deliveries", replace(_READS, watches=True))
def show_deliveries() -> Response:
    """The deliveries alone, which the page asks for again and again."""
    if "HX-Request" not in request.headers:
        return see_other(url_for(".show_webhooks"))
    return page("deliveries.html", host=target_host(), **_deliveries())


@routes.post("/webhooks/test", replace(_READS, deeds=("webhook.test",)))
def send_test() -> Response:
    """Send a test."""
    need_target()
    services().store.webhooks.test(actor=caller().id)
    return see_other(url_for(".show_webhooks"))


@routes.post("/webhooks/<string:id>/again", replace(_READS, deeds=("webhook.replay",)))
def send_again(id: str) -> Response:  # noqa: A002 -- the rule's name
    """Send again what was delivered or given up."""
    replay_for_caller(id)
    return see_other(url_for(".show_webhooks"))


def _deliveries() -> dict[str, Any]:
    after = request.args.get("after") or None
    found = services().store.webhooks.page(after=after, limit=_ON_A_PAGE)
    counts = services().store.webhooks.counts()
    return {
        "counts": {_STATES[state]: counts[state] for state in DeliveryState},
        "rows": [_row(each) for each in found.items],
        "onward": url_for("pages_webhooks.show_webhooks", after=found.after) if found.after else None,
        "follow": url_for("pages_webhooks.show_deliveries", after=after),
    }


def _row(delivery: Delivery) -> dict[str, Any]:
    submission = delivery.object_id if delivery.event is Event.SUBMISSION_RECEIVED else delivery.submission_id
    leads_to, about = None, ""
    if submission is not None:
        leads_to = url_for("pages_submissions.show_submission", id=submission)
        about = f"submission {submission[:_SHORT]}"
    elif delivery.event in _OF_CANDIDATES:
        leads_to = url_for("pages_people.show_person", id=delivery.object_id)
        about = f"candidate {delivery.object_id[:_SHORT]}"
    elif delivery.event is Event.REGRADE_APPLIED:
        leads_to = url_for("pages_regrades.show_regrade", id=delivery.object_id)
        about = f"regrade {delivery.object_id[:_SHORT]}"
    elif delivery.event is Event.CANDIDATE_ERASED:
        about = f"candidate {delivery.object_id[:_SHORT]}"
    return {
        "id": delivery.id,
        "says": _WORDS[delivery.event],
        "event": delivery.event.value,
        "about": about,
        "leads_to": leads_to,
        "happened_at": delivery.happened_at,
        "state": _STATES[delivery.state],
        "is_over": delivery.state is not DeliveryState.WAITING,
        "is_good": delivery.state is DeliveryState.DELIVERED,
        "is_bad": delivery.state is DeliveryState.GIVEN_UP,
        "due_at": delivery.due_at if delivery.attempts else None,
        "attempts": delivery.attempts,
        "tried_at": delivery.tried_at,
        "answer": delivery.fault or (f"answered {delivery.status}" if delivery.status is not None else ""),
    }
