"""A worker's surroundings: a real store, a real Redis-compatible server, a small challenge, and slots as processes."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from runner.packages.loader import load_package
from runner.submissions.model import Submission
from store.progress import Progress
from store.queue import GradingQueue, connect
from store.records import AuditFilter, GradingRecord, Origin, SourceKind
from store.settings import Settings
from store.states import FINAL, GradingState
from store.store import Store
from store.visible_runs import VisibleRuns
from tests.support.postgres import postgres_url  # noqa: F401 -- a fixture
from tests.support.scripted_sandbox import ScriptedSandbox
from tests.support.valkey import TestServer, valkey  # noqa: F401 -- a fixture
from tests.worker.sample import SLUG, write_sample
from worker.context import WorkerContext, set_context
from worker.gate import Gate
from worker.packages import PackageCache

ROOT = Path(__file__).parents[2]
SCRIPTED = "tests.support.scripted_sandbox:ScriptedProvider"
WAIT_S = 120.0


def wait_for(what: Callable[[], Any], why: str) -> Any:
    """The first true answer. Fails the test with `why` when there is none for a very long time."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.02)
    pytest.fail(f"waited {WAIT_S:.0f} s in vain: {why}")


@dataclass
class World:
    """Everything one test's worker works with."""

    settings: Settings
    store: Store
    queue: GradingQueue
    progress: Progress
    visible: VisibleRuns
    server: TestServer
    folder: Path
    environ: Mapping[str, str]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def submit(self, script: Mapping[str, Any] | None = None, *, enqueue: bool = True) -> str:
        """Store a submission with a script for the sandbox, queue its grading, give the grading's id."""
        return self.submit_files(
            {} if script is None else {"script.json": json.dumps(script).encode()}, enqueue=enqueue
        )

    def submit_files(self, files: Mapping[str, bytes], *, enqueue: bool = True) -> str:
        """The same with files of one's own."""
        package = load_package(self.settings.challenges / SLUG)
        origin = Origin(SLUG, package.digest, SourceKind.API)
        _, grading = self.store.submissions.add(Submission(files), origin)
        if enqueue:
            self.queue.enqueue(grading.id, grading.priority)
        return grading.id

    def gate(self, name: str) -> Path:
        """A file that a scripted run waits for."""
        return self.folder / name

    def started(self, gate: Path) -> list[int]:
        """Process ids of the runs that wait or waited at the gate."""
        path = Path(f"{gate}.started")
        return [int(pid) for pid in path.read_text().split()] if path.exists() else []

    def grading(self, grading_id: str) -> GradingRecord:
        return self.store.gradings.get(grading_id)

    def state(self, grading_id: str) -> GradingState:
        return self.grading(grading_id).state

    def finished(self, *grading_ids: str) -> list[GradingRecord]:
        """Wait until all are graded or in error."""
        return [wait_for(functools.partial(self._final, one), f"{one} is not finished") for one in grading_ids]

    def _final(self, grading_id: str) -> GradingRecord | None:
        record = self.grading(grading_id)
        return record if record.state in FINAL else None

    def deeds(self, grading_id: str) -> Counter[str]:
        """What the audit trail says was done to a grading by workers, and how often."""
        page = self.store.audit.page(AuditFilter(object_id=grading_id))
        return Counter(record.deed.action for record in page.items)

    def start(self, module: str, *arguments: str, **environ: str) -> subprocess.Popen[bytes]:
        """Start a worker process; it is killed at the end of the test if it still runs."""
        sandbox = [] if "--sandbox" in arguments else ["--sandbox", SCRIPTED]
        process = subprocess.Popen(
            [sys.executable, "-m", module, *sandbox, *arguments],
            cwd=ROOT,
            env={**self.environ, **environ},
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        self.processes.append(process)
        return process

    def slot(self, *arguments: str, **environ: str) -> subprocess.Popen[bytes]:
        return self.start("worker.process", *arguments, **environ)

    def supervisor(self, *arguments: str, **environ: str) -> subprocess.Popen[bytes]:
        return self.start("worker.supervisor", *arguments, **environ)

    def context(self, sandbox: ScriptedSandbox | None = None, **settings: float) -> WorkerContext:
        """What a slot process has, for a job in the test's own process; with these settings in place of ours."""
        sandbox = sandbox or ScriptedSandbox()
        packages = PackageCache(self.settings.challenges)
        return WorkerContext(
            name="test-slot",
            settings=self.settings.model_copy(update=settings),
            store=self.store,
            queue=self.queue,
            progress=self.progress,
            packages=packages,
            sandbox=sandbox,
            gate=Gate([sandbox.check, packages.check], threading.Event()),
            visible=self.visible,
            on_stuck=lambda: None,
        )

    def close(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdin:
                process.stdin.close()
        self.store.close()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    with Store.open(f"sqlite:///{path}") as store:
        store.upgrade()
    return path


@pytest.fixture
def world(tmp_path: Path, valkey: TestServer, empty_database: Path) -> Iterator[World]:  # noqa: F811
    """A worker's surroundings with a short lease."""
    shutil.copy(empty_database, tmp_path / "mendbox.db")
    with surroundings(tmp_path, valkey) as made:
        yield made


@pytest.fixture
def world_on_postgres(tmp_path: Path, valkey: TestServer, postgres_url: str) -> Iterator[World]:  # noqa: F811
    """The same with PostgreSQL."""
    with Store.open(postgres_url) as store:
        store.upgrade()
    with surroundings(tmp_path, valkey, MENDBOX_DATABASE_URL=postgres_url) as made:
        yield made


@contextlib.contextmanager
def surroundings(tmp_path: Path, valkey: TestServer, **more: str) -> Iterator[World]:  # noqa: F811
    """A world in that folder, with these settings beside its own."""
    write_sample(tmp_path / "challenges" / SLUG)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MENDBOX_")},
        "MENDBOX_HOME": str(tmp_path),
        "MENDBOX_CHALLENGES": str(tmp_path / "challenges"),
        "MENDBOX_REDIS_URL": valkey.url,
        "MENDBOX_LEASE_S": "3",
        "MENDBOX_RECONCILE_S": "0.5",
        "SCRIPTED_SANDBOX_DOWN": str(tmp_path / "engine-is-down"),
        **more,
    }
    settings = Settings.from_env(environ)
    client = connect(valkey.url, blocking=True)
    made = World(
        settings=settings,
        store=Store.open(settings.effective_database_url),
        queue=GradingQueue(client, settings),
        progress=Progress(client, settings),
        visible=VisibleRuns(client, settings),
        server=valkey,
        folder=tmp_path,
        environ=environ,
    )
    try:
        yield made
    finally:
        set_context(None)
        made.close()
        client.close()


def kill(process_id: int) -> None:
    """SIGKILL, as the kernel does when memory runs out."""
    os.kill(process_id, signal.SIGKILL)
