"""Comments on lines where a page shows those lines. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.pages.changes import ChangedFile
from store.reviewed import CommentRecord, Side


def remarks_of(
    changes: Sequence[ChangedFile], comments: Iterable[CommentRecord], names: Mapping[str, str], me: str
) -> dict[str, dict[str, Any]]:
    """For each file by path: the comments under its lines (`at`, by the line's place in the list), and the others
    (`rest`), whose line is not shown. `me`: the id of whoever looks; `names`: of authors by id.
    """
    lines: dict[tuple[str, Side, int | None], int] = {}
    for file in changes:
        for index, line in enumerate(file.lines):
            lines[file.path, Side.BEFORE, line.before] = index
            lines[file.path, Side.AFTER, line.after] = index
    found: dict[str, dict[str, Any]] = {file.path: {"at": defaultdict(list), "rest": []} for file in changes}
    for comment in comments:
        index_of_line = lines.get((comment.place.path, comment.place.side, comment.place.line))
        of_file = found.setdefault(comment.place.path, {"at": defaultdict(list), "rest": []})
        under = of_file["rest"] if index_of_line is None else of_file["at"][index_of_line]
        under.append(shown(comment, names, me))
    return found


def shown(comment: CommentRecord, names: Mapping[str, str], me: str) -> dict[str, Any]:
    """One comment as templates have it."""
    where = f"line {comment.place.line}" + (" of the starter" if comment.place.side is Side.BEFORE else "")
    return {
        "id": comment.id,
        "submission": comment.submission_id,
        "author": names.get(comment.author, "somebody"),
        "is_mine": comment.author == me,
        "path": comment.place.path,
        "where": where,
        "text": comment.text,
        "at": comment.at,
        "changed_at": comment.changed_at,
    }
