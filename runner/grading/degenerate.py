"""Apps that solve nothing, made from any starter: what they score shows whether a challenge can be fooled cheaply."""

from __future__ import annotations

from collections.abc import Mapping

from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission

_ALWAYS = """

def _answer_alike(self, environ, start_response):
    body = {body}
    start_response("200 OK", [("Content-Type", {content_type!r}), ("Content-Length", str(len(body)))])
    return [body]


import flask as _flask

_flask.Flask.__call__ = _answer_alike
"""
_CRASH_IN_REQUESTS = """

import os as _os

import flask as _flask

_flask.Flask.__call__ = lambda self, environ, start_response: _os._exit(1)
"""


def degenerate_submissions(package: ChallengePackage) -> Mapping[str, Submission]:
    """Named submissions that must all score 0: empty, crashing, and answering everything alike."""
    path = _entry_path(package)
    source = package.starter[path]

    def replaced(content: bytes) -> Submission:
        return Submission({path: content})

    def always(body: str, content_type: str) -> Submission:
        return replaced(source + _ALWAYS.format(body=body, content_type=content_type).encode())

    return {
        "an empty app": replaced(b""),
        "an app that ends at import": replaced(b"import os\nos._exit(0)\n"),
        "an app that raises at import": replaced(b"raise RuntimeError('no')\n"),
        "an app that dies in every request": replaced(source + _CRASH_IN_REQUESTS.encode()),
        "an app that answers 200 with nothing": always('b""', "text/html"),
        "an app that answers 200 with {}": always('b"{}"', "application/json"),
        "an app that answers 200 with []": always('b"[]"', "application/json"),
        "an app that echoes what it is asked": always(
            'environ["wsgi.input"].read() or environ["PATH_INFO"].encode()', "application/json"
        ),
    }


def _entry_path(package: ChallengePackage) -> str:
    """The file of the starter that the manifest's entry point lies in."""
    module = package.manifest.app.entry.partition(":")[0].replace(".", "/")
    return next(path for path in (f"{module}/__init__.py", f"{module}.py") if path in package.starter)
