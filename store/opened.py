"""Records of sessions: how a user came, and what keeps them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class BegunBy(StrEnum):
    """What a session's user showed when it began. `PROVIDER_FACTOR`: their provider asked for a second factor, too."""

    PASSWORD = "password"
    PROVIDER = "provider"
    PROVIDER_FACTOR = "provider+factor"


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session, without its id. `digest`: the id's SHA-256. `expires_at`: the latest time that it can last."""

    digest: str
    user_id: str
    created_at: datetime
    expires_at: datetime
    begun_by: BegunBy = BegunBy.PASSWORD


@dataclass(frozen=True, slots=True)
class Arrival:
    """How a session begins: from which address, and by what. `since`: when its user showed that; None: just now."""

    address: str = ""
    by: BegunBy = BegunBy.PASSWORD
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session just begun. `text`, its id, goes into a cookie and is stored nowhere."""

    record: SessionRecord
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session as its user sees it among their others. `id` names it and opens nothing."""

    id: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool
