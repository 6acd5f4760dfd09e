"""The relay between a hidden suite, its app and the challenge's own Redis, also beside a PostgreSQL."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runner.grading.report import Outcome
from runner.inside.frames import Frame
from runner.sandbox.relay import GraderBroke
from tests.support.relays import LIMITS, PlayedRelay


class Played(PlayedRelay):
    """A relay with servers, whose first test is open."""

    def __init__(self, *services: str) -> None:
        super().__init__(LIMITS, services or ("redis",))

    def sent(self, name: str = "redis") -> list[Frame]:
        desk = self.relay.servers[name]
        frames, desk.to_send[:] = list(desk.to_send), []
        return frames

    def server(self, asked: Frame, body: bytes = b"", *, name: str = "redis", **fields: Any) -> None:
        self.relay.from_server(name, Frame("answer", {"id": asked.fields["id"], **fields}, body))

    def begin(self, *tests: str) -> None:
        super().begin(*tests)
        for name, _ in self.relay.servers.items():
            *_, fresh = self.sent(name)
            assert fresh.fields["op"] == "fresh"
            self.server(fresh, name=name, ok=True)
        assert [answer.fields["ok"] for answer in self.answers()] == [True]

    def command(self, *parts: str) -> Frame:
        self.ids += 1
        self.grader("op", id=self.ids, op="redis", parts=list(parts), db=0)
        (asked,) = self.sent()
        return asked


def test_a_command_reaches_the_server_and_its_answer_the_suite() -> None:
    relay = Played()
    relay.begin()
    asked = relay.command("GET", "a")
    assert {name: asked.fields[name] for name in ("op", "parts", "db")} == {
        "op": "redis",
        "parts": ["GET", "a"],
        "db": 0,
    }
    relay.server(asked, b'["a", null, 1.5]', ok=True)
    (answer,) = relay.answers()
    assert json.loads(answer.body) == ["a", None, 1.5]


@pytest.mark.parametrize("body", [b"", b"[", b"NaN", b'{"a": 1, "a": 2}', b"[" * 70 + b"]" * 70])
def test_what_is_no_answer_is_rubbish(body: bytes) -> None:
    relay = Played()
    relay.begin()
    relay.server(relay.command("GET", "a"), body, ok=True)
    assert [answer.fields["fault"] for answer in relay.answers()] == ["rubbish"]


def test_the_suite_goes_on_once_time_has_gone_by_for_the_server_too() -> None:
    relay = Played()
    relay.begin()
    asked = relay.ask("clock", advance_s=60.0, freeze=False, at=None)
    assert relay.sent() == [], "the app may still be at work"
    relay.app("answer", id=asked.fields["id"], ok=True, now=7.0)
    assert relay.answers() == []
    (advance,) = relay.sent()
    assert (advance.fields["op"], advance.fields["advance_s"]) == ("advance", 60.0)
    relay.server(advance, ok=True)
    assert [answer.fields for answer in relay.answers()] == [{"id": 2, "ok": True, "now": 7.0}]


def test_an_app_whose_clock_did_not_move_moves_no_server() -> None:
    relay = Played()
    relay.begin()
    asked = relay.ask("clock", advance_s=60.0, freeze=False, at=None)
    relay.app("answer", id=asked.fields["id"], ok=False, fault="died", message="gone")
    assert relay.sent() == []
    assert [answer.fields["message"] for answer in relay.answers()] == ["gone"]


def test_a_test_gets_its_app_when_every_server_is_new() -> None:
    relay = Played("postgres", "redis")
    relay.app("loaded", ok=True)
    relay.grader("collected", tests=[["a", "R1"]])
    relay.grader("test_start", id="a")
    opened = relay.ask("open")
    relay.app("answer", id=opened.fields["id"], ok=True, handle=0)
    keep, fresh = relay.sent("postgres")
    assert [frame.fields["op"] for frame in (keep, fresh, *relay.sent())] == ["keep", "fresh", "keep"]
    relay.server(fresh, name="postgres", ok=True)
    assert relay.answers() == []
    (fresh,) = relay.sent()
    relay.server(fresh, ok=True)
    assert [answer.fields for answer in relay.answers()] == [{"id": 1, "ok": True, "handle": 0}]


def test_each_servers_operations_are_its_own() -> None:
    relay = Played("postgres", "redis")
    relay.begin()
    relay.command("PING")
    assert relay.sent("postgres") == []
    relay.grader("op", id=70, op="statements", handle=0, since=-1)
    assert [frame.fields["op"] for frame in relay.sent("postgres")] == ["statements"]
    assert relay.sent() == []


def test_statements_are_asked_of_the_app_where_there_is_no_database() -> None:
    relay = Played()
    relay.begin()
    assert relay.ask("statements", handle=0, since=-1).fields["op"] == "statements"
    assert relay.sent() == []


def test_a_server_that_is_silent_is_named() -> None:
    relay = Played("postgres", "redis")
    relay.begin()
    relay.command("PING")
    relay.wait(LIMITS.request_s)
    assert [answer.fields["message"] for answer in relay.answers()] == ["The app's Redis stopped answering"]
    assert relay.report().outcome is Outcome.TIMED_OUT


def test_an_answer_that_fits_no_question_ends_the_apps_part() -> None:
    relay = Played("postgres", "redis")
    relay.begin()
    asked = relay.command("PING")
    relay.server(asked, b"[]", name="postgres", ok=True)
    assert relay.report().outcome is Outcome.CRASHED
    assert [answer.fields["fault"] for answer in relay.answers()] == ["died"]


def test_without_the_service_a_suite_that_asks_for_it_is_wrong() -> None:
    relay = PlayedRelay()
    relay.begin()
    with pytest.raises(GraderBroke, match="names no service `redis`"):
        relay.ask("redis", parts=["PING"], db=0)
