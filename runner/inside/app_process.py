"""The processes that run the candidate's code: the template, which builds the app once, and its fork for each test.

Everything here is in the candidate's hands once their code is imported. What it says to PID 1 is checked there, and
what PID 1 passes on is checked by the host: this side only has to be quick and plain.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import socket
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from runner.inside.attempts import tell_attempts
from runner.inside.backend import AppFault, Request
from runner.inside.clocks import Clocks
from runner.inside.frames import CHUNK_BYTES, Frame, FrameReader, encode
from runner.inside.harness import HarnessContext, build_app, call_target, load_harness
from runner.inside.processes import be_first_to_go
from runner.inside.sharing import fill_rooms, share_for_good
from runner.inside.statements import StatementLog
from runner.inside.wsgi import run_wsgi

#: Requests of one test that may be in flight in one process.
MOST_THREADS = 64
#: What asks the template for a fork: how many of the forks before it, from the first, may be collected when they end.
FORK_REQUEST = struct.Struct("!I")
_DETAIL_CHARS = 8_000


@dataclass(frozen=True, slots=True)
class AppPaths:
    """Where things lie in the app container."""

    tree: Path
    harness: Path
    data: Path


@dataclass(frozen=True, slots=True)
class AppPlan:
    """What the template needs to know. `urls`: of the challenge's own servers, by service."""

    paths: AppPaths
    entry: str
    seed: int
    response_bytes: int
    clocks: Clocks
    log: StatementLog
    told_fd: int
    urls: Mapping[str, str] = field(default_factory=dict)


def template_main(control: socket.socket, output_fd: int, plan: AppPlan) -> NoReturn:
    """Build the app, report how that went, then fork on request until the control socket closes."""
    code = 1
    try:
        be_first_to_go()
        os.setsid()
        _redirect(output_fd)
        tell_attempts(plan.told_fd)
        started = time.perf_counter()
        try:
            harness, app = _build(plan)
        except BaseException as error:
            message, detail = explain(error, plan.paths.tree)
            _send(control, Frame("loaded", {"ok": False, "message": message, "detail": detail}))
        else:
            _send(control, Frame("loaded", {"ok": True, "build_s": time.perf_counter() - started}))
            _fork_on_request(control, plan, harness, app)
        code = 0
    finally:
        os._exit(code)


def _build(plan: AppPlan) -> tuple[ModuleType, Callable[..., Any]]:
    os.chdir(plan.paths.tree)
    sys.argv = ["app"]
    sys.path.insert(0, str(plan.paths.tree))
    harness = load_harness(plan.paths.harness)
    urls = {"database_url": plan.urls.get("postgres", ""), "redis_url": plan.urls.get("redis", "")}
    app = build_app(harness, HarnessContext(plan.entry, plan.paths.data, plan.seed, **urls))
    settle(app)
    if hasattr(harness, "warm"):
        harness.warm(app)
    sys.stdout.flush()
    sys.stderr.flush()
    # A collection in a fork would touch, and so copy, every page that holds what was made until here.
    gc.collect()
    share_for_good(all_of_it=True)
    fill_rooms()
    gc.freeze()
    return harness, app


def settle(app: Any) -> None:
    """Do once what the first request of every fork would otherwise do again: wire up mappers, compile the routes.

    Both are done by the libraries at first use and run none of the app's views. What fails here fails there again.
    """
    with contextlib.suppress(Exception):
        if "sqlalchemy.orm" in sys.modules:
            sys.modules["sqlalchemy.orm"].configure_mappers()
    with contextlib.suppress(Exception):
        app.url_map.update()


def _fork_on_request(control: socket.socket, plan: AppPlan, harness: ModuleType, app: Callable[..., Any]) -> None:
    made = 0
    kept: dict[int, int] = {}
    while True:
        data, fds, _, _ = socket.recv_fds(control, FORK_REQUEST.size, 2)
        if not data:
            return
        _collect_ended(kept, FORK_REQUEST.unpack(data)[0])
        pid = os.fork()
        if pid:
            kept[pid] = made
            made += 1
            for fd in fds:
                os.close(fd)
            continue
        control.close()
        _redirect(fds[1])
        _Child(socket.socket(fileno=fds[0]), plan, harness, app).serve()


