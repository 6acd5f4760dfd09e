"""What a watcher is told: pure decisions, no server."""

from __future__ import annotations

import json
import math
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.narrator import GRID_S, Event, Narrator, ResumePoint, resume_point
from store.progress import Numbering, Place, Run, place_of, run_of

FIRST, SECOND = Run(2), Run(5)


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

    told = [*narrator.began(FIRST), *narrator.began(FIRST), *narrator.queued(1), *narrator.began(SECOND)]

    # Whoever comes too late to be told of a place is told that it was the next.
    assert _names(told) == ["queued", "started", "queued", "started"]
    assert told[0].data == {"position": 1}


def test_an_assessor_is_told_each_test_at_once() -> None:
    narrator = Narrator(2, for_candidate=False)
    narrator.began(FIRST)

    (event,) = narrator.test(Place(FIRST, 1), _test(7), 100.0)

    assert event.data == _test(7)
    assert event.id == "2-2.0-1"


def test_a_candidate_is_told_requirement_and_status_and_no_more() -> None:
    narrator = Narrator(1, for_candidate=True)
    narrator.test(Place(FIRST, 1), _test(1), 100.0)

    assert narrator.due(100.0) == []
    (event,) = narrator.due(100.0 + GRID_S)

    assert event.data == {"requirement": "R1", "status": "passed"}
    assert b"secret" not in event.encode()
    assert b"0.0123" not in event.encode()


def test_a_candidate_is_not_told_when_or_in_which_order_tests_ended() -> None:
    def told(order: list[tuple[str, str]], pause_s: float) -> list[bytes]:
        narrator = Narrator(1, for_candidate=True)
        events = narrator.began(FIRST)
        for number, (requirement, status) in enumerate(order):
            place = Place(FIRST, number + 1)
            events += narrator.test(place, _test(number, requirement, status), number * pause_s)
        return [event.encode() for event in events + narrator.due(GRID_S)]

    order = [("R2", "failed"), ("R1", "passed"), ("R2", "passed")]

    assert told(order, 0.01) == told(order[::-1], 0.2)


def test_a_candidates_tests_wait_for_a_batch_but_not_beyond_the_grade() -> None:
    narrator = Narrator(1, for_candidate=True)

    early = [
        *narrator.test(Place(FIRST, 1), _test(1), 100.0),
        *narrator.test(Place(FIRST, 2), _test(2), 100.1),
        *narrator.due(100.9),
    ]
    late = narrator.grade({"score": 0})

    assert _names(early) == ["queued", "started"]
    assert _names(late) == ["test", "test", "grade"]


@given(st.lists(st.floats(100.0, 104.0), max_size=8), st.floats(100.0, 105.0), st.floats(100.0, 105.0))
def test_whoever_watches_sees_a_candidates_tests_change_at_full_seconds_only(
    ends: list[float], one: float, other: float
) -> None:
    """Two streams, however they are opened, together tell no more than one."""

    def seen(looks_from: float, now: float) -> int:
        """How many tests a stream that was opened at `looks_from` has told at `now`, looking at every moment."""
        narrator = Narrator(1, for_candidate=True)
        events: list[Event] = []
        for number, at in enumerate(sorted(ends), start=1):
            if at <= now:
                events += narrator.test(Place(FIRST, number), _test(number), max(at, looks_from))
        events += narrator.due(now)
        return len([event for event in events if event.name == "test"])

    for now in (max(one, other), max(one, other) + 0.5, 106.0):
        whole = sum(at < math.floor(now) for at in ends)
        for start in (one, other):
            assert seen(start, now) in (0, whole)
    assert seen(one, 106.0) == len(ends)


@pytest.mark.parametrize("seen", [Place(FIRST, 1), Place(FIRST, 2), Place(FIRST, 10**9), Place(Run(10**9), 0)])
def test_a_candidate_can_not_choose_where_to_go_on(seen: Place) -> None:
    def told(seen: Place | None) -> list[bytes]:
        narrator = Narrator(1, for_candidate=True, seen=seen)
        events = narrator.began(FIRST)
        for number in (1, 2, 3):
            events += narrator.test(Place(FIRST, number), _test(number, f"R{number}"), 100.0)
        return [event.encode() for event in (*events, *narrator.due(102.0))]

    assert told(seen) == told(None)
    assert all(b"id: " not in event for event in told(seen))


