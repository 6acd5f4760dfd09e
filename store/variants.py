"""Which variant of a challenge each candidate has. Chosen once, and kept whatever becomes of the challenge."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from store.audit import write_deed
from store.engine import Database
from store.errors import Conflict
from store.records import Deed
from store.tables import VariantRow, table_of

_INSERT = insert(table_of(VariantRow))


class _ChosenMeanwhile(Exception):
    """Another request of the same person was first."""


def give(connection: Connection, database: Database, owner: str, variants: Mapping[str, str], actor: str) -> None:
    """Store, within a transaction, which variants somebody has, before they come.

    Raises Conflict, and the transaction is not to be kept, where they have another one already.
    """
    for challenge, variant in variants.items():
        mine = (VariantRow.owner == owner, VariantRow.challenge == challenge)
        kept = connection.execute(select(VariantRow.variant).where(*mine)).scalar_one_or_none()
        if kept is None:
            try:
                connection.execute(_INSERT, _values(database, owner, challenge, variant))
            except IntegrityError as error:
                raise Conflict(f"{challenge} was looked at meanwhile", hint="try again") from error
            write_deed(connection, Deed(actor, "variant.give", "challenge", challenge, {"variant": variant}), database)
        elif kept != variant:
            raise Conflict(
                f"{owner} has another variant of {challenge} already", hint="leave the variant out: they keep theirs"
            )


def _values(database: Database, owner: str, challenge: str, variant: str) -> dict[str, object]:
    return {"owner": owner, "challenge": challenge, "variant": variant, "drawn_at": database.now()}


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
                try:
                    connection.execute(_INSERT, _values(self._database, owner, challenge, variant))
                except IntegrityError as error:
                    raise _ChosenMeanwhile from error
                if deed is not None:
                    write_deed(connection, deed, self._database)
        except _ChosenMeanwhile:
            kept = self.of(owner, challenge)
            assert kept is not None  # nobody takes one away
            return kept
        return variant
