"""A client of the HTTP API, as anyone could write it: submissions, their progress, tokens."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from mendbox.packing import form_of, read_fix
from runner.errors import MendboxError, PlatformFault, SubmissionRejected
from runner.submissions.uploads import DirectoryUpload

#: A submission's own size is small; the platform's answer may wait for a busy disk.
_ANSWER_S = 30.0
#: The event stream sends a heartbeat more often than this.
_SILENCE_S = 45.0
#: Between two streams of one submission.
_COME_BACK_S = 0.5
_LAST_EVENTS = ("grade", "error")


class ApiRefused(MendboxError):
    """The API said no: by its problem document's own words."""


class ApiUnavailable(PlatformFault):
    """The API can't be reached, or failed."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission. `left_out`: by us before it was sent, and by the API."""

    id: str
    url: str
    left_out: tuple[str, ...]


class ApiClient:
    """Speaks to one API as one token. Close it, or use it in a `with` statement.

    Raises MendboxError when `url` is not one of HTTP.
    """

    def __init__(self, url: str, token: str) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise MendboxError(f"{url!r} is no address of an API", hint="give one that begins with http:// or https://")
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.trust_env = False

    def submit(self, challenge: str, path: Path, *, variant: str | None = None) -> Submitted:
        """Send what lies at `path`, for this variant, which assessors may name.

        Raises SubmissionRejected, ApiRefused, ApiUnavailable.
        """
        upload = read_fix(path, challenge)
        field, name, data = form_of(upload, path.resolve().name)
        fields = {"challenge": challenge} | ({"variant": variant} if variant is not None else {})
        answer = self._call("POST", "/api/v1/submissions", data=fields, files={field: (name, data)})
        here = upload.left_out if isinstance(upload, DirectoryUpload) else ()
        left_out = dict.fromkeys((*here, *answer.get("left_out", ())))
        return Submitted(answer["id"], self.url + answer["url"], tuple(left_out))

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
        """A submission's events until its grade or error. Raises ApiUnavailable when the stream breaks off.

        The API ends a stream that has been open long: this then comes back for what followed the last event.
        """
        address = f"{self.url}/api/v1/submissions/{identity}/events"
        headers: dict[str, str] = {}
        while True:
            try:
                with self._session.get(
                    address, stream=True, headers=headers, timeout=(_ANSWER_S, _SILENCE_S)
                ) as answer:
                    self._check(answer)
                    for name, data, event_id in _parse_events(answer):
                        yield name, data
                        if name in _LAST_EVENTS:
                            return
                        headers = {"Last-Event-ID": event_id} if event_id else headers
            except requests.RequestException as error:
                raise self._unreachable(error) from error
            time.sleep(_COME_BACK_S)

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
        raise kind(f"the API refused: {said}", hint=_hint(answer.status_code, problem.get("hint")))

    def _unreachable(self, error: Exception) -> ApiUnavailable:
        is_here = urlsplit(self.url).hostname in ("127.0.0.1", "localhost", "::1")
        elsewhere = "check the address (MENDBOX_URL is what stands before /start in your link) and your network"
        return ApiUnavailable(
            f"no answer from {self.url}: {type(error).__name__}",
            hint="is it running? start it with: mendbox up" if is_here else elsewhere,
        )

    def close(self) -> None:
        """Close its connections."""
        self._session.close()

    def __enter__(self) -> ApiClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _hint(status: int, said: str | None) -> str | None:
    if status == 401:  # the API's own hint speaks of headers
        return "give a valid token with --token or MENDBOX_TOKEN; make one where the database is: mendbox token create"
    if status == 404 and said and said.startswith("GET "):
        return "check its name; whoever runs that Mendbox knows which challenges there are"
    if status == 403:
        return said or "use a token that may; make one where the database is: mendbox token create"
    return said


def _parse_events(answer: requests.Response) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Each event's name, data and id; without an id of its own, an empty one."""
    fields = {"event": "", "data": "", "id": ""}
    for raw in answer.iter_lines(chunk_size=1):
        key, _, value = raw.decode("utf-8", "replace").partition(":")
        if key in fields:
            fields[key] += value.strip()
        elif not raw and fields["event"]:
            yield fields["event"], json.loads(fields["data"] or "{}"), fields["id"]
            fields = dict.fromkeys(fields, "")
