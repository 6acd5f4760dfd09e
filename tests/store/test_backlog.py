"""What waits: counts, places, and what the queue may have lost."""

from __future__ import annotations

from store.records import LostGrading, Priority
from store.states import GradingState
from store.store import Store
from tests.store.conftest import Clock
from tests.store.examples import add, claimed, make_grade


def regraded(store: Store) -> str:
    grading = add(store)
    claim = claimed(store, grading.id)
    assert store.claims.record_grade(claim, make_grade(claim))
    return store.gradings.regrade(grading.submission_id).id


def test_places_count_those_ahead_and_interactive_ones_go_before_regrades(store: Store, clock: Clock) -> None:
    regrade = regraded(store)
    first: list[str] = []
    second: list[str] = []
    for place in (first, second):
        clock.advance(1)
        place.append(add(store).id)
    assert [store.backlog.position(id) for id in (*first, *second, regrade)] == [1, 2, 3]  # noqa: A001
    claimed(store, first[0])
    assert [store.backlog.position(id) for id in (*first, *second, regrade)] == [None, 1, 2]  # noqa: A001


def test_gradings_queued_in_the_same_moment_have_places_of_their_own(store: Store) -> None:
    ids = [add(store).id for _ in range(10)]
    assert sorted(store.backlog.position(id) or 0 for id in ids) == list(range(1, 11))  # noqa: A001


def test_what_is_not_queued_has_no_place(store: Store) -> None:
    assert store.backlog.position("f00") is None


def test_it_knows_how_long_the_first_has_waited(store: Store, clock: Clock) -> None:
    assert store.backlog.oldest_queued_s() == 0
    first = add(store)
    clock.advance(30)
    add(store)
    clock.advance(5)
    assert store.backlog.oldest_queued_s() == 35
    claimed(store, first.id)
    assert store.backlog.oldest_queued_s() == 5


def test_counts_name_every_state(store: Store) -> None:
    assert store.backlog.counts() == dict.fromkeys(GradingState, 0)
    regraded(store)
    claimed(store, add(store).id)
    add(store)
    store.claims.record_error(claimed(store, add(store).id, max_tries=1), "no engine")
    assert store.backlog.counts() == {
        GradingState.QUEUED: 2,
        GradingState.RUNNING: 1,
        GradingState.GRADED: 1,
        GradingState.ERROR: 1,
    }


def test_lost_are_those_queued_long_ago_or_running_without_a_sign_of_life(store: Store, clock: Clock) -> None:
    regrade = regraded(store)
    old = add(store).id
    dead, alive = add(store).id, add(store).id
    claimed(store, dead, lease_s=10)
    claim = claimed(store, alive, lease_s=10)
    clock.advance(9)
    store.claims.heartbeat(claim)
    clock.advance(2)
    young = add(store).id
    lost = store.backlog.lost(queued_for_s=5)
    assert {row.grading_id for row in lost} == {regrade, old, dead}
    assert lost[-1] == LostGrading(regrade, Priority.REGRADE)
    assert len(store.backlog.lost(queued_for_s=5, limit=2)) == 2
    assert young in {row.grading_id for row in store.backlog.lost(queued_for_s=-1)}
