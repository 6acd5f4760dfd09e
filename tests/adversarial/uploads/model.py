"""What an attack by an upload is, and what it is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from api.bodies import _check_json, single_fields
from api.problems import ApiProblem
from api.uploads import FIELDS, submission_form
from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.submissions.directory import read_directory
from runner.submissions.uploads import Upload
from tests.submissions.builders import EDITABLE, normal

#: What an attack brings in is marked, so that it is found wherever it gets to.
EVIL = b"EVIL = 1\n"
CANARY = "canary-7d1f0c"


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder on disk: `lay` puts it below the given path, which has the canary beside it."""

    lay: Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Form:
    """A multipart form with the boundary `b`, as the API gets it."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON body, as the API gets it."""

    data: bytes


Sent = Upload | Disk | Form | Json


@dataclass(frozen=True, slots=True)
class UploadAttack:
    """One attack. `reason` is a part of what its sender is told; None where only the honest files are taken."""

    name: str
    tries: str
    threat: str
    precedent: str
    stopped_by: str
    build: Callable[[], Sent]
    reason: str | None
    editable: tuple[str, ...] = EDITABLE


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it: the files taken, or why none were."""

    files: dict[str, bytes] | None
    reason: str = ""


_APP = Flask("form")
_LIMITS = SubmissionLimits()


def attempt(
    sent: Sent, folder: Path, *, editable: tuple[str, ...] = EDITABLE, limits: SubmissionLimits = _LIMITS
) -> Result:
    """Send it the way a candidate would."""
    try:
        if isinstance(sent, Disk):
            sent = read_directory(folder, limits)
        if isinstance(sent, Form):
            headers = {"Content-Type": "multipart/form-data; boundary=b"}
            with _APP.test_request_context("/", method="POST", data=sent.data, headers=headers):
                sent = submission_form(single_fields(FIELDS)).upload
        if isinstance(sent, Json):
            with _APP.test_request_context("/", method="POST", data=sent.data, content_type="application/json"):
                _check_json()
            return Result({})
        return Result(dict(normal(sent, editable=editable, limits=limits).files))
    except SubmissionRejected as error:
        return Result(None, error.reason)
    except ApiProblem as error:
        return Result(None, f"{error.detail}")
