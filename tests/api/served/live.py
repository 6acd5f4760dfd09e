"""The API as it is served: gunicorn in a process of its own, on a free port."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from api.gunicorn_worker import Worker
from api.server import gunicorn_command
from store.settings import Settings

ROOT = Path(__file__).parents[3]
WAIT_S = 30.0


class ImpatientWorker(Worker):
    """The server's worker with short deadlines, so that a test of them is short."""

    head_s = 1.0
    body_s = 1.0


@dataclass
class Server:
    """A running server. `lines` is its log so far."""

    process: subprocess.Popen[str]
    url: str = ""
    lines: list[str] = field(default_factory=list)

    def connect(self) -> socket.socket:
        """A bare connection to it."""
        host, port = self.url.rpartition("/")[2].split(":")
        return socket.create_connection((host, int(port)), timeout=WAIT_S)

    def log(self) -> list[dict[str, Any]]:
        """What the API has logged, as JSON; gunicorn's own lines left out."""
        return [json.loads(line) for line in self.lines if line.startswith("{")]


@contextmanager
def serving(
    settings: Settings,
    environ: dict[str, str],
    worker: str = "api.gunicorn_worker.Worker",
    trusted: Path | None = None,
) -> Iterator[Server]:
    """Serve until the block ends. `trusted`: the certificate that it has, if any."""
    command = [*gunicorn_command(settings), "--worker-class", worker]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    server = Server(process)
    reader = threading.Thread(target=_read, args=(server,), daemon=True)
    reader.start()
    try:
        _wait_until_it_answers(server, trusted)
        yield server
    finally:
        # The group is the server's own: gunicorn's master and its worker.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        reader.join()
        assert process.stderr is not None
        process.stderr.close()


def _read(server: Server) -> None:
    assert server.process.stderr is not None
    for line in server.process.stderr:
        server.lines.append(line.rstrip("\n"))


def _wait_until_it_answers(server: Server, trusted: Path | None) -> None:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline and server.process.poll() is None:
        listening = re.search(r"Listening at: (https?://\S+)", "\n".join(server.lines))
        if listening:
            server.url = listening[1]
            try:
                requests.get(f"{server.url}/healthz", timeout=WAIT_S, verify=str(trusted) if trusted else True)
                return
            except requests.ConnectionError:
                pass
        time.sleep(0.05)
    pytest.fail("the server did not start:\n" + "\n".join(server.lines))


def raw_answer(connection: socket.socket) -> bytes:
    """All bytes until the server closes or says no more for a long time."""
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
        if b"\r\n\r\n" in received and _complete(received):
            break
    return received


def _complete(received: bytes) -> bool:
    head, _, body = received.partition(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
    return length is not None and len(body) >= int(length[1])
