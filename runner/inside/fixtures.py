"""The fixtures of a hidden suite: `client`, `app`, `clock`, `queries`, `concurrently`, `seed`, `rng`.

They work over a `Backend` which the plugin that loads this module puts under `config.stash[BACKEND]`.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from runner.inside.administrator import Database
from runner.inside.backend import Backend, Request
from runner.inside.redis_server import RedisServer
from runner.inside.visitors import Visitor, VisitorClient, draw_visitor

T = TypeVar("T")
BACKEND = pytest.StashKey[Backend]()
SEED = pytest.StashKey[int]()

#: Seconds that `concurrently` waits for its threads beyond any request's own deadline.
CONCURRENT_WAIT_S = 60.0
#: What a server puts first into an environ, in the order in which gunicorn does.
_SERVED_FIRST = ("SERVER_SOFTWARE", "REQUEST_METHOD", "QUERY_STRING", "RAW_URI", "SERVER_PROTOCOL", "HTTP_HOST")
_SERVED_LAST = (
    "wsgi.url_scheme",
    "REMOTE_ADDR",
    "REMOTE_PORT",
    "SERVER_NAME",
    "SERVER_PORT",
    "PATH_INFO",
    "SCRIPT_NAME",
)


class RemoteWsgi:
    """A WSGI callable that sends each request to one process of the app under test."""

    def __init__(self, backend: Backend, handle: int) -> None:
        self._backend = backend
        self._handle = handle

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        # "handle" and the like never come from the app: only what the test client built is sent.
        body = environ["wsgi.input"].read()
        answer = self._backend.request(self._handle, Request(as_served(environ), body))
        start_response(answer.status, list(answer.headers))
        return [answer.body]


def as_served(environ: Mapping[str, Any]) -> dict[str, str]:
    """A test client's environ as gunicorn would have made it of the same request: its strings, in gunicorn's order.

    A body's length and kind are there where a client would have sent them; what only test clients know is not.
    """
    strings = {key: value for key, value in environ.items() if isinstance(value, str)}
    strings.pop("REQUEST_URI", None)  # which other servers set
    if strings.get("QUERY_STRING") and "?" not in strings.get("RAW_URI", "?"):
        strings["RAW_URI"] += f"?{strings['QUERY_STRING']}"
    if strings.get("CONTENT_TYPE") == "":
        del strings["CONTENT_TYPE"]
    if strings.get("REQUEST_METHOD") in ("POST", "PUT", "PATCH"):
        strings.setdefault("CONTENT_LENGTH", "0")
    elif strings.get("CONTENT_LENGTH") == "0":
        del strings["CONTENT_LENGTH"]
    served = {key: strings[key] for key in _SERVED_FIRST if key in strings}
    served |= {key: value for key, value in strings.items() if key not in _SERVED_LAST}
    return served | {key: strings[key] for key in _SERVED_LAST if key in strings}


class App:
    """One process of the app under test."""

    def __init__(self, backend: Backend, handle: int, visitor: Visitor) -> None:
        self._backend = backend
        self._handle = handle
        self._visitor = visitor

    def client(self, **options: Any) -> VisitorClient:
        """A `werkzeug.test.Client` on this process, with cookies of its own."""
        return VisitorClient(RemoteWsgi(self._backend, self._handle), self._visitor, **options)

    def instance(self) -> App:
        """A second process of the same app, from the same pristine state, over the same data directory."""
        return App(self._backend, self._backend.instance(), self._visitor)

    def call(self, target: str, *args: Any, **kwargs: Any) -> Any:
        """Call `"module:function"` in the app's process, inside an application context.

        Arguments and result are JSON values. Raises `CallFailed` with the type and text of what was raised there.
        """
        return self._backend.call(self._handle, target, args, kwargs)

    def logs(self) -> str:
        """Standard output and error of this process so far in this test, at most 64 KiB."""
        return self._backend.logs(self._handle)


class Clock:
    """The app's own clocks: time.time, datetime, time.monotonic and time.perf_counter move together."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend

    def advance(self, seconds: float) -> float:
        """Move the app's clocks forward; gives the app's new time in seconds since the epoch.

        In the challenge's own Redis what expires does so as much earlier.
        """
        if seconds < 0:
            raise ValueError("a monotonic clock can't go back: seconds must not be negative")
        return self._backend.clock(advance_s=float(seconds), freeze=False, at=None)

    def freeze(self, at: float | None = None) -> float:
        """Stop the app's clocks (at an epoch time, or at the present one); they move only by `advance` then."""
        return self._backend.clock(advance_s=0.0, freeze=True, at=at)


