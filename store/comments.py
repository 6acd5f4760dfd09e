"""What assessors say of single lines of submissions. Authors may change and take back their own."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from store.assessment_tables import LineCommentRow
from store.audit import write_deed
from store.engine import Database
from store.errors import Conflict, NotFound
from store.records import Deed
from store.reviewed import CommentRecord, Place, Side
from store.tables import SubmissionRow

#: On one submission, of one author.
MOST_COMMENTS = 100
#: Of one candidate that are read at once, the first.
_MOST_READ = 1000
_COLUMNS = (
    LineCommentRow.id,
    LineCommentRow.submission_id,
    LineCommentRow.path,
    LineCommentRow.side,
    LineCommentRow.line,
    LineCommentRow.author,
    LineCommentRow.text,
    LineCommentRow.at,
    LineCommentRow.changed_at,
)


class Comments:
    """Comments by submission."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, submission_id: str, place: Place, text: str, *, author: str) -> str:
        """Keep a comment; its id. Raises Conflict where the author has `MOST_COMMENTS` on the submission,
        NotFound where there is no such submission."""
        comment_id = uuid.uuid4().hex
        mine = (
            select(func.count())
            .select_from(LineCommentRow)
            .where(LineCommentRow.submission_id == submission_id, LineCommentRow.author == author)
            .where(LineCommentRow.deleted_at.is_(None))
        )
        with self._database.writing() as connection:
            if connection.execute(mine).scalar_one() >= MOST_COMMENTS:
                raise Conflict(f"you have made {MOST_COMMENTS} comments on it", hint="take one back, or write a note")
            values = {"path": place.path, "side": place.side, "line": place.line, "author": author, "text": text}
            made = insert(LineCommentRow).values(
                id=comment_id, submission_id=submission_id, at=self._database.now(), **values
            )
            try:
                connection.execute(made)
            except IntegrityError as error:
                # Whose it was may have been erased this very moment.
                raise NotFound("submission", submission_id) from error
            self._note(connection, "comment.add", submission_id, comment_id, author)
        return comment_id

    def edit(self, submission_id: str, comment_id: str, text: str, *, author: str) -> None:
        """Have a comment say something else. Raises NotFound, also for another's."""
        self._change("comment.edit", (submission_id, comment_id), author, text=text)

    def delete(self, submission_id: str, comment_id: str, *, author: str) -> None:
        """Take a comment back; its text is gone. Raises NotFound, also for another's."""
        self._change("comment.delete", (submission_id, comment_id), author, text="", deleted_at=self._database.now())

    def of(self, submission_id: str) -> list[CommentRecord]:
        """All of a submission, the first made first."""
        return self._read(select(*_COLUMNS).where(LineCommentRow.submission_id == submission_id))

    def of_candidate(self, token_id: str) -> list[CommentRecord]:
        """All on what a candidate sent, the first made first: one query for all."""
        query = select(*_COLUMNS).join(SubmissionRow, SubmissionRow.id == LineCommentRow.submission_id)
        return self._read(query.where(SubmissionRow.token_id == token_id))

    def _read(self, query: Select[*tuple[Any, ...]]) -> list[CommentRecord]:
        kept = query.where(LineCommentRow.deleted_at.is_(None))
        with self._database.reading() as connection:
            rows = connection.execute(kept.order_by(LineCommentRow.at, LineCommentRow.id).limit(_MOST_READ)).all()
        return [_record(row) for row in rows]

    def _change(self, deed: str, which: tuple[str, str], author: str, **values: Any) -> None:
        submission_id, comment_id = which
        changed = (
            update(LineCommentRow)
            .where(LineCommentRow.id == comment_id, LineCommentRow.submission_id == submission_id)
            .where(LineCommentRow.author == author, LineCommentRow.deleted_at.is_(None))
            .values(changed_at=self._database.now(), **values)
        )
        with self._database.writing() as connection:
            if not connection.execute(changed).rowcount:
                raise NotFound("comment", "of yours with such an id")
            self._note(connection, deed, submission_id, comment_id, author)

    def _note(self, connection: Connection, deed: str, submission_id: str, comment_id: str, author: str) -> None:
        # Without the text: who reads the trail may have a review to give.
        detail = {"comment": comment_id}
        write_deed(connection, Deed(author, deed, "submission", submission_id, detail), self._database)


def _record(row: Row[*tuple[Any, ...]]) -> CommentRecord:
    return CommentRecord(
        id=row.id,
        submission_id=row.submission_id,
        place=Place(row.path, Side(row.side), row.line),
        author=row.author,
        text=row.text,
        at=row.at,
        changed_at=row.changed_at,
    )
