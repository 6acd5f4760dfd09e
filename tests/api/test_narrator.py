"""What a watcher is told: pure decisions, no server."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.narrator import BATCH_S, Event, Narrator, ResumePoint, resume_point


def _test(number: int, requirement: str = "R1", status: str = "passed") -> dict[str, object]:
    return {"id": f"test_secret_{number}", "requirement": requirement, "status": status, "duration_s": 0.0123}


def _names(events: list[Event]) -> list[str]:
    return [event.name for event in events]


def test_a_place_in_the_queue_is_told_again_only_when_it_changes() -> None:
    narrator = Narrator(1, for_candidate=True)

    told = [narrator.queued(place) for place in (3, 3, 2, 2)]

    assert [[event.data["position"] for event in events] for events in told] == [[3], [], [2], []]


def test_the_start_is_told_once_and_again_after_the_grading_was_queued_anew() -> None:
    narrator = Narrator(1, for_candidate=False)

    told = [*narrator.started(), *narrator.started(), *narrator.queued(1), *narrator.started()]

    assert _names(told) == ["started", "queued", "started"]


def test_an_assessor_is_told_each_test_at_once() -> None:
    narrator = Narrator(2, for_candidate=False)
    narrator.started()

    (event,) = narrator.test(_test(7), 100.0)

    assert event.data == _test(7)
    assert event.id == "2-1"


def test_a_candidate_is_told_requirement_and_status_and_no_more() -> None:
    narrator = Narrator(1, for_candidate=True)
    narrator.test(_test(1), 100.0)

    (event,) = narrator.due(100.0 + BATCH_S)

    assert event.data == {"requirement": "R1", "status": "passed"}
    assert b"secret" not in event.encode()
    assert b"0.0123" not in event.encode()


def test_a_candidate_is_not_told_when_or_in_which_order_tests_ended() -> None:
    def told(order: list[tuple[str, str]], pause_s: float) -> list[bytes]:
        narrator = Narrator(1, for_candidate=True)
        events = narrator.started()
        for number, (requirement, status) in enumerate(order):
            events += narrator.test(_test(number, requirement, status), number * pause_s)
        return [event.encode() for event in events + narrator.due(BATCH_S)]

    order = [("R2", "failed"), ("R1", "passed"), ("R2", "passed")]

    assert told(order, 0.01) == told(order[::-1], 0.2)


def test_a_candidates_tests_wait_for_a_batch_but_not_beyond_the_grade() -> None:
    narrator = Narrator(1, for_candidate=True)

    early = [*narrator.test(_test(1), 100.0), *narrator.test(_test(2), 100.1), *narrator.due(100.9)]
    late = narrator.grade({"score": 0})

    assert _names(early) == ["started"]
    assert _names(late) == ["test", "test", "grade"]


def test_only_the_last_of_a_batch_has_an_id() -> None:
    narrator = Narrator(1, for_candidate=True)
    for number in range(3):
        narrator.test(_test(number), 100.0)

    assert [event.id for event in narrator.due(102.0)] == [None, None, "1-3"]


def test_an_error_ends_a_stream_after_the_tests_that_wait() -> None:
    narrator = Narrator(1, for_candidate=True)
    narrator.test(_test(1), 100.0)

    events = narrator.error("the platform failed")

    assert _names(events) == ["test", "error"]
    assert events[-1].id == "1-end"


@given(st.integers(0, 8), st.integers(0, 8), st.booleans())
def test_a_client_that_comes_back_misses_nothing_and_gets_nothing_twice(
    total: int, seen: int, for_candidate: bool
) -> None:
    def told(skip: int) -> list[tuple[str | None, str]]:
        narrator = Narrator(1, for_candidate=for_candidate, tests_to_skip=skip)
        events = []
        for number in range(total):
            events += narrator.test(_test(number), float(number * 2))
            events += narrator.due(number * 2 + 1.5)
        return [(event.id, event.name) for event in events if event.name == "test"]

    everything = told(0)

    assert told(min(seen, total)) == everything[min(seen, total) :]


@pytest.mark.parametrize(
    "header", [None, "", "1", "1-", "-1", "1-x", "1-2-3", "1732500000000-0", "1-9999999999", "١-٢ "]
)
def test_another_last_event_id_than_ours_is_as_none(header: str | None) -> None:
    assert resume_point(header) is None


def test_a_last_event_id_says_where_to_go_on() -> None:
    assert resume_point("2-5") == ResumePoint(2, 5)
    assert resume_point("2-end") == ResumePoint(2, None)


@given(st.text())
def test_no_data_can_break_out_of_its_event(text: str) -> None:
    encoded = Event("grade", {"message": text}, "1-end").encode().decode()

    lines = encoded.split("\n")
    assert lines[:2] == ["id: 1-end", "event: grade"]
    assert json.loads(lines[2].removeprefix("data: ")) == {"message": text}
    assert lines[3:] == ["", ""]
    assert "\r" not in encoded
