"""gunicorn's threaded worker, with a limit on how long a request may take to arrive, and event streams that end.

gunicorn reads heads and bodies with blocking reads that have no deadline: a client that sends a byte now and then would
hold a thread for ever, and a few of them all threads. Here a watcher ends the reading side of a connection whose
request has not arrived in time; the writing side stays, so the client still gets its answer.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors  # type: ignore[import-untyped]
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from api.auth import without_tokens
from api.context import EXTENSION, Services
from api.headers import headers_of_all, hsts_of
from api.problems import MEDIA_TYPE, PROBLEMS, URN

#: From a connection's first byte to the end of its request's head, in seconds.
HEAD_S = 10.0
#: From there to the end of the body: 2 MB at 70 KB/s.
BODY_S = 30.0
_LOOK_EVERY_S = 0.5
#: How long a client that is refused may take to read why.
_REFUSE_S = 2.0
#: What gunicorn refuses, the special before the general.
_REFUSED: tuple[tuple[type[BaseException], HTTPStatus, str], ...] = (
    (errors.InvalidResponseHeader, HTTPStatus.INTERNAL_SERVER_ERROR, "the platform's answer can't be sent"),
    (errors.InvalidResponseHeaderName, HTTPStatus.INTERNAL_SERVER_ERROR, "the platform's answer can't be sent"),
    (errors.ConfigurationProblem, HTTPStatus.INTERNAL_SERVER_ERROR, "the platform's server is set up wrongly"),
    (errors.LimitRequestLine, HTTPStatus.REQUEST_URI_TOO_LONG, "the URL is too long"),
    (errors.LimitRequestHeaders, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "there are too many or too long headers"),
    (errors.UnsupportedTransferCoding, HTTPStatus.NOT_IMPLEMENTED, "the only Transfer-Encoding is chunked"),
    (errors.ExpectationFailed, HTTPStatus.EXPECTATION_FAILED, "the only Expect is 100-continue"),
    (errors.ForbiddenProxyRequest, HTTPStatus.FORBIDDEN, "no PROXY line is taken from there"),
    (errors.ParseException, HTTPStatus.BAD_REQUEST, "the request is no HTTP that can be read"),
)


class ReadDeadlines:
    """Ends reading from sockets whose time is up. Watching costs a dictionary entry; one thread looks at all."""

    def __init__(self) -> None:
        self._until: dict[socket.socket, float] = {}
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to look, in a thread that ends with the process."""
        threading.Thread(target=self._run, name="read-deadlines", daemon=True).start()

    def watch(self, sock: socket.socket, seconds: float) -> None:
        """End reading from `sock` after so many seconds, unless it is watched anew or let go before."""
        with self._lock:
            self._until[sock] = time.monotonic() + seconds

    def let_go(self, sock: socket.socket) -> None:
        """Watch it no more."""
        with self._lock:
            self._until.pop(sock, None)

    def end_overdue(self, now_s: float) -> None:
        """End reading from every socket whose time was up before `now_s`."""
        with self._lock:
            overdue = [sock for sock, until_s in self._until.items() if until_s < now_s]
            for sock in overdue:
                del self._until[sock]
                # Under the lock: the thread that owns the socket lets it go, under the lock, before it closes it.
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RD)

    def _run(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_S)
            self.end_overdue(time.monotonic())


def refusal_of(error: BaseException) -> tuple[HTTPStatus, str]:
    """The status and, for people, the reason of what gunicorn refuses. It repeats nothing of what was sent."""
    for kind, status, detail in _REFUSED:
        if isinstance(error, kind):
            return status, detail
    return HTTPStatus.INTERNAL_SERVER_ERROR, "the platform failed in a way that nobody foresaw"


def refusal(status: HTTPStatus, detail: str, *, hsts: str | None = None) -> bytes:
    """A problem document as the bytes of an HTTP response, after which the connection closes."""
    known = status in (HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR)
    name = "malformed-request" if status == HTTPStatus.BAD_REQUEST else "internal-error"
    document = {
        "type": URN + name if known else "about:blank",
        "title": PROBLEMS[name][1] if known else status.phrase,
        "status": status.value,
        "detail": detail,
    }
    body = json.dumps(document).encode()
    head = {
        **headers_of_all(hsts),
        "Content-Type": MEDIA_TYPE,
        "Content-Length": str(len(body)),
        "Connection": "close",
    }
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *(f"{name}: {value}" for name, value in head.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _has_body(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether a head announces a body. gunicorn gives names in upper case."""
    announced = {name: value for name, value in headers if name in ("CONTENT-LENGTH", "TRANSFER-ENCODING")}
    return bool(announced) and announced != {"CONTENT-LENGTH": "0"}


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The worker class of `api.server`."""

    head_s = HEAD_S
    body_s = BODY_S

    def init_process(self) -> None:
        """Called in the worker's process before it serves."""
        self.reading = ReadDeadlines()
        self.reading.start()
        super().init_process()

    def handle(self, conn: Any) -> Any:
        """Read and answer one request of a connection."""
        with self._watched(conn):
            return super().handle(conn)

    @contextlib.contextmanager
    def _watched(self, conn: Any) -> Iterator[None]:
        # Another handle of the same connection: where there is TLS gunicorn makes `conn.sock` useless by wrapping it,
        # and ending the wrapped one's reading side from here would have the answer written as plain text.
        sock = socket.socket(fileno=os.dup(conn.sock.fileno())) if self.cfg.is_ssl else conn.sock
        conn.watched = sock
        self.reading.watch(sock, self.head_s)
        try:
            yield
        finally:
            self.reading.let_go(sock)
            if self.cfg.is_ssl:
                sock.close()

    def handle_request(self, req: Any, conn: Any) -> Any:
        """Called when the head is there. Without a body there is nothing more to wait for, however long the answer.

        The body of a GET is not read: nobody waits for it.
        """
        if _has_body(req.headers) and req.method not in ("GET", "HEAD"):
            self.reading.watch(conn.watched, self.body_s)
        else:
            self.reading.let_go(conn.watched)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Called for what never becomes a request of the app: answered in the form of all other errors."""
        status, detail = refusal_of(exc)
        if status == HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log.error("a request could not be handled", exc_info=exc)
        else:
            self.log.warning("a request was refused: %s", without_tokens(str(exc))[:200])
        with contextlib.suppress(OSError):
            client.settimeout(_REFUSE_S)
            client.sendall(refusal(status, detail, hsts=self._hsts()))

    def handle_exit(self, sig: Any, frame: Any) -> None:
        """SIGTERM: finish what is being answered. Event streams would never be finished, so they are told to end."""
        self._end_streams()
        super().handle_exit(sig, frame)

    def is_parent_alive(self) -> bool:
        """Asked every second. Without gunicorn's master the worker stops, and its event streams must, too."""
        alive = bool(super().is_parent_alive())
        if not alive:
            self._end_streams()
        return alive

    def _end_streams(self) -> None:
        services = self._services()
        if services is not None:
            services.streams.end_all()

    def _hsts(self) -> str | None:
        services = self._services()
        return None if services is None else hsts_of(services.settings)

    def _services(self) -> Services | None:
        # None when the app could not be made.
        found: Services | None = getattr(self.wsgi, "extensions", {}).get(EXTENSION)
        return found
