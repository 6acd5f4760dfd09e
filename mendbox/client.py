"""A client of the HTTP API, as anyone could write it: submissions, their progress, tokens."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from runner.errors import MendboxError, PlatformFault, SubmissionRejected
from runner.limits import SubmissionLimits
from runner.submissions.directory import read_upload
from runner.submissions.uploads import ArchiveUpload, DirectoryUpload, PatchUpload, Upload

#: A submission's own size is small; the platform's answer may wait for a busy disk.
_ANSWER_S = 30.0
#: The event stream sends a heartbeat more often than this.
_SILENCE_S = 45.0


class ApiRefused(MendboxError):
    """The API said no: by its problem document's own words."""


class ApiUnavailable(PlatformFault):
    """The API can't be reached, or failed."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What the API answered to a submission."""

    id: str
    url: str
    left_out: tuple[str, ...]


def upload_from(path: Path, limits: SubmissionLimits | None = None) -> tuple[str, str, bytes]:
    """Form field, file name and bytes for what lies at `path`. Raises SubmissionRejected when it can't be read."""
    upload: Upload = read_upload(path, limits or SubmissionLimits())
    match upload:
        case PatchUpload(data):
            return "patch", path.name, data
        case ArchiveUpload(data):
            return "archive", path.name, data
        case DirectoryUpload(entries):
            buffer = io.BytesIO()
            with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
                for entry in entries:
                    if entry.data is not None:
                        archive.writestr(zipfile.ZipInfo(entry.path), entry.data)
            return "archive", f"{path.name}.zip", buffer.getvalue()


class ApiClient:
    """Speaks to one API as one token. Close it, or use it in a `with` statement."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.trust_env = False

    def submit(self, challenge: str, path: Path) -> Submitted:
        """Send what lies at `path`. Raises SubmissionRejected, ApiRefused, ApiUnavailable."""
        field, name, data = upload_from(path)
        answer = self._call("POST", "/api/v1/submissions", data={"challenge": challenge}, files={field: (name, data)})
        return Submitted(answer["id"], self.url + answer["url"], tuple(answer.get("left_out", ())))

    def submission(self, identity: str) -> dict[str, Any]:
        """A submission as this token may see it."""
        return self._call("GET", f"/api/v1/submissions/{identity}")

    def get(self, path: str) -> dict[str, Any]:
        """Any resource, as JSON."""
        return self._call("GET", path)

    def post(self, path: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Post JSON to any resource."""
        return self._call("POST", path, json=dict(document))

    def events(self, identity: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """A submission's events until its grade or error. Raises ApiUnavailable when the stream breaks off."""
        address = f"{self.url}/api/v1/submissions/{identity}/events"
        try:
            with self._session.get(address, stream=True, timeout=(_ANSWER_S, _SILENCE_S)) as answer:
                self._check(answer)
                yield from _parse_events(answer)
        except requests.RequestException as error:
            raise self._unreachable(error) from error

    def _call(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        try:
            answer = self._session.request(method, self.url + path, timeout=_ANSWER_S, **arguments)
        except requests.RequestException as error:
            raise self._unreachable(error) from error
        self._check(answer)
        return dict(answer.json()) if answer.content else {}

    def _check(self, answer: requests.Response) -> None:
        if answer.ok:
            return
        try:
            problem = answer.json()
        except ValueError:
            problem = {}
        said = problem.get("detail") or problem.get("title") or f"status {answer.status_code}"
        if problem.get("type", "").endswith(":submission-rejected"):
            raise SubmissionRejected(problem.get("reason") or said, path=problem.get("path"), hint=problem.get("hint"))
        kind = ApiUnavailable if answer.status_code >= 500 else ApiRefused
        raise kind(f"the API refused: {said}", hint=problem.get("hint") or _HINTS.get(answer.status_code))

    def _unreachable(self, error: Exception) -> ApiUnavailable:
        return ApiUnavailable(
            f"no answer from {self.url}: {type(error).__name__}", hint="is it running? start it with: mendbox up"
        )

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


_HINTS = {
    401: "give a valid token with --token or MENDBOX_TOKEN; an admin makes one with: mendbox token create",
    403: "this token may not do that; ask for one that names the challenge",
}


def _parse_events(answer: requests.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    name, data = "", ""
    for raw in answer.iter_lines(chunk_size=1):
        line = raw.decode("utf-8", "replace")
        if line.startswith("event:"):
            name = line.removeprefix("event:").strip()
        elif line.startswith("data:"):
            data += line.removeprefix("data:").strip()
        elif not line and name:
            yield name, json.loads(data or "{}")
            if name in ("grade", "error"):
                return
            name, data = "", ""