class Queries:
    """The SQL statements that ran in a `with queries() as q:` block. `len(q)`, iteration, `q.statements`."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)

    def __iter__(self) -> Iterator[str]:
        return iter(self.statements)

    def matching(self, text: str) -> list[str]:
        """The statements that contain `text`, case folded."""
        return [statement for statement in self.statements if text.casefold() in statement.casefold()]


@pytest.fixture
def app(request: pytest.FixtureRequest, seed: int) -> Iterator[App]:
    """The app under test, in a process of its own that starts from the seeded state."""
    backend = request.config.stash[BACKEND]
    visitor = draw_visitor(seed, request.node.nodeid)
    handle = backend.open()
    try:
        yield App(backend, handle, visitor)
    finally:
        backend.close()


@pytest.fixture
def client(app: App) -> VisitorClient:
    """A test client on the app: `client.get("/users/7").json`."""
    return app.client()


@pytest.fixture
def clock(app: App, request: pytest.FixtureRequest) -> Clock:
    """Moves the clocks of the app; no test sleeps."""
    return Clock(request.config.stash[BACKEND])


@pytest.fixture
def queries(app: App, request: pytest.FixtureRequest) -> Callable[[], Any]:
    """`with queries() as q: …` records the SQL statements that the app ran meanwhile."""
    backend = request.config.stash[BACKEND]

    @contextmanager
    def record(of: App | None = None) -> Iterator[Queries]:
        handle = (of or app)._handle
        mark, _ = backend.statements(handle, -1)
        seen = Queries()
        yield seen
        _, seen.statements = backend.statements(handle, mark)

    return record


@pytest.fixture
def database(app: App, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The test's own PostgreSQL, as its administrator: `database.execute("SELECT …", value)` gives rows as dicts."""
    yield Database(request.config.stash[BACKEND])


@pytest.fixture
def redis_server(app: App, request: pytest.FixtureRequest) -> Iterator[RedisServer]:
    """The test's own Redis, as its administrator: `redis_server.command("GET", "key")` gives the answer."""
    yield RedisServer(request.config.stash[BACKEND])


@pytest.fixture(scope="session")
def seed(request: pytest.FixtureRequest) -> int:
    """The grading's seed, which is also the harness's `context.seed`: both sides can draw the same data from it."""
    return request.config.stash.get(SEED, 0)


@pytest.fixture
def rng(request: pytest.FixtureRequest, seed: int) -> random.Random:
    """A random generator seeded by the grading's seed and the test's own id: the same again on a regrade."""
    return random.Random(f"{seed}:{request.node.nodeid}")


@pytest.fixture
def concurrently() -> Callable[[Sequence[Callable[[], T]]], list[T]]:
    """`concurrently([f, g, …])` runs them all at the same time and gives their results in order.

    All start behind one barrier. If any raised, the first one's exception is raised once all have ended.
    """

    def run(calls: Sequence[Callable[[], T]]) -> list[T]:
        barrier = threading.Barrier(len(calls))
        results: dict[int, T] = {}
        errors: dict[int, BaseException] = {}

        def one(index: int, call: Callable[[], T]) -> None:
            try:
                barrier.wait(timeout=CONCURRENT_WAIT_S)
                results[index] = call()
            except BaseException as error:  # handed to the test's own thread below
                errors[index] = error

        threads = [threading.Thread(target=one, args=(index, call), daemon=True) for index, call in enumerate(calls)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(CONCURRENT_WAIT_S)
        if errors:
            raise errors[min(errors)]
        return [results[index] for index in range(len(calls))]

    return run


def requirement_of(marks: Sequence[Any]) -> tuple[str | None, str | None]:
    """The requirement id and the author's message of a test's nearest `requirement` mark."""
    for mark in marks:
        args: Sequence[Any] = mark.args
        kwargs: Mapping[str, Any] = mark.kwargs
        name = args[0] if args else kwargs.get("id")
        message = args[1] if len(args) > 1 else kwargs.get("message")
        return (None if name is None else str(name)), (None if message is None else str(message))
    return None, None
