"""The JSON of webhooks' deliveries."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from api.schemas import ID_PATTERN, Absent, Model, PageQuery
from store.webhook_rules import DeliveryState, Event


class DeliveriesQuery(PageQuery):
    """Which deliveries."""

    event: Event | Absent = Field(None, description="of this kind only")


class DeliveryPath(BaseModel):
    """A delivery's id in a path."""

    id: str = Field(description="the delivery, its `webhook-id`", json_schema_extra={"pattern": ID_PATTERN})


class DeliveryView(Model):
    """Something that is told. `object_id`: of the grading, submission or token that it is about.

    `due_at`: when it is tried next, null once it is not. `status`: of HTTP, of the last answer, null where there was
    none; `fault`: what was wrong with it, null where nothing was.
    """

    id: str
    event: Event
    object_id: str
    happened_at: datetime
    state: DeliveryState
    attempts: int
    due_at: datetime | None
    tried_at: datetime | None
    status: int | None
    fault: str | None


class DeliveryList(Model):
    """A part of the deliveries, newest first. `next` is the `after` of the next part, null at the end."""

    deliveries: list[DeliveryView]
    next: str | None


class DeliveryMade(Model):
    """A delivery that is to be sent."""

    id: str