def test_a_place_far_ahead_costs_nothing() -> None:
    tracemalloc.start()
    Narrator(1, for_candidate=False, seen=Place(FIRST, 999_999_999)).test(Place(FIRST, 1), _test(1), 0.0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


def test_an_error_ends_a_stream_after_the_tests_that_wait() -> None:
    narrator = Narrator(1, for_candidate=True)
    narrator.test(Place(FIRST, 1), _test(1), 100.0)

    events = narrator.error("the platform failed")

    assert _names(events) == ["test", "error"]
    assert events[-1].id == "1-end"


@given(st.integers(0, 8), st.integers(0, 8))
def test_an_assessor_who_comes_back_misses_nothing_and_gets_nothing_twice(total: int, seen: int) -> None:
    def told(seen: Place | None) -> list[tuple[str | None, str]]:
        narrator = Narrator(1, for_candidate=False, seen=seen)
        events = narrator.began(FIRST)
        for number in range(1, total + 1):
            events += narrator.test(Place(FIRST, number), _test(number), float(number * 2))
        return [(event.id, event.name) for event in events]

    start, tests = told(None)[:2], told(None)[2:]
    seen = min(seen, total)

    assert start == [(None, "queued"), (None, "started")]
    assert told(Place(FIRST, seen)) == tests[seen:]


@given(st.permutations(range(1, 7)), st.integers(0, 6))
def test_what_comes_twice_or_out_of_order_is_told_once(order: list[int], again: int) -> None:
    narrator = Narrator(1, for_candidate=False)
    told = [
        event
        for number in [*order[:again], *order, *order[again:]]
        for event in narrator.test(Place(FIRST, number), _test(number), 0.0)
        if event.name == "test"
    ]

    assert [event.data["id"] for event in told] == [f"test_secret_{number}" for number in order]
    assert told[-1].id == "1-2.0-6"


def test_an_id_never_promises_a_test_that_was_not_told() -> None:
    narrator = Narrator(1, for_candidate=False)

    ids = [narrator.test(Place(FIRST, number), _test(number), 0.0)[-1].id for number in (1, 3, 4, 2)]

    assert ids == ["1-2.0-1", "1-2.0-1", "1-2.0-1", "1-2.0-4"]


@pytest.mark.parametrize("for_candidate", [True, False])
def test_a_grading_that_begins_anew_is_told_from_its_first_test(for_candidate: bool) -> None:
    narrator = Narrator(1, for_candidate=for_candidate)
    events = narrator.test(Place(FIRST, 1), _test(1), 0.0)
    for run in (SECOND, Run(5, 1)):
        events += narrator.test(Place(run, 1), _test(1, status="failed"), 10.0)
        events += narrator.test(Place(FIRST, 2), _test(2), 10.0)  # late news of the one before
        events += narrator.due(11.0)

    last = [event for event in events if event.name == "test"][-2:]
    assert _names(events).count("started") == 3
    assert [event.id for event in last] == ([None] * 2 if for_candidate else ["1-5.0-1", "1-5.1-1"])
    assert [event.data["status"] for event in last] == ["failed", "failed"]


def test_a_client_that_comes_back_after_another_start_is_told_all_of_it() -> None:
    narrator = Narrator(1, for_candidate=False, seen=Place(FIRST, 3))

    events = [event for number in (1, 2) for event in narrator.test(Place(SECOND, number), _test(number), 0.0)]

    assert _names(events) == ["started", "test", "test"]


def test_a_workers_numbers_tell_runs_and_tests_apart() -> None:
    numbering = Numbering(7)
    kinds = ["collected", "test", "test", "collected", "test"]
    numbered = [numbering.number(kind, {"x": 1}) for kind in kinds]

    assert [run_of(data) for data in numbered] == [Run(7), Run(7), Run(7), Run(7, 1), Run(7, 1)]
    assert [place_of(data).number for data in numbered] == [0, 1, 2, 0, 1]
    assert all(data["x"] == 1 for data in numbered)


@pytest.mark.parametrize(
    "header",
    [None, "", "1", "1-", "-1", "1-x", "1-2-3", "1-2.3", "1-2.0-", "1732500000000-0", "1-2.0-9999999999", "١-٢.٠-١"],
)
def test_another_last_event_id_than_ours_is_as_none(header: str | None) -> None:
    assert resume_point(header) is None


def test_a_last_event_id_says_where_to_go_on() -> None:
    assert resume_point("2-4.1-5") == ResumePoint(2, Place(Run(4, 1), 5))
    assert resume_point("2-end") == ResumePoint(2, None)


@given(st.text())
def test_no_data_can_break_out_of_its_event(text: str) -> None:
    encoded = Event("grade", {"message": text}, "1-end").encode().decode()

    lines = encoded.split("\n")
    assert lines[:2] == ["id: 1-end", "event: grade"]
    assert json.loads(lines[2].removeprefix("data: ")) == {"message": text}
    assert lines[3:] == ["", ""]
    assert "\r" not in encoded
