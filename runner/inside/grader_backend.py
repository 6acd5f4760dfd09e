"""The grader's side of the relay: a `Backend` whose operations travel as frames to the app container and back."""

from __future__ import annotations

import json
import os
import queue
import threading
from collections.abc import Mapping, Sequence
from typing import Any

from runner.inside.backend import Answer, AppFault, CallFailed, Request
from runner.inside.frames import CHUNK_BYTES, Frame, FrameReader, encode

#: The host puts an id of its own in place of this side's.
_ID_BYTES = 64


class Wire:
    """Standard input and output of the grader: frames out from any thread, answers in by operation."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._reader = FrameReader(64 * 1024 * 1024)
        self._writing = threading.Lock()
        self._waiting: dict[int, queue.SimpleQueue[Frame]] = {}
        self._next_id = 0

    def send(self, frame: Frame) -> None:
        """Write one frame whole. Raises FrameRefused, with nothing written, for one that is over a cap."""
        self._write(encode(frame))

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        with self._writing:
            while rest:
                rest = rest[os.write(self._write_fd, rest) :]

    def receive_one(self) -> Frame | None:
        """The next frame, read by the caller's own thread; None at the end. Only before `start_reading`."""
        while data := os.read(self._read_fd, CHUNK_BYTES):
            for frame in self._reader.feed(data):
                return frame
        return None

    def start_reading(self) -> None:
        """From now on a thread of its own hands answers to the operations that wait for them."""
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def wait_for_end(self) -> None:
        """Stay until the host lets go: it may still wait for answers to what this side no longer waits for."""
        self._reading.join()

    def operate(self, fields: Mapping[str, Any], body: bytes = b"") -> Frame:
        """Send an operation and wait for its answer. The host answers every one: deadlines are its own.

        Raises FrameRefused for what is over a cap, which then is the test's own failure: an app can bring a test to
        send ever more, with its cookies for one.
        """
        answer: queue.SimpleQueue[Frame] = queue.SimpleQueue()
        identity = self._take_id()
        data = encode(Frame("op", {"id": identity, **fields}, body), room_bytes=_ID_BYTES)
        self._waiting[identity] = answer
        self._write(data)
        return answer.get()

    def tell(self, fields: Mapping[str, Any]) -> None:
        """Send an operation whose answer nobody here waits for."""
        self.send(Frame("op", {"id": self._take_id(), **fields}))

    def _take_id(self) -> int:
        with self._writing:
            self._next_id += 1
            return self._next_id

    def _read(self) -> None:
        while data := os.read(self._read_fd, CHUNK_BYTES):
            for frame in self._reader.feed(data):
                waiting = self._waiting.pop(frame.fields.get("id", -1), None)
                if waiting is not None:
                    waiting.put(frame)
        os._exit(0)  # the host is gone, and with it the reason to go on


class RelayBackend:
    """`Backend` over the relay."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def open(self) -> int:
        return int(self._do({"op": "open"}).fields["handle"])

    def instance(self) -> int:
        return int(self._do({"op": "instance"}).fields["handle"])

    def request(self, handle: int, request: Request) -> Answer:
        answer = self._do({"op": "request", "handle": handle, "environ": dict(request.environ)}, request.body)
        headers = [(name, value) for name, value in answer.fields["headers"]]
        return Answer(answer.fields["status"], headers, answer.body)

    def call(self, handle: int, target: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        fields = {"op": "call", "handle": handle, "target": target, "args": list(args), "kwargs": dict(kwargs)}
        return json.loads(self._do(fields).body)

    def clock(self, *, advance_s: float, freeze: bool, at: float | None) -> float:
        return float(self._do({"op": "clock", "advance_s": advance_s, "freeze": freeze, "at": at}).fields["now"])

    def statements(self, handle: int, since: int) -> tuple[int, list[str]]:
        answer = self._do({"op": "statements", "handle": handle, "since": since})
        return int(answer.fields["mark"]), [str(statement) for statement in json.loads(answer.body)]

    def database(self, session: int, sql: str, parameters: Sequence[Any]) -> list[dict[str, Any]]:
        fields = {"op": "database", "session": session, "sql": sql, "parameters": list(parameters)}
        return list(json.loads(self._do(fields).body))

    def redis(self, parts: Sequence[str], db: int) -> Any:
        return json.loads(self._do({"op": "redis", "parts": list(parts), "db": db}).body)

    def logs(self, handle: int) -> str:
        return self._do({"op": "logs", "handle": handle}).body.decode("utf-8", "replace")

    def close(self) -> None:
        # The next test need not wait for this one's processes: the app's side takes operations in their order.
        self._wire.tell({"op": "close"})

    def _do(self, fields: Mapping[str, Any], body: bytes = b"") -> Frame:
        answer = self._wire.operate(fields, body)
        if answer.fields.get("ok") is True:
            return answer
        if "raised" in answer.fields:
            error_type, message = answer.fields["raised"]
            raise CallFailed(str(error_type), str(message))
        raise AppFault(str(answer.fields.get("fault")), str(answer.fields.get("message")))
