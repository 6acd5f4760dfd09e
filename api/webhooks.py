"""`/webhooks`: what others were told, for admins, and having it told again."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Response, jsonify

from api.context import caller, services
from api.problems import ApiProblem
from api.routing import ADMINS, Doc, Policy, Routes
from api.schemas import as_json
from api.views import is_hex_id
from api.webhook_schemas import DeliveriesQuery, DeliveryList, DeliveryMade, DeliveryPath, DeliveryView
from store.errors import NotFound
from store.webhooks import Delivery

routes = Routes("webhooks", "Webhooks")


@routes.get("/webhooks/deliveries", Policy(ADMINS), Doc({200: DeliveryList}, ("invalid-request",)))
def list_deliveries(query: DeliveriesQuery) -> dict[str, Any]:
    """List what others are told, newest first, of the last thirty days."""
    found = services().store.webhooks.page(event=query.event, after=query.after, limit=query.limit)
    return as_json(DeliveryList(deliveries=[_view(each) for each in found.items], next=found.after))


@routes.post(
    "/webhooks/deliveries/<string:id>/replay",
    Policy(ADMINS, deeds=("webhook.replay",)),
    Doc({202: DeliveryMade}, ("not-found", "conflict")),
)
def replay_delivery(path: DeliveryPath) -> Response:
    """Send again what was delivered or given up."""
    replay(path.id)
    return _accepted(path.id)


@routes.post("/webhooks/test", Policy(ADMINS, deeds=("webhook.test",)), Doc({202: DeliveryMade}, ("conflict",)))
def send_test_event() -> Response:
    """Send a test, which says nothing."""
    need_target()
    return _accepted(services().store.webhooks.test(actor=caller().actor))


def replay(id: str) -> None:  # noqa: A002 -- as everywhere
    """Have the caller have it sent again. Raises NotFound, Conflict, and ApiProblem where no webhook is set up."""
    need_target()
    if not is_hex_id(id):
        raise NotFound("delivery", "with such an id")
    services().store.webhooks.replay(id, actor=caller().actor)


def target_host() -> str:
    """Who is told, for people: the host alone, as the rest of the address may be secret. Empty where nobody is."""
    return urlsplit(services().settings.webhook_url).hostname or ""


def need_target() -> None:
    """Raises ApiProblem where no webhook is set up."""
    if not target_host():
        raise ApiProblem("conflict", "no webhook is set up", hint="set MENDBOX_WEBHOOK_URL: docs/webhooks.md says how")


def _accepted(id: str) -> Response:  # noqa: A002
    response = jsonify(as_json(DeliveryMade(id=id)))
    response.status_code = 202
    return response


def _view(delivery: Delivery) -> DeliveryView:
    return DeliveryView(
        id=delivery.id,
        event=delivery.event,
        object_id=delivery.object_id,
        happened_at=delivery.happened_at,
        state=delivery.state,
        attempts=delivery.attempts,
        due_at=delivery.due_at,
        tried_at=delivery.tried_at,
        status=delivery.status,
        fault=delivery.fault,
    )
