"""What one app can make the relay keep, wait for and pass on, and how what goes wrong together is told."""

from __future__ import annotations

import pytest

from runner.grading.report import Outcome
from runner.limits import SLACK_S
from runner.sandbox.relay import MOST_REFUSED, MOST_TEST_OPERATIONS
from tests.support.relays import LIMITS, PlayedRelay, good, request


def test_a_test_that_the_app_leads_on_for_ever_is_ended() -> None:
    relay = PlayedRelay()
    relay.begin("a::one", "a::two")
    for _ in range(MOST_TEST_OPERATIONS - 1):
        relay.app("answer", **good(request(relay)))
    assert all(answer.fields["ok"] for answer in relay.answers())
    relay.grader("op", id=77, op="request", handle=0)
    assert [answer.fields["fault"] for answer in relay.answers()] == ["too_large"]
    assert relay.relay.to_app == []
    assert relay.ask("close").fields["op"] == "close", "the test's app is ended all the same"
    relay.grader("test_end", id="a::one", status="error", duration_s=1.0)
    relay.grader("test_start", id="a::two")
    relay.app("answer", **good(request(relay)))
    assert [answer.fields["ok"] for answer in relay.answers()] == [True]


def test_answers_that_would_fill_the_graders_memory_are_kept_from_it() -> None:
    relay = PlayedRelay()
    relay.begin("a::one", "a::two")
    megabyte = b"x" * 1024 * 1024
    for _ in range(LIMITS.memory_mb // 4):
        relay.app("answer", megabyte, **good(request(relay)))
    assert all(answer.fields["ok"] for answer in relay.answers())
    relay.app("answer", b"x", **good(request(relay)))
    (answer,) = relay.answers()
    assert (answer.fields["fault"], answer.body) == ("too_large", b"")
    relay.grader("test_end", id="a::one", status="error", duration_s=1.0)
    relay.grader("test_start", id="a::two")
    relay.app("answer", megabyte, **good(request(relay)))
    assert [answer.fields["ok"] for answer in relay.answers()] == [True]


def test_the_output_kept_of_all_tests_is_bounded() -> None:
    tests = [f"a::{number}" for number in range(100)]
    relay = PlayedRelay()
    relay.begin(*tests)
    for test in tests:
        relay.grader("test_start", id=test)
        relay.app("answer", b"\xff" * 70_000, id=relay.ask("close").fields["id"], ok=True, left_over=0)
        relay.grader("test_end", id=test, status="passed", duration_s=0.1)
    kept = [len(test.app_output or "") for test in relay.report().tests]
    assert kept[0] == 64 * 1024
    assert sum(kept) == 4 * 1024 * 1024


def test_operations_that_are_overdue_together_are_each_told_once() -> None:
    relay = PlayedRelay()
    relay.begin()
    for op in ("open", "instance", "request", "logs"):
        relay.ask(op, handle=0)
    relay.wait(LIMITS.app_start_s + SLACK_S)
    answers = {answer.fields["id"]: answer.fields["fault"] for answer in relay.answers()}
    assert answers == {2: "timed_out", 3: "died", 4: "died", 5: "died"}
    assert relay.relay.to_app == []


def test_an_app_whose_logs_are_slow_is_not_ended_for_it() -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.ask("logs", handle=0)
    relay.wait(LIMITS.request_s)
    assert [answer.fields["fault"] for answer in relay.answers()] == ["timed_out"]
    assert relay.relay.to_app == []


def test_a_test_that_its_grader_does_not_end_is_ended_with_the_run() -> None:
    relay = PlayedRelay()
    assert relay.relay.next_deadline() == 100.0 + LIMITS.app_start_s + SLACK_S
    relay.app("loaded", ok=True)
    assert relay.relay.next_deadline() == 100.0 + LIMITS.grading_s, "no test runs yet"
    relay.begin()
    relay.wait(LIMITS.test_s + SLACK_S)
    assert relay.relay.finished
    assert relay.report().outcome_message == "A test could not be ended in time"


def test_an_app_ends_once() -> None:
    relay = PlayedRelay()
    relay.begin()
    request(relay)
    relay.relay.app_ended("first", Outcome.CRASHED)
    relay.relay.app_ended("second", Outcome.OUT_OF_MEMORY)
    assert [answer.fields["message"] for answer in relay.answers()] == ["first"]
    assert (relay.report().outcome, relay.report().outcome_message) == (Outcome.CRASHED, "first")


@pytest.mark.parametrize("fault", ["too_large", "timed_out", "not_started"])
def test_an_answer_that_is_too_large_is_the_tests_failure_and_no_crash(fault: str) -> None:
    relay = PlayedRelay()
    relay.begin()
    relay.app("answer", id=request(relay), ok=False, fault=fault, message="m")
    (answer,) = relay.answers()
    assert answer.fields == {"ok": False, "fault": fault, "message": "m", "id": 2}
    assert relay.report().outcome is Outcome.COMPLETED


def test_too_many_frames_that_fit_nothing_end_the_app() -> None:
    relay = PlayedRelay()
    relay.begin()
    for _ in range(MOST_REFUSED + 1):
        relay.app("noise")
    assert relay.relay.give_up_app
    assert relay.report().outcome is Outcome.CRASHED
