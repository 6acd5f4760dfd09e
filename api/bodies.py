"""Reading request bodies: size before content, whole or not at all, one field once.

A route's policy says what it takes. The body is read here, before the view, into memory (it is at most a few MB), so
that a body that is cut short is told from one that is complete.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping

from flask import request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException

from api.problems import ApiProblem
from api.routing import Body, Policy
from runner.inside import strict_json

#: Room for multipart boundaries, part headers and the text fields beside a file.
FORM_OVERHEAD_BYTES = 16 * 1024
JSON_BYTES = 64 * 1024
#: What is read of a push beyond its limit and thrown away, in so many pieces: virtual environments are of this size.
_DISCARDED_BYTES = 64 * 1024 * 1024
_DISCARDED_AT_ONCE = 64 * 1024
#: More than any resource takes.
JSON_DEPTH = 8
JSON_VALUES = 2_000
_TOO_LARGE_HINTS = {
    Body.NONE: "this resource takes no body",
    Body.JSON: "send the fields that the documentation names, and no more",
    Body.MULTIPART: "leave out .git, virtual environments and data files",
    Body.FORM: "write less into the form's fields",
    Body.GIT_FETCH: "clone anew",
    Body.GIT_PUSH: "commit no virtual environments and data files, also not in earlier commits",
}
_MEDIA = {
    Body.JSON: "application/json",
    Body.MULTIPART: "multipart/form-data",
    Body.FORM: "application/x-www-form-urlencoded",
    # No form of a browser has these types, so no page of another site can send such a body unasked.
    Body.GIT_FETCH: "application/x-git-upload-pack-request",
    Body.GIT_PUSH: "application/x-git-receive-pack-request",
}


def body_reader(policies: Mapping[str, Policy], upload_bytes: int) -> Callable[[], None]:
    """A `before_request` function, to run after authentication: reads what the route takes and refuses the rest.

    Raises ApiProblem: 400 malformed or cut short, 413 too large, 415 of another type.
    """
    with_upload = upload_bytes + FORM_OVERHEAD_BYTES
    limits = dict.fromkeys(Body, JSON_BYTES) | {Body.MULTIPART: with_upload, Body.GIT_PUSH: with_upload}

    def read_body() -> None:
        if request.endpoint is None:
            return
        kind = policies[request.endpoint].body
        try:
            hold_to(kind, limits[kind])
        except ApiProblem as problem:
            if kind is Body.GIT_PUSH and problem.name == "body-too-large":
                _discard()
            raise

    def hold_to(kind: Body, limit: int) -> None:
        # One more than is taken: werkzeug stops there without a word, and a body that has it is seen to be too large.
        request.max_content_length = limit + 1
        if (request.content_length or 0) > limit:
            raise too_large(limit, kind)
        if kind is Body.NONE or request.method in {"OPTIONS", "HEAD", "GET"}:
            return
        if request.mimetype != _MEDIA[kind]:
            raise ApiProblem(
                "unsupported-media-type",
                f"the body is {request.mimetype or 'of no type'}, this resource takes {_MEDIA[kind]}",
            )
        if kind is Body.MULTIPART and not request.mimetype_params.get("boundary"):
            raise ApiProblem("malformed-request", "the Content-Type names no boundary between the form's fields")
        _read_whole(limit, kind)
        if kind is Body.JSON:
            _check_json()

    return read_body


def _discard() -> None:
    """Read on after a body that is too large, keeping nothing: git sends all before it looks for an answer.

    Where the connection is closed meanwhile it says "Broken pipe", and nobody learns what was wrong.
    """
    left = _DISCARDED_BYTES
    # What does not arrive in time, or is no body, ends it: the answer is the same.
    with contextlib.suppress(OSError, ParseException):
        while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, _DISCARDED_AT_ONCE))):
            left -= len(piece)


def too_large(limit_bytes: int, kind: Body) -> ApiProblem:
    """What to raise for a body beyond the limit. The server closes the connection: nobody reads the rest of it."""
    return ApiProblem(
        "body-too-large",
        f"the body is larger than {limit_bytes} bytes",
        limit_bytes=limit_bytes,
        hint=_TOO_LARGE_HINTS[kind],
    )


def _read_whole(limit: int, kind: Body) -> None:
    try:
        data = request.get_data(cache=True)
    except HTTPException as error:
        if error.code == 413:
            raise too_large(limit, kind) from error
        raise _cut_short() from error
    except OSError as error:
        raise _cut_short() from error
    except ParseException as error:
        raise ApiProblem("malformed-request", "the body's chunks can't be read") from error
    if len(data) > limit:
        raise too_large(limit, kind)
    if request.content_length is not None and len(data) < request.content_length:
        raise _cut_short()


def _cut_short() -> ApiProblem:
    return ApiProblem("request-timeout", "the body ended before it was complete", hint="send it again")


def _check_json() -> None:
    # What passes has one meaning, so whoever reads it again reads the same.
    try:
        value = strict_json.loads(request.get_data(), most_depth=JSON_DEPTH, most_values=JSON_VALUES)
    except strict_json.RepeatedKey as error:
        raise ApiProblem("repeated-field", "a field of a JSON object was sent more than once") from error
    except ValueError as error:
        raise ApiProblem("malformed-request", f"the body can't be read as JSON: {_wrong(error)}") from error
    if not isinstance(value, dict):
        raise ApiProblem("invalid-request", "the body must be a JSON object")


def _wrong(error: ValueError) -> str:
    """What is wrong, and where, without a word of the body."""
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, line {error.lineno}, column {error.colno}"
    return str(error)


def single_fields(names: frozenset[str]) -> dict[str, str | FileStorage]:
    """The form's fields, texts and files, each of `names` at most once. Raises ApiProblem otherwise."""
    try:
        form, files = request.form, request.files
    except HTTPException as error:
        if error.code == 413:
            raise ApiProblem("body-too-large", "the form has too many or too large fields") from error
        raise ApiProblem("malformed-request", "the form can't be read") from error
    _check_names(form, files, names)
    return {**form.to_dict(), **files.to_dict()}


def _check_names(form: MultiDict[str, str], files: MultiDict[str, FileStorage], names: frozenset[str]) -> None:
    # A part may have no name at all.
    sent = [name or "" for name in _all_keys(form) + _all_keys(files)]
    for name in sent:
        if name not in names:
            raise ApiProblem(
                "invalid-request", "the form has a field that is not known", known=sorted(names), field=name[:100]
            )
        if sent.count(name) > 1:
            raise ApiProblem("repeated-field", f"the field {name} was sent {sent.count(name)} times", field=name)


def _all_keys(fields: MultiDict[str, str] | MultiDict[str, FileStorage]) -> list[str | None]:
    return [key for key, values in fields.lists() for _ in values]
