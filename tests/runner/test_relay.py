"""The relay believes the app's container nothing, and lets the inner of two deadlines fire first."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.grading.report import Exchange, Outcome, TestStatus
from runner.limits import SLACK_S
from runner.sandbox.relay import GraderBroke
from tests.support.randomness import varying_bits
from tests.support.relays import LIMITS, PlayedRelay, good, request


def test_each_side_gets_its_own_files_and_never_the_others() -> None:
    relay = PlayedRelay()
    assert [path for path, _ in relay.load.fields["files"]] == ["app/shop.py", "harness.py"]
    assert [path for path, _ in relay.suite.fields["files"]] == ["test_a.py", "mendbox_harness.py"]
    assert relay.load.body == b"xh"
    assert relay.suite.body == b"yh"


def test_an_answer_reaches_the_grader_under_its_own_id() -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.app("answer", b"hello", **good(request(relay)))
    (answer,) = relay.answers()
    assert answer.fields == {"ok": True, "status": "200 OK", "headers": [["A", "b"]], "id": 2}
    assert answer.body == b"hello"


def test_an_id_cannot_be_guessed_and_counts_once() -> None:
    relay = PlayedRelay()
    relay.begin()
    identity = request(relay)
    for guess in (2, "2", identity[:-1], "", None, [identity]):
        relay.app("answer", **{**good(identity), "id": guess})
    assert relay.answers() == []
    relay.app("answer", **good(identity))
    relay.app("answer", **{**good(identity), "status": "500 NO"})
    assert [answer.fields["status"] for answer in relay.answers()] == ["200 OK"]
    assert relay.report().facts["frames_refused"] == 7


def test_an_id_has_128_random_bits() -> None:
    relay = PlayedRelay()
    relay.begin()
    ids = [request(relay) for _ in range(64)]
    assert all(re.fullmatch("[0-9a-f]{32}", identity) for identity in ids)
    assert varying_bits(ids) == 128


def test_an_id_that_was_asked_counts_in_an_answer_only() -> None:
    relay = PlayedRelay()
    relay.begin()
    identity = request(relay)
    relay.app("loaded", id=identity)
    relay.app("done", id=identity)
    relay.app("answer", **good(identity))
    assert [answer.fields["status"] for answer in relay.answers()] == ["200 OK"], "it was not lost"
    assert relay.report().facts["frames_refused"] == 2


def test_a_second_load_changes_nothing() -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.app("loaded", ok=False, message="no", oom_kills=3)
    assert relay.report().outcome is Outcome.COMPLETED
    assert relay.report().facts["frames_refused"] == 1


@pytest.mark.parametrize("kills", [True, "1", 1.5, -1, None, [1]])
def test_only_a_count_of_kills_is_one(kills: Any) -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.app("answer", **good(request(relay)), oom_kills=kills)
    assert relay.report().outcome is Outcome.COMPLETED


def test_an_answer_before_the_question_is_refused() -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.app("answer", **good("0" * 16))
    assert relay.answers() == []
    assert relay.report().facts["frames_refused"] == 1


@pytest.mark.parametrize("kind", ["test_end", "done", "collected", "broken", "loaded", "op", "test_start", "x"])
def test_the_app_cannot_speak_as_the_grader(kind: str) -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.app(kind, id="test_a.py::test_one", status="passed", duration_s=0.0, ok=True, tests=[])
    assert not relay.relay.finished
    assert relay.report().tests[0].status is TestStatus.NOT_RUN
    assert relay.report().facts["frames_refused"] == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"status": 200, "headers": []},
        {"status": "OK", "headers": []},
        {"status": "2\n0 OK", "headers": []},
        {"status": "200 OK" + "x" * 300, "headers": []},
        {"status": "200 OK"},
        {"status": "200 OK", "headers": {"A": "b"}},
        {"status": "200 OK", "headers": [["A"]]},
        {"status": "200 OK", "headers": [["A", 1]]},
        {"status": "200 OK", "headers": [["A", "b\r\nC: d"]]},
        {"status": "200 OK", "headers": [["A", "b"]] * 300},
        {"status": "200 OK", "headers": [["A", "b" * 70_000]]},
        {"ok": "yes", "status": "200 OK", "headers": []},
        {"ok": False},
        {"ok": False, "fault": "invented", "message": "x"},
        {"ok": False, "raised": "x"},
    ],
)
def test_an_answer_of_another_form_is_rubbish(fields: dict[str, Any]) -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.app("answer", **{"id": request(relay), "ok": True, **fields})
    (answer,) = relay.answers()
    assert answer.fields["ok"] is False
    assert answer.fields["fault"] == "rubbish"
    assert relay.report().outcome is Outcome.CRASHED


@pytest.mark.parametrize(
    ("op", "fields", "body"),
    [
        ("call", {}, b"{not json"),
        ("clock", {"now": "noon"}, b""),
        ("clock", {"now": None}, b""),
        ("statements", {"mark": 1}, b"{}"),
        ("statements", {"mark": -1}, b"[]"),
        ("statements", {"mark": True}, b"[]"),
        ("statements", {"mark": 1}, b"[1]"),
        ("instance", {"handle": 5}, b""),
        ("instance", {"handle": 0}, b""),
        ("close", {"left_over": "none"}, b""),
        ("request", {"status": "200 OK", "headers": []}, b"x" * (3 * 1024 * 1024)),
    ],
)
def test_every_operation_has_its_own_form_of_answer(op: str, fields: dict[str, Any], body: bytes) -> None:
    relay = PlayedRelay()
    relay.begin()
    identity = relay.ask(op, handle=0).fields["id"]
    relay.app("answer", body, id=identity, ok=True, **fields)
    (answer,) = relay.answers()
    assert answer.fields["ok"] is False


@given(
    st.dictionaries(
        st.sampled_from(["ok", "status", "headers", "handle", "fault", "raised", "now", "id", "oom_kills"]),
        st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=3),
    )
)
def test_whatever_the_app_sends_the_relay_goes_on(fields: dict[str, Any]) -> None:
    relay = PlayedRelay()
    relay.begin()
    identity = request(relay)
    relay.app("answer", **{**fields, "id": identity})
    (answer,) = relay.answers()
    assert answer.fields["id"] == 2
    assert isinstance(answer.fields["ok"], bool)


def test_a_request_over_its_deadline_is_answered_for_the_app_which_is_told_to_stop() -> None:
    relay = PlayedRelay()
    relay.begin()
    identity = request(relay)
    relay.wait(LIMITS.request_s - 0.1)
    assert relay.answers() == []
    relay.wait(0.2)
    (answer,) = relay.answers()
    assert answer.fields["fault"] == "timed_out"
    assert relay.relay.to_app.pop().fields["op"] == "abort"
    relay.app("answer", **good(identity))
    assert relay.answers() == [], "the late answer counts for nothing"
    assert relay.report().outcome is Outcome.TIMED_OUT


def test_the_inner_deadline_is_always_the_next_one() -> None:
    relay = PlayedRelay()
    relay.begin()
    request(relay)
    request_deadline = relay.relay.next_deadline()
    assert request_deadline == pytest.approx(relay.now + LIMITS.request_s)
    relay.wait(LIMITS.request_s)
    test_deadline = relay.relay.next_deadline()
    assert test_deadline == pytest.approx(100.0 + LIMITS.test_s + SLACK_S)
    assert test_deadline < 100.0 + LIMITS.grading_s


def test_a_container_that_does_not_open_an_app_is_given_up() -> None:
    relay = PlayedRelay()
    relay.app("loaded", ok=True)
    relay.grader("collected", tests=[["test_a.py::test_one", "R1"]])
    relay.grader("test_start", id="test_a.py::test_one")
    relay.ask("open")
    relay.wait(LIMITS.app_start_s + SLACK_S + 0.1)
    assert relay.relay.give_up_app
    assert all(answer.fields["ok"] is False for answer in relay.answers())
    relay.grader("op", id=9, op="request", handle=0)
    assert [answer.fields["fault"] for answer in relay.answers()] == ["died"]


def test_an_app_that_is_never_loaded_is_given_up_after_its_own_deadline() -> None:
    relay = PlayedRelay()
    relay.wait(LIMITS.app_start_s + 0.1)
    assert not relay.relay.give_up_app, "the container's own deadline comes first"
    relay.wait(SLACK_S)
    assert relay.relay.give_up_app
    assert relay.report().outcome is Outcome.TIMED_OUT


def test_a_run_over_its_deadline_ends_and_what_did_not_run_is_not_passed() -> None:
    relay = PlayedRelay()
    relay.begin("a::one", "a::two", "a::three")
    relay.grader("test_end", id="a::one", status="passed", duration_s=0.1, message=None, detail=None)
    relay.wait(LIMITS.grading_s)
    assert relay.relay.finished
    assert [test.status.value for test in relay.report().tests] == ["passed", "not_run", "not_run"]
    assert relay.report().outcome is Outcome.TIMED_OUT


def test_the_gravest_ending_is_the_outcome() -> None:
    relay = PlayedRelay()
    relay.begin()
    request(relay)
    relay.wait(LIMITS.request_s)
    identity = request(relay)
    relay.app("answer", id=identity, ok=False, fault="died", message="gone", oom_kills=1)
    assert relay.report().outcome is Outcome.OUT_OF_MEMORY


def test_text_of_the_app_is_cut_and_cleaned_before_a_person_reads_it() -> None:
    relay = PlayedRelay()
    relay.app("loaded", ok=False, message="\x1b[31mred\x1b[0m \u202etxt\0" + "x" * 5000, detail="d", kind="raised")
    message = relay.report().outcome_message or ""
    assert "\x1b" not in message
    assert "\u202e" not in message
    assert "\0" not in message
    assert len(message) <= 1000


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("test_end", {"id": "a::unknown", "status": "passed", "duration_s": 0.0}),
        ("collected", {"tests": [["a::one", "R1"]]}),
        ("surprise", {}),
        ("op", {"id": 1, "op": "shutdown"}),
    ],
)
def test_a_grader_that_says_what_it_never_should_is_a_fault(kind: str, fields: dict[str, Any]) -> None:
    relay = PlayedRelay()
    relay.begin("a::one")
    with pytest.raises(GraderBroke):
        relay.grader(kind, **fields)


def test_a_test_reported_twice_is_a_fault() -> None:
    relay = PlayedRelay()
    relay.begin("a::one")
    end = {"id": "a::one", "status": "passed", "duration_s": 0.1}
    relay.grader("test_end", **end)
    with pytest.raises(GraderBroke):
        relay.grader("test_end", **end)


def test_what_the_app_printed_goes_to_the_assessor_and_not_to_the_grader() -> None:
    relay = PlayedRelay()
    relay.begin("a::one")
    identity = relay.ask("close").fields["id"]
    relay.app("answer", b"printed \xff", id=identity, ok=True, left_over=2)
    (answer,) = relay.answers()
    assert answer.body == b""
    relay.grader("test_end", id="a::one", status="passed", duration_s=0.1)
    report = relay.report()
    assert report.tests[0].app_output == "printed \ufffd"
    assert report.facts["processes_left_over"] == 2


def test_a_close_is_answered_after_the_next_test_began_and_belongs_to_its_own() -> None:
    relay = PlayedRelay()
    relay.begin("a::one", "a::two")
    identity = relay.ask("close").fields["id"]
    relay.grader("test_end", id="a::one", status="passed", duration_s=0.1)
    relay.grader("test_start", id="a::two")
    relay.app("answer", b"printed", id=identity, ok=True, left_over=0)
    relay.grader("test_end", id="a::two", status="passed", duration_s=0.1)
    assert [test.app_output for test in relay.report().tests] == ["printed", None]


def test_a_run_is_finished_once_its_last_close_was_answered() -> None:
    relay = PlayedRelay()
    relay.begin("a::one")
    identity = relay.ask("close").fields["id"]
    relay.grader("test_end", id="a::one", status="passed", duration_s=0.1)
    relay.grader("done", exit=0)
    assert not relay.relay.finished
    relay.app("answer", id=identity, ok=True, left_over=1)
    assert relay.relay.finished
    assert relay.report().facts["processes_left_over"] == 1


def test_a_run_whose_last_close_is_never_answered_is_finished_by_its_deadline() -> None:
    relay = PlayedRelay()
    relay.begin("a::one")
    relay.ask("close")
    relay.grader("test_end", id="a::one", status="passed", duration_s=0.1)
    relay.grader("done", exit=0)
    relay.wait(LIMITS.request_s + SLACK_S)
    assert relay.relay.finished
    assert relay.report().outcome is Outcome.TIMED_OUT


def test_frames_to_the_app_never_carry_what_the_grader_knows() -> None:
    relay = PlayedRelay()
    relay.begin("a::one")
    frame = relay.ask("request", handle=0, environ={})
    assert set(frame.fields) == {"id", "op", "handle", "environ"}
    assert json.dumps(frame.fields).find("a::one") == -1


def test_a_suite_that_can_not_run_is_told_in_the_graders_words() -> None:
    relay = PlayedRelay()
    with pytest.raises(GraderBroke, match="no such fixture") as caught:
        relay.grader("broken", message="no such fixture")
    assert caught.value.suite


def test_what_pid_1_counts_is_told_as_the_greatest_it_ever_said() -> None:
    relay = PlayedRelay()
    relay.app("loaded", ok=True, counts={"tried_paths": 2})
    relay.grader("collected", tests=[["a::one", "R1"]])
    for counts in ({"tried_paths": 5, "forks_refused": 1}, {"tried_paths": 1}, {}):
        relay.grader("test_start", id="a::one")
        relay.app("answer", id=relay.ask("open").fields["id"], ok=True, handle=0)
        relay.app("answer", id=relay.ask("close").fields["id"], ok=True, left_over=0, counts=counts)

    assert {name: count for name, count in relay.report().facts.items() if count} == {
        "tried_paths": 5,
        "forks_refused": 1,
    }


@pytest.mark.parametrize(
    "counts",
    [
        {"tried_paths": -1},
        {"tried_paths": 2**31},
        {"tried_paths": 1.5},
        {"tried_paths": True},
        {"tried_paths": "many"},
        {"of_my_own": 1},
        {"score": 100},
        ["tried_paths"],
        None,
    ],
)
def test_counts_of_another_form_are_rubbish_and_count_for_nothing(counts: Any) -> None:
    relay = PlayedRelay()
    relay.app("loaded", ok=True, counts=counts)
    assert relay.report().facts["frames_refused"] == 1

    relay.begin()
    identity = relay.ask("close").fields["id"]
    relay.app("answer", id=identity, ok=True, left_over=0, counts=counts)

    facts = relay.report().facts
    assert facts["answers_rubbish"] == 1
    assert facts["tried_paths"] == 0
    assert "of_my_own" not in facts


def test_an_app_can_not_count_for_pid_1() -> None:
    """A request's answer is the app's own word: counts in it are not read."""
    relay = PlayedRelay()
    relay.begin()
    asked = relay.ask("request", handle=0, environ={})
    relay.app("answer", id=asked.fields["id"], ok=True, status="200 OK", headers=[], counts={"tried_paths": 7})

    assert relay.report().facts["tried_paths"] == 0


def test_a_container_that_ended_for_memory_was_killed_once_whatever_it_says() -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.relay.app_ended("gone", Outcome.OUT_OF_MEMORY)

    facts = relay.report().facts
    assert (facts["kills_for_memory"], facts["container_given_up"]) == (1, 1)


def test_who_watches_is_told_of_each_request_with_its_answer() -> None:
    relay = PlayedRelay()
    relay.begin("a::one")
    environ = {"REQUEST_METHOD": "PUT", "PATH_INFO": "/x", "QUERY_STRING": "y=1"}
    relay.grader("op", b"sent", id=7, op="request", handle=0, environ=environ)
    relay.app("answer", b"got", id=relay.relay.to_app.pop().fields["id"], ok=True, status="200 OK", headers=[])
    assert relay.watched == [Exchange("a::one", "PUT", "/x", "y=1", b"sent", "200 OK", b"got")]


def test_of_other_operations_the_answer_is_handed_on_and_nobody_is_told() -> None:
    relay = PlayedRelay()
    relay.begin("a::one")
    relay.app("answer", id=relay.ask("clock", advance_s=1.0).fields["id"], ok=True, now=5.0)
    assert [(frame.fields["ok"], frame.fields["now"]) for frame in relay.answers()] == [(True, 5.0)]
    assert relay.watched == []
