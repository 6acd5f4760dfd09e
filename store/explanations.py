"""What candidates write about their fixes. The last state is kept; it may be changed as long as their time runs."""

from __future__ import annotations

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from store.assessment_tables import ExplanationRow
from store.audit import write_deed
from store.engine import Database
from store.records import Deed
from store.reviewed import Explanation


class Explanations:
    """Explanations by a candidate's token and challenge."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all_of(self, token_id: str) -> dict[str, Explanation]:
        """The candidate's, by challenge."""
        query = select(
            ExplanationRow.challenge,
            ExplanationRow.cause,
            ExplanationRow.choice,
            ExplanationRow.outlook,
            ExplanationRow.changed_at,
        ).where(ExplanationRow.token_id == token_id)
        with self._database.reading() as connection:
            return {row[0]: Explanation(*row[1:]) for row in connection.execute(query)}

    def save(self, token_id: str, challenge: str, written: Explanation) -> None:
        """Keep this one, in the place of what there was. Its `changed_at` is now, whatever it says."""
        now = self._database.now()
        values = {"cause": written.cause, "choice": written.choice, "outlook": written.outlook, "changed_at": now}
        mine = (ExplanationRow.token_id == token_id, ExplanationRow.challenge == challenge)
        changed = update(ExplanationRow).where(*mine).values(**values)
        with self._database.writing() as connection:
            if not connection.execute(changed).rowcount:
                try:
                    with connection.begin_nested():
                        made = insert(ExplanationRow).values(token_id=token_id, challenge=challenge, **values)
                        connection.execute(made)
                except IntegrityError:
                    # The first one was kept at the same moment, as from another window.
                    connection.execute(changed)
            write_deed(connection, Deed(token_id, "explanation.save", "challenge", challenge), self._database)
