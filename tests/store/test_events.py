"""Progress: numbered without gaps, in order, only by who holds the claim."""

from __future__ import annotations

from store.store import Store
from tests.store.conftest import Clock
from tests.store.examples import add, claimed, make_grade


def test_events_come_back_in_order_numbered_from_one_without_gaps(store: Store, clock: Clock) -> None:
    grading = add(store)
    claim = claimed(store, grading.id)
    assert store.events.append(claim, [("collected", {"tests": 14})])
    clock.advance(0.1)
    assert store.events.append(claim, [("test", {"id": f"t{number}", "nested": [1, None]}) for number in range(3)])
    assert store.claims.record_grade(claim, make_grade(claim))
    events = store.events.since(grading.id)
    assert [event.seq for event in events] == [1, 2, 3, 4, 5, 6, 7]
    assert [event.kind for event in events] == ["state", "state", "collected", "test", "test", "test", "state"]
    assert events[2].data == {"tests": 14}
    assert events[5].data == {"id": "t2", "nested": [1, None]}
    assert events[5].at == clock.now
    assert events[-1].data == {"state": "graded", "score": 40, "verdict": "partial"}
    assert store.gradings.get(grading.id).last_event == 7


def test_who_comes_back_gets_only_what_is_new(store: Store) -> None:
    claim = claimed(store, add(store).id)
    store.events.append(claim, [("test", {"id": str(number)}) for number in range(5)])
    assert [event.seq for event in store.events.since(claim.grading_id, 4)] == [5, 6, 7]
    assert [event.seq for event in store.events.since(claim.grading_id, 4, limit=2)] == [5, 6]
    assert store.events.since(claim.grading_id, 7) == []
    assert store.events.since("f00") == []


def test_the_final_state_is_told_only_once_the_grade_can_be_read(store: Store) -> None:
    claim = claimed(store, add(store).id)
    assert store.claims.record_grade(claim, make_grade(claim))
    assert store.events.since(claim.grading_id)[-1].data["state"] == "graded"
    assert not store.events.append(claim, [("test", {"id": "late"})])
    assert store.events.since(claim.grading_id)[-1].data["state"] == "graded"


def test_no_events_are_written_for_nothing(store: Store) -> None:
    claim = claimed(store, add(store).id)
    assert store.events.append(claim, [])
    assert [event.seq for event in store.events.since(claim.grading_id)] == [1, 2]
