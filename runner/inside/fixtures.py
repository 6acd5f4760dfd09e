"""The fixtures of a hidden suite: `client`, `app`, `clock`, `queries`, `concurrently`, `rng`.

They work over a `Backend` which the plugin that loads this module puts under `config.stash[BACKEND]`.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest
from werkzeug.test import Client

from runner.inside.backend import Backend, Request

T = TypeVar("T")
BACKEND = pytest.StashKey[Backend]()
SEED = pytest.StashKey[int]()

#: Seconds that `concurrently` waits for its threads beyond any request's own deadline.
CONCURRENT_WAIT_S = 60.0


class RemoteWsgi:
    """A WSGI callable that sends each request to one process of the app under test."""

    def __init__(self, backend: Backend, handle: int) -> None:
        self._backend = backend
        self._handle = handle

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        strings = {key: value for key, value in environ.items() if isinstance(value, str)}
        # "handle" and the like never come from the app: only what the test client built is sent.
        body = environ["wsgi.input"].read()
        answer = self._backend.request(self._handle, Request(strings, body))
        start_response(answer.status, list(answer.headers))
        return [answer.body]


class App:
    """One process of the app under test."""

    def __init__(self, backend: Backend, handle: int) -> None:
        self._backend = backend
        self._handle = handle

    def client(self, **options: Any) -> Client:
        """A `werkzeug.test.Client` on this process, with cookies of its own."""
        return Client(RemoteWsgi(self._backend, self._handle), **options)

    def instance(self) -> App:
        """A second process of the same app, from the same pristine state, over the same data directory."""
        return App(self._backend, self._backend.instance())

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
        """Move the app's clocks forward; gives the app's new time in seconds since the epoch."""
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
def app(request: pytest.FixtureRequest) -> Iterator[App]:
    """The app under test, in a process of its own that starts from the seeded state."""
    backend = request.config.stash[BACKEND]
    handle = backend.open()
    try:
        yield App(backend, handle)
    finally:
        backend.close()


@pytest.fixture
def client(app: App) -> Client:
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
def rng(request: pytest.FixtureRequest) -> random.Random:
    """A random generator seeded by the grading's seed and the test's own id: the same again on a regrade."""
    return random.Random(f"{request.config.stash.get(SEED, 0)}:{request.node.nodeid}")


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
