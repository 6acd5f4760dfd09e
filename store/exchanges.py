"""What apps answered to hidden tests: submissions' with their gradings, starters' once for each package."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from runner.grading.exchanges import KeptExchange
from store.audit import write_deed
from store.engine import Database
from store.records import Deed
from store.tables import GradingTestRow, StarterExchangesRow
from store.text import clean_json


class Exchanges:
    """Exchanges by hidden test. For assessors alone."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_grading(self, grading_id: str) -> dict[str, KeptExchange]:
        """A grading's; empty for one from before they were kept."""
        query = select(GradingTestRow.test_id, GradingTestRow.exchange).where(
            GradingTestRow.grading_id == grading_id, GradingTestRow.exchange.is_not(None)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return {row.test_id: KeptExchange.model_validate(row.exchange) for row in rows if row.exchange is not None}

    def of_starter(self, challenge_digest: str) -> dict[str, KeptExchange] | None:
        """Those of the untouched starter of a package; None while it was not run."""
        query = select(StarterExchangesRow.exchanges).where(StarterExchangesRow.challenge_digest == challenge_digest)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return {test: KeptExchange.model_validate(each) for test, each in row.exchanges.items()}

    def has_starter(self, challenge_digest: str) -> bool:
        """Whether the untouched starter of a package was run."""
        query = select(StarterExchangesRow.challenge_digest).where(
            StarterExchangesRow.challenge_digest == challenge_digest
        )
        with self._database.reading() as connection:
            return connection.execute(query).one_or_none() is not None

    def add_starter(
        self, challenge_digest: str, challenge: str, exchanges: Mapping[str, KeptExchange], *, worker: str
    ) -> None:
        """Keep those of a starter, which this worker ran. Nothing happens where another worker was first."""
        values = clean_json({test: each.model_dump() for test, each in exchanges.items()})
        made = insert(StarterExchangesRow).values(
            challenge_digest=challenge_digest, challenge=challenge, exchanges=values, at=self._database.now()
        )
        with self._database.writing() as connection:
            try:
                with connection.begin_nested():
                    connection.execute(made)
            except IntegrityError:
                return
            deed = Deed(worker, "starter.run", "challenge", challenge, {"digest": challenge_digest})
            write_deed(connection, deed, self._database)
