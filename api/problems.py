"""Errors as `application/problem+json` (RFC 9457): every answer that is no success has this form.

`type` is `urn:mendbox:problem:<name>`; clients tell problems apart by it, people read `title` and `detail`. Further
fields are the problem's own, `hint` says what to do where there is something to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Flask, Response, g
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WsgiResponse

from api.context import request_id
from runner.errors import ChallengeNotFound, PackageInvalid, PlatformFault, SubmissionRejected
from store.errors import BadCursor, BadToken, Conflict, NotFound

URN = "urn:mendbox:problem:"
MEDIA_TYPE = "application/problem+json"

#: What a caller is told to wait after a fault of the platform, in seconds.
RETRY_AFTER_S = 5

#: Every problem that is not only an HTTP status: its name, its status and its title.
PROBLEMS: Mapping[str, tuple[int, str]] = {
    "malformed-request": (400, "The request can't be read"),
    "repeated-field": (400, "A field was sent more than once"),
    "token-in-url": (400, "A token was sent in the URL"),
    "two-credentials": (401, "A token and a session were sent at once"),
    "unauthenticated": (401, "A valid token or session is needed"),
    "link-needed": (401, "This page is for candidates, who come by the link that they were given"),
    "second-factor-needed": (401, "A code of the second factor is needed"),
    "second-factor-missing": (403, "The account has to have a second factor first"),
    "provider-needed": (403, "The account's user signs in by a provider"),
    "forbidden": (403, "The caller may not do that"),
    "csrf-refused": (403, "The request does not show that it comes from the session's own page"),
    "origin-refused": (403, "The request comes from another site"),
    "password-refused": (403, "The password, or the code, is not right"),
    "challenge-not-allowed": (403, "This token does not name that challenge"),
    "not-begun": (403, "The assessment is not begun yet"),
    "time-is-up": (403, "The time for this assessment is over"),
    "assessment-done": (403, "The candidate has said that they are done"),
    "attempts-used": (403, "All attempts at this challenge are made"),
    "not-found": (404, "There is no such resource"),
    "challenge-unknown": (404, "There is no such challenge"),
    "request-timeout": (408, "The request's body did not arrive in time"),
    "conflict": (409, "The resource's state does not allow that now"),
    "idempotency-key-reused": (409, "The idempotency key was used for another request"),
    "body-too-large": (413, "The request's body is too large"),
    "unsupported-media-type": (415, "The request's body is of another media type than this resource takes"),
    "invalid-request": (422, "The request does not say what it must"),
    "submission-rejected": (422, "The submission breaks a rule of form"),
    "comparison-not-ready": (503, "The submissions are still being compared"),
    "too-many-requests": (429, "There were too many of these for now"),
    "internal-error": (500, "The platform failed"),
    "challenge-invalid": (503, "The challenge can't be used at present"),
    "platform-fault": (503, "The platform can't do that at present"),
    "too-many-streams": (503, "Too many event streams are open"),
}

#: 401 must name a way to authenticate (RFC 9110, 11.6.1); a browser opens no window of its own for this one.
NO_BEARER = {"WWW-Authenticate": 'Session realm="mendbox"'}

_BY_STATUS = {400: "malformed-request", 401: "unauthenticated", 403: "forbidden", 404: "not-found"} | {
    413: "body-too-large",
    415: "unsupported-media-type",
    500: "internal-error",
}

_BRANCH = re.compile(r"\[|^(str|int|none|constrained-)")
_log = structlog.get_logger("mendbox.api")


class ApiProblem(Exception):
    """Raised anywhere in a request: becomes the answer. `fields` join the document, `headers` the response."""

    def __init__(self, name: str, detail: str, *, headers: Mapping[str, str] | None = None, **fields: Any) -> None:
        super().__init__(detail)
        self.name = name
        self.detail = detail
        self.headers = dict(headers or {})
        self.fields = fields

    def response(self) -> Response:
        """The problem as an HTTP response."""
        status, title = PROBLEMS[self.name]
        g.problem = {"problem": self.name, "reason": self.fields.get("reason")}
        return respond(
            {"type": URN + self.name, "title": title, "status": status, "detail": self.detail}
            | {key: value for key, value in self.fields.items() if value is not None},
            self.headers,
        )


def respond(document: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    """A problem document as a response. 401 and 503 get the headers that a client needs to go on."""
    status = int(document["status"])
    response = Response(json.dumps(document, ensure_ascii=False), status, content_type=MEDIA_TYPE)
    response.headers.extend(dict(headers))
    if status == 401:
        response.headers.setdefault("WWW-Authenticate", 'Bearer realm="mendbox"')
    if status == 503:
        response.headers.setdefault("Retry-After", str(RETRY_AFTER_S))
    return response


def validation_failed(error: ValidationError) -> Response:
    """What pydantic found wrong in path, query or body, as a 422 that names each place and repeats no value."""
    errors = [
        {"place": _place(detail["loc"]), "message": detail["msg"]}
        for detail in error.errors(include_url=False, include_input=False, include_context=False)
        # "May be absent" is one branch of a union, and no advice.
        if detail["type"] != "none_required"
    ]
    places = ", ".join(sorted({item["place"] for item in errors}))
    raise ApiProblem("invalid-request", f"wrong: {places}", errors=errors)


def _place(location: tuple[str | int, ...]) -> str:
    """Where a value is, without the names that pydantic gives to the branches of a union."""
    parts = [str(part) for part in location]
    return ".".join(part for index, part in enumerate(parts) if not index or not _BRANCH.search(part)) or "(whole)"


def register(app: Flask) -> None:
    """Have every error of `app` answered as a problem document."""
    app.register_error_handler(ApiProblem, ApiProblem.response)
    app.register_error_handler(HTTPException, _http_exception)
    app.register_error_handler(SubmissionRejected, _rejected)
    app.register_error_handler(PackageInvalid, _package_invalid)
    app.register_error_handler(ChallengeNotFound, _challenge_not_found)
    app.register_error_handler(PlatformFault, _platform_fault)
    app.register_error_handler(NotFound, _not_found)
    app.register_error_handler(Conflict, _conflict)
    app.register_error_handler(BadCursor, _bad_request_value)
    app.register_error_handler(BadToken, _bad_request_value)
    app.register_error_handler(Exception, _unexpected)


def _http_exception(error: HTTPException) -> WsgiResponse:
    status = error.code or 500
    if error.response is not None or 300 <= status < 400:
        return error.get_response()
    headers = {
        name: value for name, value in error.get_headers() if name in {"Allow", "Retry-After", "WWW-Authenticate"}
    }
    name = _BY_STATUS.get(status)
    if name is not None:
        return ApiProblem(name, error.description or PROBLEMS[name][1], headers=headers).response()
    document = {"type": "about:blank", "title": error.name, "status": status, "detail": error.description or error.name}
    return respond(document, headers)


def _rejected(error: SubmissionRejected) -> Response:
    return ApiProblem(
        "submission-rejected", error.message, reason=error.reason, path=error.path, hint=error.hint
    ).response()


def _package_invalid(error: PackageInvalid) -> Response:
    _log.error("challenge is invalid", challenge=error.slug, problems=[str(problem) for problem in error.problems])
    # Which file is wrong is for the engineer who reads the log; a candidate must not learn a package's file names.
    return ApiProblem(
        "challenge-invalid",
        f"the challenge {error.slug} is broken on the platform's side; nothing was submitted",
        hint="tell whoever runs this platform",
    ).response()


def _challenge_not_found(error: ChallengeNotFound) -> Response:
    return ApiProblem("challenge-unknown", error.message, hint=error.hint).response()


def _not_found(error: NotFound) -> Response:
    return ApiProblem("not-found", error.message).response()


def _conflict(error: Conflict) -> Response:
    return ApiProblem("conflict", error.message, hint=error.hint).response()


def _bad_request_value(error: BadCursor | BadToken) -> Response:
    return ApiProblem("invalid-request", error.message, hint=error.hint).response()


def _platform_fault(error: PlatformFault) -> Response:
    # Its message may name hosts and paths: it is for the log.
    _log.error("platform fault", fault=type(error).__name__, message=error.message, hint=error.hint)
    return ApiProblem(
        "platform-fault",
        "a part of the platform does not answer; nothing is lost that was accepted",
        hint="try again in a few seconds",
        request_id=request_id(),
    ).response()


def _unexpected(error: Exception) -> Response:
    _log.error("unexpected error", exc_info=error)
    return ApiProblem(
        "internal-error",
        "the platform failed in a way that nobody foresaw",
        hint="report it with the request_id",
        request_id=request_id(),
    ).response()
