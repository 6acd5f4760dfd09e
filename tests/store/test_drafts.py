"""A candidate's unsent work: kept file by file, and never overwritten by who has not seen it."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from store.drafts import PAUSE
from store.errors import DraftMoved
from store.records import AuditFilter, Deed, DraftChange, DraftFile, NewToken, Role
from store.store import Store
from tests.store.conftest import Clock


@pytest.fixture
def ada(store: Store) -> str:
    return store.tokens.create(NewToken("Ada", Role.CANDIDATE, ("greeter", "counter"))).record.id


def test_each_file_is_kept_for_its_owner_and_challenge(store: Store, ada: str) -> None:
    grace = store.tokens.create(NewToken("Grace", Role.CANDIDATE, ("greeter",))).record.id
    assert store.drafts.save(ada, "greeter", DraftChange("app.py", "one\r\n", 0)) == 1
    assert store.drafts.save(ada, "greeter", DraftChange("app.py", "zwei ü", 1)) == 2
    assert store.drafts.save(ada, "greeter", DraftChange("new.py", "", 0)) == 1
    assert store.drafts.of(ada, "greeter") == {"app.py": DraftFile("zwei ü", 2), "new.py": DraftFile("", 1)}
    assert store.drafts.of(ada, "counter") == {}
    assert store.drafts.of(grace, "greeter") == {}


def test_what_is_taken_back_keeps_its_number(store: Store, ada: str) -> None:
    assert store.drafts.save(ada, "greeter", DraftChange("app.py", None, 0)) == 0
    assert store.drafts.of(ada, "greeter") == {}
    store.drafts.save(ada, "greeter", DraftChange("app.py", "one", 0))
    assert store.drafts.save(ada, "greeter", DraftChange("app.py", None, 1)) == 2
    assert store.drafts.of(ada, "greeter") == {"app.py": DraftFile(None, 2)}
    assert store.drafts.save(ada, "greeter", DraftChange("app.py", "two", 2)) == 3


@pytest.mark.parametrize("text", ["theirs", None])
@pytest.mark.parametrize("seen", [0, 1, 3])
def test_who_has_not_seen_the_last_text_is_told_and_nothing_is_lost(
    store: Store, ada: str, text: str | None, seen: int
) -> None:
    for number, mine in enumerate(("one", "two")):
        store.drafts.save(ada, "greeter", DraftChange("app.py", mine, number))
    with pytest.raises(DraftMoved, match=r"app\.py was saved in another window") as caught:
        store.drafts.save(ada, "greeter", DraftChange("app.py", text, seen))
    assert caught.value.revision == 2
    assert store.drafts.of(ada, "greeter") == {"app.py": DraftFile("two", 2)}


def test_the_same_text_again_is_no_conflict(store: Store, ada: str) -> None:
    for _ in range(2):
        assert store.drafts.save(ada, "greeter", DraftChange("app.py", "one", 0)) == 1


def test_of_many_at_once_one_is_stored(store: Store, ada: str) -> None:
    count = 6
    barrier = threading.Barrier(count)

    def save(number: int) -> int:
        barrier.wait(10)
        try:
            return store.drafts.save(ada, "greeter", DraftChange("app.py", str(number), 0))
        except DraftMoved as moved:
            return -moved.revision

    with ThreadPoolExecutor(count) as threads:
        assert sorted(threads.map(save, range(count))) == [-1] * (count - 1) + [1]


def test_work_that_goes_on_is_one_deed(store: Store, ada: str, clock: Clock) -> None:
    for number in range(3):
        store.drafts.save(ada, "greeter", DraftChange("app.py", str(number), number))
        clock.advance(PAUSE.total_seconds() / 2)
    assert len(store.audit.page(AuditFilter(action="draft.save")).items) == 1
    clock.advance(PAUSE.total_seconds() / 2)
    store.drafts.save(ada, "greeter", DraftChange("new.py", "x", 0))
    assert [one.deed for one in store.audit.page(AuditFilter(action="draft.save")).items] == [
        Deed(ada, "draft.save", "challenge", "greeter", {})
    ] * 2