def _collect_ended(kept: dict[int, int], over: int) -> None:
    """Collect the ended of the first `over` forks. How a later one ended may still be read, so it stays a zombie."""
    for pid in [pid for pid, number in kept.items() if number < over]:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                del kept[pid]
        except ChildProcessError:
            del kept[pid]


class _Child:
    """One process of one test's app."""

    def __init__(self, sock: socket.socket, plan: AppPlan, harness: ModuleType, app: Callable[..., Any]) -> None:
        self._socket = sock
        self._plan = plan
        self._harness = harness
        self._app = app
        self._threads = ThreadPoolExecutor(MOST_THREADS)
        self._sending = threading.Lock()

    def serve(self) -> NoReturn:
        code = 0
        try:
            self._threads.submit(int)  # a thread that the first request would wait for otherwise
            _send(self._socket, Frame("hello", {"pid": os.getpid()}))
            reader = FrameReader()
            in_use = False
            while data := self._socket.recv(CHUNK_BYTES):
                if not in_use and hasattr(self._harness, "forked"):
                    self._harness.forked(self._app)
                in_use = True
                for frame in reader.feed(data):
                    self._take(frame)
        except BaseException:
            code = 1
            traceback.print_exc()
        finally:
            os._exit(code)

    def _take(self, frame: Frame) -> None:
        if frame.fields["op"] in ("request", "call"):
            self._threads.submit(self._answer, frame)
        else:
            self._answer(frame)

    def _answer(self, frame: Frame) -> None:
        identity = frame.fields["id"]
        try:
            fields, body = self._operate(frame)
            answer = encode(Frame("answer", {"id": identity, "ok": True, **fields}, body))
        except AppFault as fault:
            answer = encode(
                Frame("answer", {"id": identity, "ok": False, "fault": fault.kind, "message": fault.message})
            )
        except Exception as error:
            raised = [type(error).__name__, str(error)[:_DETAIL_CHARS]]
            answer = encode(Frame("answer", {"id": identity, "ok": False, "raised": raised}))
        except BaseException as error:
            # A server's process ends on SystemExit and the like; so does this one.
            traceback.print_exc()
            os._exit(error.code if isinstance(error, SystemExit) and isinstance(error.code, int) else 1)
        with self._sending:
            self._socket.sendall(answer)

    def _operate(self, frame: Frame) -> tuple[dict[str, Any], bytes]:
        fields = frame.fields
        if fields["op"] == "request":
            request = Request(fields["environ"], frame.body)
            answer = run_wsgi(self._app, request, most_bytes=self._plan.response_bytes)
            return {"status": answer.status, "headers": list(answer.headers)}, answer.body
        if fields["op"] == "call":
            result = call_target(self._app, fields["target"], fields["args"], fields["kwargs"])
            return {}, json.dumps(result, allow_nan=False).encode()
        if fields["op"] == "clock":
            now = self._plan.clocks.change(advance_s=fields["advance_s"], freeze=fields["freeze"], at=fields["at"])
            return {"now": now}, b""
        mark, statements = self._plan.log.since(fields["since"])
        return {"mark": mark}, json.dumps(statements).encode()


def explain(error: BaseException, tree: Path) -> tuple[str, str]:
    """Why the app did not start: a line for the candidate that names their own file and line, and the traceback."""
    detail = "".join(traceback.format_exception(error))[-_DETAIL_CHARS:]
    place = ""
    if isinstance(error, SyntaxError) and error.filename:
        place = f" ({_shown(error.filename, tree)}, line {error.lineno})"
    else:
        own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(f"{tree}/")]
        if own:
            place = f" ({_shown(own[-1].filename, tree)}, line {own[-1].lineno})"
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    said = (f"{type(error).__name__}: {text}" if text else type(error).__name__)[:500]
    return f"The app did not start: {said}{place}", detail


def _shown(filename: str, tree: Path) -> str:
    return filename.removeprefix(f"{tree}/")


def _redirect(output_fd: int) -> None:
    """Send standard output and error to `output_fd` and take input from nowhere."""
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(output_fd, 1)
    os.dup2(output_fd, 2)
    os.close(output_fd)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]


def _send(sock: socket.socket, frame: Frame) -> None:
    sock.sendall(encode(frame))
