"""Runs one request through a WSGI callable and holds what it gives to the rules of WSGI."""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Callable
from typing import Any

from runner.inside.backend import Answer, AppFault, Request
from runner.inside.http_rules import check_headers, check_status


def run_wsgi(app: Callable[..., Any], request: Request, *, most_bytes: int) -> Answer:
    """Call `app` as a server would.

    An exception that leaves the app is answered with a plain 500, its traceback goes to standard error. Raises
    AppFault(`rubbish`) for an answer no server would accept, AppFault(`too_large`) past `most_bytes` of body.
    """
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: Any, headers: Any, exc_info: Any = None) -> Callable[[bytes], Any]:
        started[:] = [(status, list(headers))]
        return written.append

    try:
        result = app(_environ(request), start_response)
        try:
            size = 0
            for chunk in result:
                if not isinstance(chunk, bytes):
                    raise AppFault("rubbish", f"the app's answer holds {type(chunk).__name__} where bytes belong")
                size += len(chunk)
                if size > most_bytes:
                    raise AppFault("too_large", f"the app's answer is larger than {most_bytes} bytes")
                written.append(chunk)
        finally:
            if hasattr(result, "close"):
                result.close()
    except AppFault:
        raise
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return Answer("500 INTERNAL SERVER ERROR", [("Content-Type", "text/plain")], b"Internal Server Error")
    if not started:
        raise AppFault("rubbish", "the app never called start_response")
    status, headers = started[0]
    return checked(Answer(status, headers, b"".join(written)))


def checked(answer: Answer) -> Answer:
    """The answer itself when any client can read it; otherwise raises AppFault(`rubbish`)."""
    try:
        return Answer(check_status(answer.status), check_headers(answer.headers), answer.body)
    except ValueError as error:
        raise AppFault("rubbish", str(error)) from None


def _environ(request: Request) -> dict[str, Any]:
    environ = {
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
        "wsgi.input": io.BytesIO(request.body),
        **request.environ,
    }
    environ.setdefault("wsgi.url_scheme", "http")
    return environ
