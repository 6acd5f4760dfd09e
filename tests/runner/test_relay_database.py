"""The relay between a hidden suite and the challenge's own PostgreSQL."""

from __future__ import annotations

import json
from typing import Any

import pytest

from runner.grading.report import Outcome
from runner.inside.frames import Frame
from runner.sandbox.desk import FRESH_S
from runner.sandbox.relay import GraderBroke
from tests.support.relays import LIMITS, PlayedRelay


class Played(PlayedRelay):
    """A relay with a database, which keeps what was seeded as soon as the app has loaded."""

    def __init__(self) -> None:
        super().__init__(LIMITS, ("postgres",))

    def to_database(self) -> list[Frame]:
        desk = self.relay.servers["postgres"]
        frames, desk.to_send[:] = list(desk.to_send), []
        return frames

    def database(self, asked: Frame, body: bytes = b"", **fields: Any) -> None:
        self.relay.from_server("postgres", Frame("answer", {"id": asked.fields["id"], **fields}, body))

    def begin(self, *tests: str) -> None:
        super().begin(*tests)
        keep, fresh = self.to_database()
        assert (keep.fields["op"], fresh.fields["op"]) == ("keep", "fresh")
        self.database(keep, ok=True)
        self.database(fresh, ok=True)
        (opened,) = self.answers()
        assert opened.fields == {"id": 1, "ok": True, "handle": 0}

    def statement(self, **fields: Any) -> Frame:
        self.ids += 1
        self.grader("op", id=self.ids, op="database", **{"session": 0, "sql": "SELECT 1", "parameters": []} | fields)
        (asked,) = self.to_database()
        return asked


def test_a_test_gets_its_app_when_its_database_is_new() -> None:
    relay = Played()
    relay.app("loaded", ok=True)
    relay.grader("collected", tests=[["a", "R1"]])
    relay.grader("test_start", id="a")
    opened = relay.ask("open")
    assert [frame.fields["op"] for frame in relay.to_database()] == ["keep"], "the app's processes may not be gone yet"
    relay.app("answer", id=opened.fields["id"], ok=True, handle=0)
    assert relay.answers() == []
    (fresh,) = relay.to_database()
    relay.database(fresh, ok=True)
    assert [answer.fields for answer in relay.answers()] == [{"id": 1, "ok": True, "handle": 0}]


def test_an_app_that_did_not_start_has_no_database() -> None:
    relay = Played()
    relay.app("loaded", ok=False, message="no")
    assert relay.to_database() == []


def test_a_database_that_can_not_be_made_new_ends_the_test_and_no_other() -> None:
    relay = Played()
    super(Played, relay).begin()
    _, fresh = relay.to_database()
    relay.database(fresh, ok=False, fault="died", message="broken")
    assert [answer.fields for answer in relay.answers()] == [
        {"id": 1, "ok": False, "fault": "died", "message": "broken"}
    ]
    relay.app("answer", id=relay.ask("open").fields["id"], ok=True, handle=0)
    (again,) = relay.to_database()
    relay.database(again, ok=True)
    assert [answer.fields["ok"] for answer in relay.answers()] == [True]


def test_rows_reach_the_suite() -> None:
    relay = Played()
    relay.begin()
    asked = relay.statement(session=3, sql="SELECT %s", parameters=[1])
    assert {name: asked.fields[name] for name in ("op", "session", "sql", "parameters")} == {
        "op": "database",
        "session": 3,
        "sql": "SELECT %s",
        "parameters": [1],
    }
    relay.database(asked, b'[{"a": 1}]', ok=True)
    (answer,) = relay.answers()
    assert answer.fields == {"id": 2, "ok": True}
    assert json.loads(answer.body) == [{"a": 1}]


@pytest.mark.parametrize("body", [b"", b"1", b'{"a": 1}', b"[1]", b'[{"a": NaN}]', b'[{"a": 1, "a": 2}]'])
def test_what_are_no_rows_is_rubbish(body: bytes) -> None:
    relay = Played()
    relay.begin()
    relay.database(relay.statement(), body, ok=True)
    assert [answer.fields["fault"] for answer in relay.answers()] == ["rubbish"]


def test_the_servers_error_is_told() -> None:
    relay = Played()
    relay.begin()
    relay.database(relay.statement(), ok=False, raised=["UndefinedTable", "no \x1b[31m table"])
    assert [answer.fields["raised"] for answer in relay.answers()] == [["UndefinedTable", "no [31m table"]]


def test_statements_are_those_that_the_server_counted() -> None:
    relay = Played()
    relay.begin()
    relay.ids += 1
    relay.grader("op", id=relay.ids, op="statements", handle=0, since=-1)
    assert relay.relay.to_app == [], "the app is not asked"
    (asked,) = relay.to_database()
    assert (asked.fields["op"], asked.fields["since"]) == ("statements", -1)
    relay.database(asked, b'["SELECT 1"]', ok=True, mark=4)
    (answer,) = relay.answers()
    assert (answer.fields["mark"], answer.body) == (4, b'["SELECT 1"]')


def test_an_answer_that_fits_no_question_ends_the_apps_part() -> None:
    relay = Played()
    relay.begin()
    asked = relay.statement()
    for frame in (Frame("answer", {"id": 1}), Frame("answer", {}), Frame("ready", {"id": asked.fields["id"]})):
        relay.relay.from_server("postgres", frame)
    assert relay.report().outcome is Outcome.CRASHED
    assert [answer.fields["fault"] for answer in relay.answers()] == ["died"], "who waits is told, and once"
    relay.database(asked, b"[]", ok=True)
    assert relay.answers() == []


def test_a_server_that_does_not_answer_in_time_is_given_up() -> None:
    relay = Played()
    relay.begin()
    relay.statement()
    assert relay.relay.next_deadline() == relay.now + LIMITS.request_s
    relay.wait(LIMITS.request_s)
    assert [answer.fields["message"] for answer in relay.answers()] == ["The app's database stopped answering"]
    assert relay.report().outcome is Outcome.TIMED_OUT
    relay.ids += 1
    relay.grader("op", id=relay.ids, op="database", session=0, sql="SELECT 1", parameters=[])
    assert relay.to_database() == []
    assert [answer.fields["fault"] for answer in relay.answers()] == ["died"]


def test_a_new_database_may_take_longer_than_a_request() -> None:
    relay = Played()
    super(Played, relay).begin()
    assert relay.relay.next_deadline() <= relay.now + FRESH_S
    relay.wait(LIMITS.request_s + 0.1)
    assert relay.answers() == []


def test_without_the_service_a_suite_that_asks_for_it_is_wrong() -> None:
    relay = PlayedRelay()
    relay.begin()
    with pytest.raises(GraderBroke, match="names no service `postgres`"):
        relay.ask("database", session=0, sql="SELECT 1", parameters=[])
