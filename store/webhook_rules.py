"""Webhooks, as far as they are decided without I/O: what is told, how it is signed, when it is tried again.

A delivery is signed as Standard Webhooks has it (standardwebhooks.com): `webhook-id`, `webhook-timestamp` in seconds,
and `webhook-signature`, `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, one for each secret.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from store.records import Role

#: How a secret begins, so that it is known for one.
SECRET_PREFIX = "whsec_"
_LEAST_KEY, _MOST_KEY = 24, 64
#: What is only found after so long is no news any more: nobody wants last month's when webhooks are switched on again.
STALE = timedelta(days=3)
_FIRST_PAUSE_S = 10.0
_LONGEST_PAUSE_S = 8 * 3600.0
#: The pauses of ten failures are 25 hours; an eleventh failure is the last.
MOST_ATTEMPTS = 11
#: Which part of a pause is left to chance, so that what failed together is not tried together.
_CHANCE = 0.2
_GONE = 410


class Event(StrEnum):
    """What others are told."""

    INVITATION_CREATED = "invitation.created"
    ASSESSMENT_BEGUN = "assessment.begun"
    SUBMISSION_RECEIVED = "submission.received"
    GRADING_FINISHED = "grading.finished"
    GRADING_FAILED = "grading.failed"
    DECISION_RECORDED = "decision.recorded"
    CANDIDATE_ERASED = "candidate.erased"
    REGRADE_APPLIED = "regrade.applied"
    TEST = "webhook.test"


class DeliveryState(StrEnum):
    """Where a delivery is. `given_up`: it is not tried again by itself."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


#: The deeds of the audit trail that are told, each as what.
EVENTS: Mapping[str, Event] = {
    "token.create": Event.INVITATION_CREATED,
    "invitation.begin": Event.ASSESSMENT_BEGUN,
    "submission.add": Event.SUBMISSION_RECEIVED,
    "grading.grade": Event.GRADING_FINISHED,
    "grading.give_up": Event.GRADING_FAILED,
    "candidate.decide": Event.DECISION_RECORDED,
    "candidate.erase": Event.CANDIDATE_ERASED,
    "regrade.apply": Event.REGRADE_APPLIED,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """How a target answered. `status`: of HTTP; None where there was no answer, and `fault` says why in a few words."""

    status: int | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class After:
    """What an answer leads to. `pause`: until the next attempt; `fault`: for people, empty where it was taken."""

    state: DeliveryState
    pause: timedelta | None
    fault: str


def event_of(action: str, detail: Mapping[str, Any]) -> Event | None:
    """As what a deed is told; None for one that is not."""
    if action == "token.create" and detail.get("role") != Role.CANDIDATE:
        return None
    return EVENTS.get(action)


def check_url(url: str) -> None:
    """Raises ValueError, which never holds the URL, for what can be no target: paths of such URLs may be secret."""
    try:
        parts = urlsplit(url)
        port = parts.port
        (parts.hostname or "").encode("idna")  # as it is looked up: labels that are too long or empty are none
    except ValueError:
        raise ValueError("can't be read as a URL") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise ValueError("is https://host/path")
    if parts.username is not None or parts.fragment:
        raise ValueError("has neither a user nor a #; what it is sent is signed")
    if not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError("has ASCII letters alone, without spaces; write others as %XX, a host's as xn--…")


def key_of(secret: str) -> bytes:
    """The bytes that a secret, `whsec_` and base64, stands for. Raises ValueError, which never holds it."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(SECRET_PREFIX) or not _LEAST_KEY <= len(key) <= _MOST_KEY:
        raise ValueError(f"is {SECRET_PREFIX} and the base64 of {_LEAST_KEY} to {_MOST_KEY} random bytes")
    return key


def signed(keys: Sequence[bytes], id: str, at: datetime, body: bytes) -> dict[str, str]:  # noqa: A002
    """The headers by which a receiver knows who sent this body, and when."""
    timestamp = str(int(at.timestamp()))
    content = f"{id}.{timestamp}.".encode() + body
    signatures = [base64.b64encode(hmac.digest(key, content, "sha256")).decode() for key in keys]
    return {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def after(answer: Answer, attempts: int, chance: float) -> After:
    """What follows from the answer to the `attempts`-th attempt (the first is 1). `chance`: from 0 to 1."""
    fault = _fault(answer)
    if not fault:
        return After(DeliveryState.DELIVERED, None, "")
    if answer.status == _GONE or attempts >= MOST_ATTEMPTS:
        return After(DeliveryState.GIVEN_UP, None, fault)
    pause_s = min(_FIRST_PAUSE_S * 3 ** (attempts - 1), _LONGEST_PAUSE_S)
    return After(DeliveryState.WAITING, timedelta(seconds=pause_s * (1 + _CHANCE * (2 * chance - 1))), fault)


def _fault(answer: Answer) -> str:
    if answer.status is None:
        return answer.fault
    if answer.status == _GONE:
        return f"answered {_GONE}: it wants no more of this"
    if 300 <= answer.status < 400:
        return f"answered {answer.status}: redirects are not followed"
    return "" if 200 <= answer.status < 300 else f"answered {answer.status}"
