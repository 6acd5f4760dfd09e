"""Which variant of a challenge each candidate has. Chosen once, and kept whatever becomes of the challenge."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from store.audit import write_deed
from store.engine import Database
from store.records import Deed
from store.tables import VariantRow, table_of

_INSERT = insert(table_of(VariantRow))


class _ChosenMeanwhile(Exception):
    """Another request of the same person was first."""


class Variants:
    """Variants by owner and challenge. `owner`: see `store.records.owner_of`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, owner: str, challenge: str) -> str | None:
        """The owner's variant of the challenge; None before they had one."""
        query = select(VariantRow.variant).where(VariantRow.owner == owner, VariantRow.challenge == challenge)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def of_or_chosen(self, owner: str, challenge: str, choose: Callable[[], str], *, deed: Deed | None = None) -> str:
        """The owner's variant, chosen now if they had none; of two requests at once, both get the same.

        `deed`: what is written down when it was chosen.
        """
        kept = self.of(owner, challenge)
        if kept is not None:
            return kept
        variant = choose()
        try:
            with self._database.writing() as connection:
                values = {"owner": owner, "challenge": challenge, "variant": variant, "drawn_at": self._database.now()}
                try:
                    connection.execute(_INSERT, values)
                except IntegrityError as error:
                    raise _ChosenMeanwhile from error
                if deed is not None:
                    write_deed(connection, deed, self._database)
        except _ChosenMeanwhile:
            kept = self.of(owner, challenge)
            assert kept is not None  # nobody takes one away
            return kept
        return variant
