"""Progress of gradings, for people who watch: `collected`, `test` as they end, and every change of state.

`seq` is given out from a counter in the grading's row, in the transaction that writes the events. So numbers have no
gaps and become visible in order: who has read up to n and asks for more misses nothing, on any database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from store.engine import Database, Survives
from store.records import Claim, EventRecord
from store.states import GradingState
from store.tables import GradingEventRow, GradingRow, table_of

_GRADINGS = table_of(GradingRow)

#: Conditions on a grading's row that hold while the claim of `held_by` does.
HELD = (
    _GRADINGS.c.id == bindparam("held_grading"),
    _GRADINGS.c.state == GradingState.RUNNING,
    _GRADINGS.c.claim_token == bindparam("held_token"),
)

_INSERT = insert(table_of(GradingEventRow))
_COUNT = (
    update(_GRADINGS)
    .where(*HELD)
    .values(last_event=_GRADINGS.c.last_event + bindparam("more"), lease_until=bindparam("lease_until"))
    .returning(_GRADINGS.c.last_event)
)

NewEvents = Sequence[tuple[str, Mapping[str, Any]]]


class Events:
    """The progress of gradings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, claim: Claim, events: NewEvents) -> bool:
        """Append events, `(kind, data)`, in one transaction; extends the claim's lease as a heartbeat does.

        False when the claim is lost: nothing was written, and the grading goes on elsewhere. A transaction costs about
        as much with twenty events as with one, so gather those that come within some tens of milliseconds.
        """
        now = self._database.now()
        with self._database.writing(Survives.OUR_CRASH) as connection:
            last = connection.execute(
                _COUNT,
                {
                    **held_by(claim),
                    "more": len(events),
                    "lease_until": now + timedelta(seconds=claim.policy.lease_s),
                },
            ).scalar_one_or_none()
            if last is None:
                return False
            write_events(connection, claim.grading_id, last, events, now)
        return True

    def since(self, grading_id: str, seq: int = 0, *, limit: int = 500) -> list[EventRecord]:
        """The events after `seq`, in order, at most `limit`. Empty where there are none or no such grading."""
        query = (
            select(GradingEventRow.seq, GradingEventRow.kind, GradingEventRow.data, GradingEventRow.at)
            .where(GradingEventRow.grading_id == grading_id, GradingEventRow.seq > seq)
            .order_by(GradingEventRow.seq)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [EventRecord(row.seq, row.kind, row.data, row.at) for row in connection.execute(query)]


def held_by(claim: Claim) -> dict[str, str]:
    """The parameters of HELD."""
    return {"held_grading": claim.grading_id, "held_token": claim.token}


def write_events(connection: Connection, grading_id: str, last_seq: int, events: NewEvents, at: datetime) -> None:
    """Write events whose last has `last_seq`, which the caller has taken from the grading's counter."""
    if events:
        first = last_seq - len(events) + 1
        connection.execute(
            _INSERT,
            [
                {"grading_id": grading_id, "seq": first + place, "kind": kind, "data": dict(data), "at": at}
                for place, (kind, data) in enumerate(events)
            ],
        )
