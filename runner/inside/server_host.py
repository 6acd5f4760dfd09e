"""What PID 1 of every server's container does: starts the server, and answers what the host asks of it.

    host → here     op      {id, op, …} + body
    here → host     ready   {python, server}         the server answers, and is empty
                    answer  {id, ok, …} + body       one for each op

`keep` sets aside what the app's start seeded, `fresh` makes the server as it was then, once for each test. What else is
asked is each server's own, see `database_host` and `redis_host`.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any, NoReturn

from runner.inside.frames import CHUNK_BYTES, Frame, FrameReader, encode

_SAID_CHARS = 2000


class Unanswerable(Exception):
    """An operation that can't be answered as asked; its text is fit for candidates."""


class ServerHost(ABC):
    """Answers the host's operations, each in a thread that a subclass names.

    `noun` is what messages call the server. What the suite asks for in `suite_operation`, and is refused with one of
    `errors`, is raised in the suite; any other failure is a fault.
    """

    noun = "server"
    suite_operation = ""
    errors: tuple[type[Exception], ...] = ()

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._writing = threading.Lock()

    @abstractmethod
    def start(self) -> str:
        """Start the server, wait until it answers; gives its version. Raises SystemExit with what it said."""

    @abstractmethod
    def threads_for(self, fields: Mapping[str, Any]) -> Executor:
        """Where that operation is answered: one after the other with the others of the same executor."""

    @abstractmethod
    def operate(self, fields: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Do an operation; gives the fields and the body of its answer. Raises Unanswerable, or one of `errors`."""

    def why_broken(self) -> str:
        """What is told of a server that does not work any more."""
        return f"The app's {self.noun} does not work any more"

    def serve(self) -> None:
        """Start the server, say ready, answer until the host goes away."""
        version = self.start()
        self._send(Frame("ready", {"python": sys.version.split()[0], "server": version}))
        reader = FrameReader(16 * 1024 * 1024)
        while data := os.read(self._read_fd, CHUNK_BYTES):
            for frame in reader.feed(data):
                self._take(frame)

    def _take(self, frame: Frame) -> None:
        try:
            threads = self.threads_for(frame.fields)
        except self.errors as error:
            self._tell(frame, self.failure(frame.fields["op"], error))
        else:
            threads.submit(self._answer, frame)

    def _answer(self, frame: Frame) -> None:
        try:
            fields, body = self.operate(frame.fields)
        except Exception as error:  # nobody else would answer, and the host would wait in vain
            self._tell(frame, self.failure(frame.fields["op"], error))
        else:
            self._tell(frame, {"ok": True, **fields}, body)

    def failure(self, operation: str, error: Exception) -> dict[str, Any]:
        """The fields of an answer that tells of that error."""
        if isinstance(error, Unanswerable):
            return {"ok": False, "fault": "too_large", "message": str(error)}
        if isinstance(error, self.errors):
            if operation == self.suite_operation:
                return {"ok": False, "raised": [type(error).__name__, str(error)[:_SAID_CHARS]]}
            said, detail = self.why_broken(), str(error)
        else:
            said, detail = f"The app's {self.noun} can't be asked that", repr(error)
        return {"ok": False, "fault": "died", "message": said, "detail": detail[:_SAID_CHARS]}

    def _tell(self, frame: Frame, fields: dict[str, Any], body: bytes = b"") -> None:
        self._send(Frame("answer", {"id": frame.fields["id"], **fields}, body))

    def _send(self, frame: Frame) -> None:
        rest = memoryview(encode(frame))
        with self._writing:
            while rest:
                rest = rest[os.write(self._write_fd, rest) :]


def run(kind: type[ServerHost]) -> NoReturn:
    """Start the server and serve. The container's end ends the server, too."""
    read_fd, write_fd = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    gc.enable()
    code = 0
    try:
        kind(read_fd, write_fd).serve()
    except BaseException as error:
        code = 1
        print(error, file=sys.stderr, flush=True)  # noqa: T201
    os._exit(code)
