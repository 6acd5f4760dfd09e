"""`/submissions/<id>/comments`: what assessors say of single lines of a submission."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response, url_for

from api.context import caller, services
from api.pages.forms import text_fields
from api.pages.rendering import see_other
from api.pages.routing import PageRoutes
from api.pages.submissions import starter_of, submission_page
from api.routing import ASSESSORS, ONLY_SESSIONS, Body, Policy
from api.views import is_hex_id, visible_submission
from store.errors import NotFound
from store.records import SubmissionRecord
from store.reviewed import MOST_TEXT, Place, Side
from store.text import whole_number

routes = PageRoutes("commenting")
_MOST_LINES = 999_999


@routes.post(
    "/submissions/<string:id>/comments",
    Policy(ASSESSORS, Body.FORM, deeds=("comment.add",), credentials=ONLY_SESSIONS),
)
def add(id: str) -> Response:  # noqa: A002 -- the rule's name
    """Say something of a line."""
    submission = visible_submission(services(), caller(), id)
    fields = text_fields("path", "side", "line", "text")
    text = _text(fields)
    place = _place(submission, fields)
    if place is None:
        return submission_page(submission, wrong="There is no such line in that file.", fields=fields, status=422)
    if not text or len(text) > MOST_TEXT:
        return submission_page(submission, wrong=_WRONG, fields=fields, status=422)
    made = services().store.comments.add(submission.id, place, text, author=caller().id)
    return _back(submission, made)


@routes.post(
    "/submissions/<string:id>/comments/<string:comment>",
    Policy(ASSESSORS, Body.FORM, deeds=("comment.edit",), credentials=ONLY_SESSIONS),
)
def edit(id: str, comment: str) -> Response:  # noqa: A002
    """Have a comment of one's own say something else."""
    submission = visible_submission(services(), caller(), id)
    fields = text_fields("text")
    text = _text(fields)
    if not text or len(text) > MOST_TEXT:
        return submission_page(submission, wrong=_WRONG, status=422)
    services().store.comments.edit(submission.id, _known(comment), text, author=caller().id)
    return _back(submission, comment)


@routes.post(
    "/submissions/<string:id>/comments/<string:comment>/delete",
    Policy(ASSESSORS, deeds=("comment.delete",), credentials=ONLY_SESSIONS),
)
def delete(id: str, comment: str) -> Response:  # noqa: A002
    """Take a comment of one's own back."""
    submission = visible_submission(services(), caller(), id)
    services().store.comments.delete(submission.id, _known(comment), author=caller().id)
    return see_other(url_for("pages_submissions.show_submission", id=submission.id))


_WRONG = f"Write something, in at most {MOST_TEXT} characters. Nothing was kept."


def _known(comment: str) -> str:
    if not is_hex_id(comment):
        raise NotFound("comment", "with such an id")
    return comment


def _text(fields: Mapping[str, str]) -> str:
    return fields.get("text", "").replace("\r\n", "\n")


def _place(submission: SubmissionRecord, fields: Mapping[str, str]) -> Place | None:
    """The line that a form names; None where there is none."""
    line = whole_number(fields.get("line", ""), 1, _MOST_LINES)
    path, side = fields.get("path", ""), fields.get("side")
    files = services().store.submissions.content(submission.id).files
    if line is None or path not in files or side not in set(Side):
        return None
    data = files[path] if side == Side.AFTER else starter_of(submission).get(path, b"")
    lines = data.count(b"\n") + (not data.endswith(b"\n") and bool(data))
    return Place(path, Side(side), line) if line <= lines else None


def _back(submission: SubmissionRecord, comment: str) -> Response:
    return see_other(url_for("pages_submissions.show_submission", id=submission.id, _anchor=f"comment-{comment}"))
