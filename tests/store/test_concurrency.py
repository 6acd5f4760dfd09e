"""Many workers at once, in threads and in processes: each grading claimed once, graded once, nothing lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from store.errors import Conflict, KeyUsed
from store.records import Claim, IdempotencyKey, NewToken, Origin, Role, SourceKind
from store.states import ClaimPolicy, GradingState
from store.store import Store
from tests.store.examples import CHANGE, add, claimed, make_grade
from tests.store.processes import Process, grade_what_is_free, stop_in_mid_transaction, submit_for_ever


def at_once(count: int, work: Callable[[int], object]) -> list[object]:
    """What `work(0)` … `work(count - 1)` give, all begun in the same moment."""
    barrier = threading.Barrier(count)

    def begin(number: int) -> object:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


@pytest.fixture
def live(url: str):  # type: ignore[no-untyped-def]
    """A store whose clock runs."""
    with Store.open(url) as store:
        yield store


def test_20_workers_that_want_the_same_200_gradings_get_each_once(live: Store) -> None:
    ids = [add(live).id for _ in range(200)]

    def work(number: int) -> list[str]:
        mine = []
        for id in ids:  # noqa: A001
            claim = live.claims.take(id, f"worker-{number}", ClaimPolicy(lease_s=600))
            if claim is not None:
                assert live.claims.record_grade(claim, make_grade(claim))
                mine.append(id)
        return mine

    taken = Counter(id for mine in at_once(20, work) for id in mine)  # type: ignore[attr-defined]  # noqa: A001
    assert taken == Counter(ids)
    assert live.backlog.counts()[GradingState.GRADED] == 200
    tries = {row.grading.tries for row in live.submissions.page(limit=200).items}
    assert tries == {1}


def test_processes_that_want_the_same_gradings_get_each_once(live: Store, url: str) -> None:
    ids = [add(live).id for _ in range(100)]
    workers = [Process(grade_what_is_free, url) for _ in range(4)]
    for worker in workers:
        worker.connection.send(ids)
    taken = Counter(id for worker in workers for id in worker.answer())  # noqa: A001
    assert taken == Counter(ids)
    assert [worker.join() for worker in workers] == [0, 0, 0, 0]
    for id in ids:  # noqa: A001
        assert [event.seq for event in live.events.since(id)] == [1, 2, 3, 4, 5, 6]


def test_of_many_that_record_the_same_grading_one_does(live: Store) -> None:
    claim = claimed(live, add(live).id)
    scores = at_once(12, lambda number: live.claims.record_grade(claim, make_grade(claim, score=number)) and number)
    winners = [score for score in scores if score is not False]
    assert len(winners) == 1
    grade = live.gradings.grade(claim.grading_id)
    assert grade is not None
    assert (grade.score, len(grade.tests)) == (winners[0], 2)


def test_of_many_that_take_over_from_a_dead_worker_one_does(live: Store) -> None:
    grading = add(live)
    claimed(live, grading.id, lease_s=1e-6)
    claims = at_once(12, lambda number: live.claims.take(grading.id, f"worker-{number}"))
    (claim,) = (claim for claim in claims if claim is not None)
    assert isinstance(claim, Claim)
    assert claim.tries == 2
    assert live.claims.heartbeat(claim)


def test_of_many_that_regrade_the_same_submission_one_does(live: Store) -> None:
    claims = [claimed(live, add(live).id) for _ in range(15)]
    for claim in claims:
        assert live.claims.record_grade(claim, make_grade(claim))
    barrier = threading.Barrier(6)

    def regrade(_: int) -> int:
        done = 0
        for claim in claims:
            barrier.wait()
            try:
                live.gradings.regrade(claim.submission_id)
                done += 1
            except Conflict:
                pass
        return done

    assert sum(at_once(6, regrade)) == len(claims)  # type: ignore[arg-type]
    for claim in claims:
        assert [record.attempt for record in live.gradings.history(claim.submission_id)] == [2, 1]


def test_who_watches_while_events_are_written_misses_none(live: Store) -> None:
    claim = claimed(live, add(live).id)
    done = threading.Event()
    seen: list[int] = []

    def watch() -> None:
        while True:
            last_look = done.is_set()
            seen.extend(event.seq for event in live.events.since(claim.grading_id, seen[-1] if seen else 0))
            if last_look:
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    at_once(4, lambda _: [live.events.append(claim, [("test", {}), ("test", {})]) for _ in range(15)])
    done.set()
    watcher.join()
    assert seen == list(range(1, 2 + 1 + 4 * 15 * 2))


def test_submissions_that_come_all_at_once_are_all_stored(live: Store) -> None:
    ids = at_once(30, lambda _: [add(live).id for _ in range(5)])
    assert len({id for mine in ids for id in mine}) == 150  # type: ignore[attr-defined]  # noqa: A001
    assert live.backlog.counts()[GradingState.QUEUED] == 150


def test_a_key_that_comes_many_times_at_once_makes_one_submission(live: Store) -> None:
    token = live.tokens.create(NewToken("r", Role.RECRUITER)).record
    origin = Origin("user-500", "sha256:c", SourceKind.API, token.id)
    barrier = threading.Barrier(6)

    def send(_: int) -> int:
        made = 0
        for number in range(10):
            barrier.wait()
            try:
                live.submissions.add(CHANGE, origin, key=IdempotencyKey(f"{number:064}", "r" * 64))
                made += 1
            except KeyUsed:
                pass
        return made

    assert sum(at_once(6, send)) == 10  # type: ignore[arg-type]
    assert live.backlog.counts()[GradingState.QUEUED] == 10


def test_a_writer_killed_in_mid_transaction_loses_nothing_and_blocks_nobody(live: Store, url: str) -> None:
    writer = Process(stop_in_mid_transaction, url)
    ids = [writer.answer() for _ in range(5)]
    assert writer.answer() == "in mid-transaction"
    writer.kill()
    for id in ids:  # noqa: A001
        grade = live.gradings.grade(id)
        assert grade is not None
        assert (grade.score, len(grade.tests), live.gradings.get(id).score) == (40, 2, 40)
    assert add(live)


def test_a_writer_killed_at_any_moment_has_stored_whole_submissions_and_all_it_told_of(live: Store, url: str) -> None:
    told: set[str] = set()
    for count in (1, 2, 3, 5, 8, 13):
        writer = Process(submit_for_ever, url)
        told.update(writer.answer() for _ in range(count))
        told.update(writer.kill())
    stored = {row.grading.id for row in live.submissions.page(limit=500).items}
    assert told <= stored
    with live.engine.connect() as connection:
        counts = [
            connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in ("submissions", "gradings", "grading_events", "audit")
        ]
        if live.engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert set(counts) == {len(stored)}
