"""A relay with a clock that tests move, and a short way to play both containers."""

from __future__ import annotations

from typing import Any

from runner.grading.report import Exchange, RunReport, Work
from runner.inside.frames import Frame
from runner.limits import Limits
from runner.sandbox.relay import Relay

LIMITS = Limits(request_s=2.0, test_s=5.0, app_start_s=4.0, grading_s=30.0)


class PlayedRelay:
    """`grader(...)` and `app(...)` hand a frame in and give what the relay sends to the other side for it."""

    def __init__(self, limits: Limits = LIMITS, services: tuple[str, ...] = ()) -> None:
        self.now = 100.0
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.watched: list[Exchange] = []
        files = {"shop.py": b"x"}, b"h", {"test_a.py": b"y"}
        work = Work(*files, "shop:app", limits, 1, watch=self.watched.append, services=services)
        self.relay = Relay(work, lambda kind, data: self.told.append((kind, dict(data))), lambda: self.now)
        self.load, self.suite = self.relay.to_app.pop(), self.relay.to_grader.pop()
        self.ids = 0

    def grader(self, kind: str, /, body: bytes = b"", **fields: Any) -> None:
        self.relay.from_grader(Frame(kind, fields, body))

    def app(self, kind: str, /, body: bytes = b"", **fields: Any) -> None:
        self.relay.from_app(Frame(kind, fields, body))

    def ask(self, op: str, **fields: Any) -> Frame:
        """The grader asks; gives the frame that the app's container gets."""
        self.ids += 1
        self.grader("op", id=self.ids, op=op, **fields)
        return self.relay.to_app.pop()

    def answers(self) -> list[Frame]:
        """What the grader got since."""
        frames, self.relay.to_grader[:] = list(self.relay.to_grader), []
        return frames

    def begin(self, *tests: str) -> None:
        """Loaded, collected, and the first test opened its app."""
        self.app("loaded", ok=True)
        self.grader("collected", tests=[[test, "R1"] for test in tests or ("test_a.py::test_one",)])
        self.grader("test_start", id=(tests or ("test_a.py::test_one",))[0])
        opened = self.ask("open")
        self.app("answer", id=opened.fields["id"], ok=True, handle=0)
        self.answers()

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.relay.tick()

    def report(self) -> RunReport:
        return self.relay.report(warm=True, warm_up_s=0.0)


def request(relay: PlayedRelay) -> str:
    """The grader requests; gives the id under which the app's container is asked."""
    return str(relay.ask("request", handle=0, environ={"PATH_INFO": "/"}).fields["id"])


def good(identity: str) -> dict[str, Any]:
    """The fields of a good answer to a request."""
    return {"id": identity, "ok": True, "status": "200 OK", "headers": [["A", "b"]]}
