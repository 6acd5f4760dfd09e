"""What an attack by an upload is, and what it is tried on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from api.bodies import body_reader, single_fields
from api.problems import ApiProblem
from api.routing import Body, Policy
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


_LIMITS = SubmissionLimits()


def _api() -> Flask:
    """The API's own reading of bodies, with nothing behind it."""
    app = Flask("bodies")
    policies = {kind.name: Policy(None, kind) for kind in (Body.MULTIPART, Body.JSON)}
    for name in policies:
        app.add_url_rule(f"/{name}", name, methods=["POST"])
    app.before_request(body_reader(policies, _LIMITS.upload_bytes))
    return app


_API = _api()
_MEDIA = {Body.MULTIPART: "multipart/form-data; boundary=b", Body.JSON: "application/json"}


def _read(data: bytes, kind: Body) -> Upload | None:
    """The upload in a form; None for JSON, which is read and no more."""
    with _API.test_request_context(f"/{kind.name}", method="POST", data=data, content_type=_MEDIA[kind]):
        _API.preprocess_request()
        return submission_form(single_fields(FIELDS)).upload if kind is Body.MULTIPART else None


def attempt(
    sent: Sent, folder: Path, *, editable: tuple[str, ...] = EDITABLE, limits: SubmissionLimits = _LIMITS
) -> Result:
    """Send it the way a candidate would."""
    try:
        if isinstance(sent, Disk):
            sent = read_directory(folder, limits)
        if isinstance(sent, (Form, Json)):
            upload = _read(sent.data, Body.MULTIPART if isinstance(sent, Form) else Body.JSON)
            if upload is None:
                return Result({})
            sent = upload
        return Result(dict(normal(sent, editable=editable, limits=limits).files))
    except SubmissionRejected as error:
        return Result(None, error.reason)
    except ApiProblem as error:
        return Result(None, f"{error.detail}")
