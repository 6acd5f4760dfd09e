"""The form of `POST /submissions`, from fields to an upload that the submission rules can read."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import FileStorage

from api.problems import ApiProblem
from api.schemas import MOST_OF_VARIANT
from runner.submissions.uploads import ArchiveUpload, PatchUpload, Upload
from store.records import SourceKind

FIELDS = frozenset({"challenge", "archive", "patch", "variant"})
_FILES = ("archive", "patch")


@dataclass(frozen=True, slots=True)
class SubmissionForm:
    """What was sent: for which challenge, of its variants which, where that was said, and one file or folder."""

    challenge: str
    variant: str | None
    upload: Upload
    source: SourceKind


def submission_form(fields: dict[str, str | FileStorage]) -> SubmissionForm:
    """Read the fields. Raises ApiProblem for one that is missing, is no file or no text, or where both files are."""
    challenge = fields.get("challenge")
    if not isinstance(challenge, str) or not challenge:
        raise ApiProblem("invalid-request", "the text field `challenge` is missing", field="challenge")
    variant = fields.get("variant")
    if variant is not None and not isinstance(variant, str):
        raise ApiProblem("invalid-request", "`variant` is a file, it must be a text field", field="variant")
    if variant is not None and len(variant) > MOST_OF_VARIANT:
        raise ApiProblem("invalid-request", f"`variant` has more than {MOST_OF_VARIANT} characters", field="variant")
    present = [name for name in _FILES if name in fields]
    if len(present) != 1:
        wrong = "both `archive` and `patch` were sent" if present else "neither `archive` nor `patch` was sent"
        raise ApiProblem(
            "invalid-request", wrong, hint="send one file: a .zip or .tar.gz as `archive`, or a .patch as `patch`"
        )
    name = present[0]
    field = fields[name]
    if isinstance(field, str):
        raise ApiProblem(
            "invalid-request",
            f"`{name}` is a text field, it must be a file",
            field=name,
            hint=f"give the part a filename, with curl: -F {name}=@yourfile",
        )
    data = field.stream.read()
    if name == "archive":
        return SubmissionForm(challenge, variant, ArchiveUpload(data, field.filename), SourceKind.ARCHIVE)
    return SubmissionForm(challenge, variant, PatchUpload(data), SourceKind.PATCH)
