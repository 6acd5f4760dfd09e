"""All of Mendbox on one machine: what `mendbox up` starts, in this order, and stops in the other.

    queue     a Redis-compatible server of our own, unless MENDBOX_REDIS_URL names one
    database  brought up to this version
    api       the command that the caller gives
    worker    one supervisor with its slots

What dies is started again; what dies again and again stops everything, with the reason.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rq.utils import utcparse

from mendbox.embedded_redis import EmbeddedRedis
from mendbox.services import RunningService, Say, Service
from store.queue import connect, queue_names, translated
from store.settings import SECRETS, Settings
from store.store import Store
from worker.signals import SignalInbox

#: How often a server that did not start with us is looked at; our own children announce their end.
LOOK_S = 5.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. `api_url` answers GET /healthz once the API is up. `say` gets lines for the terminal.

    `slots` 0 and `sandbox` empty: as the worker has them by default.
    """

    settings: Settings
    api_command: tuple[str, ...]
    api_url: str
    say: Say = field(repr=False)
    slots: int = 0
    sandbox: str = ""
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)


class Stack:
    """A running Mendbox, as a context manager. Use it in the main thread."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._redis: EmbeddedRedis | None = None
        self._services: list[RunningService] = []
        self._started = datetime.now(UTC)
        #: With the queue's URL filled in, once started.
        self.settings = plan.settings

    @property
    def logs(self) -> Path:
        """The folder of log files."""
        return self._plan.settings.home / "logs"

    def start(self) -> None:
        """Start everything. Raises PlatformFault; what was started by then has been stopped again."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        plan = self._plan
        plan.settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not plan.settings.redis_url:
            self._redis = EmbeddedRedis(plan.settings.home, environ=plan.environ)
            self._redis.start()
            self.settings = plan.settings.model_copy(update={"redis_url": self._redis.url})
        with Store.open(self.settings.effective_database_url) as store:
            store.upgrade()
        environ = {**plan.environ, **environment_of(self.settings)}
        worker = worker_command(["--slots", str(plan.slots), *(["--sandbox", plan.sandbox] if plan.sandbox else [])])
        for service in (
            Service("api", plan.api_command, environ, ready=lambda: answers(f"{plan.api_url}/healthz")),
            Service("worker", worker, environ, stop_s=45.0),
        ):
            running = RunningService(service, self.logs, plan.say)
            self._services.append(running)
            running.begin()
        for running in self._services:
            running.wait_until_ready()

    def slots_taking(self) -> int:
        """How many slots that started since we did take gradings now. Raises QueueUnavailable."""
        client = connect(self.settings.redis_url)
        try:
            with translated(), client.pipeline(transaction=False) as pipeline:
                for worker in client.smembers(f"rq:workers:{queue_names(self.settings)[0]}"):
                    pipeline.hmget(worker, "birth", "death")
                # One that was killed stands in the list for minutes.
                return sum(is_alive_since(self._started, *about) for about in pipeline.execute())
        finally:
            client.close()

    def wait_for_slots(self, slots: int, timeout_s: float) -> bool:
        """Whether so many slots take gradings within `timeout_s`. Raises PlatformFault when a service keeps dying."""
        deadline = time.monotonic() + timeout_s
        while self.slots_taking() < slots:
            if time.monotonic() > deadline:
                return False
            self.tend()
            time.sleep(0.05)
        return True

    def tend(self) -> None:
        """Start again what has died. Raises PlatformFault when that is no use."""
        if self._redis is not None and self._redis.exited():
            self._plan.say(f"queue ended and is started again; see {self._redis.log_path}")
            self._redis.stop()
            self._redis.start()
        for service in self._services:
            if service.exited() is not None:
                service.restart()

    def run(self, announce: Callable[[], None] | None = None) -> None:
        """Keep everything running until SIGTERM or SIGINT, then stop. Raises PlatformFault when that is no use.

        `announce` is called once both signals stop in order: whoever is told may interrupt at once.
        """
        with SignalInbox(signal.SIGTERM, signal.SIGINT, signal.SIGCHLD) as inbox:
            try:
                if announce is not None:
                    announce()
                while True:
                    self.tend()
                    select.select([inbox.fileno()], [], [], LOOK_S)
                    if any(number != signal.SIGCHLD for number in inbox.take()):
                        self._plan.say("stopping; once more to stop without waiting for gradings")
                        return
            finally:
                self.stop(inbox)

    def stop(self, inbox: SignalInbox | None = None) -> None:
        """Stop all in reverse order. A signal in `inbox` meanwhile is passed on: it means at once."""
        while self._services:
            service = self._services.pop()
            service.ask_to_stop()
            deadline = time.monotonic() + service.service.stop_s
            while not service.stopped(0.05):
                if time.monotonic() > deadline:
                    self._plan.say(f"{service.service.name} does not stop and is killed")
                    service.kill()
                elif inbox is not None and any(number != signal.SIGCHLD for number in inbox.take()):
                    service.ask_to_stop()
        redis, self._redis = self._redis, None
        if redis is not None:
            redis.stop()

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def is_alive_since(start: datetime, birth: bytes | None, death: bytes | None) -> bool:
    """Whether RQ's record of a worker is of one that was born since and has not said that it stopped."""
    return birth is not None and death is None and utcparse(birth.decode()) >= start


def environment_of(settings: Settings) -> dict[str, str]:
    """The settings as `MENDBOX_*` variables, for processes that read them from there.

    Secrets that were in files are among them, so the variables that named those files are empty.
    """
    values = {f"MENDBOX_{name.upper()}": str(getattr(settings, name)) for name in type(settings).model_fields}
    return values | {f"MENDBOX_{name.upper()}_FILE": "" for name in SECRETS}


def answers(url: str, *, timeout_s: float = 2.0) -> bool:
    """Whether a GET is answered with a status below 400."""
    try:
        with urllib.request.urlopen(url, timeout=timeout_s):  # noqa: S310 -- our own address
            return True
    except (OSError, urllib.error.URLError, ValueError):
        return False


def worker_command(arguments: Sequence[str] = ()) -> tuple[str, ...]:
    """The command line of a supervisor on its own, as `mendbox worker` runs it."""
    return (sys.executable, "-m", "worker.supervisor", *arguments)
