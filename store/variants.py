"""Which variant of a challenge each candidate has. Drawn once, and kept whatever becomes of the challenge."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from store.audit import write_deed
from store.engine import Database
from store.records import Deed
from store.tables import VariantRow, table_of

_INSERT = insert(table_of(VariantRow))


class Variants:
    """Variants by owner and challenge. `owner`: see `store.records.owner_of`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, owner: str, challenge: str) -> str | None:
        """The owner's variant of the challenge; None before one was drawn."""
        query = select(VariantRow.variant).where(VariantRow.owner == owner, VariantRow.challenge == challenge)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def of_or_drawn(self, owner: str, challenge: str, draw: Callable[[], str], *, actor: str) -> str:
        """The owner's variant, drawn now if none was; of two that draw at once, both get the same."""
        kept = self.of(owner, challenge)
        if kept is not None:
            return kept
        variant = draw()
        try:
            with self._database.writing() as connection:
                values = {"owner": owner, "challenge": challenge, "variant": variant, "drawn_at": self._database.now()}
                connection.execute(_INSERT, values)
                detail = {"owner": owner, "variant": variant}
                write_deed(connection, Deed(actor, "variant.draw", "challenge", challenge, detail), self._database)
        except IntegrityError:
            kept = self.of(owner, challenge)
            assert kept is not None  # nobody takes one away
            return kept
        return variant
