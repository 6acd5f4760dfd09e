"""One call to the carrier. Shared by three apps; what it can't do is theirs to do."""

from __future__ import annotations

import http.client
import json as json_module
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode


class NotReached(Exception):
    """The carrier could not be connected to: it knows nothing of the call."""


class NoAnswer(Exception):
    """The call was sent and no answer came in time: nobody knows what the carrier has done."""


@dataclass(frozen=True)
class Reply:
    """What the carrier answered. The names of headers are in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class HttpTransport:
    """Makes one call by HTTP.

    `timeout` is how many seconds the call may take; None means that it waits for ever. Raises NotReached and NoAnswer.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 5055) -> None:
        self._host = host
        self._port = port

    def __call__(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Reply:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=timeout)
        try:
            connection.connect()
        except OSError as error:
            raise NotReached(f"{self._host}:{self._port}: {error}") from error
        target = f"{path}?{urlencode(query)}" if query else path
        body = None if json is None else json_module.dumps(json).encode()
        sent = dict(headers or {}) | ({"Content-Type": "application/json"} if body else {})
        try:
            connection.request(method, target, body=body, headers=sent)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer(f"{method} {path}: {error}") from error
        finally:
            connection.close()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content)
