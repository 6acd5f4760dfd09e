"""Who was let through when: one row per client and group, changed by compare-and-swap.

A row holds the times of the requests that still count. A writer reads it, works out the new times, and writes
them only if the row still holds what was read; else it starts over. No lock is held in between.
"""

import json

from sqlalchemy import Float, String, Text, delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Mapped, mapped_column

from parcels.extensions import db


class RateRow(db.Model):
    """The requests of one client in one group that still count."""

    __tablename__ = "rate_rows"

    client: Mapped[str] = mapped_column(String(80), primary_key=True)
    times: Mapped[str] = mapped_column(Text)
    newest: Mapped[float] = mapped_column(Float, index=True)


def times_of(client: str, after: float) -> list[float]:
    """Times of a client's requests later than `after`, oldest first."""
    return _parse(_read(client), after)


def swap(client: str, after: float, now: float, limit: int) -> tuple[bool, list[float]]:
    """Add `now` to a client's times unless `limit` are later than `after`; gives the times that count."""
    while True:
        stored = _read(client)
        times = _parse(stored, after)
        if len(times) >= limit:
            return False, times
        times.append(now)
        if _replace(client, stored, json.dumps(times), max(times)):
            return True, times


def forget(until: float) -> None:
    """Drop the clients none of whose requests is later than `until`."""
    with db.engine.begin() as connection:
        connection.execute(delete(RateRow).where(RateRow.newest <= until))


def _read(client: str) -> str | None:
    with db.engine.connect() as connection:
        return connection.scalar(select(RateRow.times).where(RateRow.client == client))


def _replace(client: str, stored: str | None, times: str, newest: float) -> bool:
    with db.engine.begin() as connection:
        if stored is None:
            values = {"client": client, "times": times, "newest": newest}
            return connection.execute(insert(RateRow).values(values).on_conflict_do_nothing()).rowcount == 1
        unchanged = update(RateRow).where(RateRow.client == client, RateRow.times == stored)
        return connection.execute(unchanged.values(times=times, newest=newest)).rowcount == 1


def _parse(stored: str | None, after: float) -> list[float]:
    return sorted(at for at in json.loads(stored or "[]") if at > after)
