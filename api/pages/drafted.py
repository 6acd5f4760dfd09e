"""A candidate's unsent work beside the starter: what the editor shows, and what would be graded. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.package import ChallengePackage
from runner.submissions.drafts import submission_of_texts, upload_of_texts
from runner.submissions.globs import matches_any
from runner.submissions.model import Submission
from runner.submissions.paths import shown
from runner.submissions.uploads import DirectoryUpload
from store.records import DraftFile

#: Of a file of the starter, in bytes: what is longer is no source that somebody mends, and would be slow to load.
MOST_OPENED = 200_000
Draft = Mapping[str, DraftFile]


def texts_of(draft: Draft) -> dict[str, str]:
    """The files that are not as the starter has them, by path."""
    return {path: file.text for path, file in draft.items() if file.text is not None}


def upload_of_draft(package: ChallengePackage, draft: Draft) -> DirectoryUpload:
    """The whole app with the changes in it, as somebody would send it who changed it on their own machine."""
    return upload_of_texts(package, texts_of(draft))


def graded_of_draft(package: ChallengePackage, draft: Draft, limits: SubmissionLimits) -> Submission:
    """What is graded once it is sent. Raises SubmissionRejected where it can't be."""
    return submission_of_texts(package, texts_of(draft), limits)


def kept_text(package: ChallengePackage, draft: Draft, path: str, data: bytes, limits: SubmissionLimits) -> str | None:
    """The text to keep for a file that somebody saves; None where it is the starter's own.

    Raises SubmissionRejected, by the rules of what is sent: what is kept can be sent later.
    """
    if len(data) > limits.file_bytes:
        raise SubmissionRejected(f"is larger than {limits.file_bytes} bytes", path=shown(path), hint="shorten it")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise SubmissionRejected("is no text in UTF-8", path=shown(path), hint="send it in an archive") from error
    if "\0" in text:
        raise SubmissionRejected("holds a NUL character", path=shown(path), hint="take it out")
    if package.starter.get(path) == data:
        return None
    if path not in draft and len(draft) >= limits.files:
        raise SubmissionRejected(f"more than {limits.files} files were begun", hint="go on with one of those")
    # A challenge may take fewer files than when the draft was begun; that is said when it is looked at as a whole.
    others = {each: file for each, file in draft.items() if matches_any(each, package.manifest.editable)}
    graded = graded_of_draft(package, others | {path: DraftFile(text, 0)}, limits)
    if path not in graded.files:
        raise SubmissionRejected("is left out of what is graded", path=shown(path), hint="give it another name")
    return text


def files_for_editor(package: ChallengePackage, draft: Draft) -> list[dict[str, Any]]:
    """Every file of the starter and of the draft, in the order of their paths.

    `starter` is missing of what was added, `text` of what is not changed. Of a file with a `note` there is neither:
    it says why it is not shown.
    """
    changed = texts_of(draft)
    return [
        {"path": path, "revision": draft[path].revision if path in draft else 0}
        | _content(package, path, changed.get(path))
        for path in sorted({*package.starter, *draft})
    ]


def _content(package: ChallengePackage, path: str, text: str | None) -> dict[str, Any]:
    data = package.starter.get(path)
    found: dict[str, Any] = {"editable": matches_any(path, package.manifest.editable)}
    if text is not None:
        found["text"] = text
    if data is None:
        # What was added and deleted again is not shown; its number counts if it is added once more.
        return found | ({} if text is not None else {"gone": True})
    if len(data) > MOST_OPENED:
        return {"editable": False, "note": f"too large to be opened here: {len(data) // 1024} KiB"}
    try:
        starter = data.decode()
    except UnicodeDecodeError:
        starter = "\0"
    if "\0" in starter:
        return {"editable": False, "note": f"no text: {len(data)} bytes"}
    return found | {"starter": starter}
