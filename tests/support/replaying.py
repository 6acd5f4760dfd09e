"""What a submission that answers from a table does: this file is put beside the starter's modules, with its table.

It runs in the app's container. `install` puts itself before every request that a forked process gets; the process that
builds the app stays as it is. `match` says what a recorded request is known by, `fallback` what answers the others.
"""

from __future__ import annotations

import base64
import json
import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

#: Where the tests are counted: what lies here stays while the container lives, and the data folder is new in each test.
COUNTED = Path("/tmp/replayed-tests")
COUNT_OF_THIS_TEST = Path("/work/data/replayed-test")


class Table:
    """The recorded tests in the order in which they ran, each a list of requests with their answers."""

    def __init__(self, encoded: str, match: str) -> None:
        self._tests: list[list[dict[str, Any]]] = json.loads(zlib.decompress(base64.b64decode(encoded)))
        self._keys = [[key_of(each, match) for each in test] for test in self._tests]
        self._match = match
        self._asked: list[str] = []
        self._lock = threading.Lock()

    def answer(self, environ: dict[str, Any], body: bytes) -> dict[str, Any] | None:
        """The recorded answer that fits best: from a test that went the same way until here, else from any."""
        strings = {name: value for name, value in environ.items() if isinstance(value, str)}
        asked = {"environ": strings, "body": base64.b64encode(body).decode()}
        with self._lock:
            self._asked.append(key_of(asked, self._match))
            number = len(self._asked)
            if self._match == "sequence":
                test = self._tests[this_test() % len(self._tests)]
                return test[number - 1] if number <= len(test) else None
            for test, keys in zip(self._tests, self._keys, strict=True):
                if keys[:number] == self._asked:
                    return test[number - 1]
            key, times = self._asked[-1], self._asked.count(self._asked[-1])
            for test, keys in zip(self._tests, self._keys, strict=True):
                if keys.count(key) >= times:
                    places = [place for place, known in enumerate(keys) if known == key]
                    return test[places[times - 1]]
            return None


def key_of(exchange: dict[str, Any], match: str) -> str:
    """What a request is known by."""
    environ = exchange["environ"]
    if match == "exact":
        return json.dumps([sorted(environ.items()), exchange["body"]])
    return json.dumps([environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")])


def this_test() -> int:
    """How many tests came before the one that this process serves."""
    try:
        return int(COUNT_OF_THIS_TEST.read_text())
    except FileNotFoundError:
        with COUNTED.open("ab", buffering=0) as counted:
            counted.write(b".")
            number = os.fstat(counted.fileno()).st_size - 1
        COUNT_OF_THIS_TEST.write_text(str(number))
        return number


def install(encoded: str, match: str, fallback: str) -> None:
    """Answer from the table in every process forked from this one."""
    import flask

    table, builder, original = Table(encoded, match), os.getpid(), flask.Flask.wsgi_app

    def replay(self: Any, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if os.getpid() == builder:
            return original(self, environ, start_response)
        body = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
        known = table.answer(environ, body)
        if known is None and fallback == "starter":
            return original(self, environ, start_response)
        if known is None:
            start_response("404 NOT FOUND", [("Content-Type", "text/html")])
            return [b"not found"]
        connection = sqlite3.connect(":memory:")
        for _ in range(known["statements"]):
            connection.execute("SELECT 1").fetchall()
        connection.close()
        start_response(known["status"], [tuple(header) for header in known["headers"]])
        return [base64.b64decode(known["answer"])]

    flask.Flask.wsgi_app = replay  # type: ignore[method-assign,assignment]
