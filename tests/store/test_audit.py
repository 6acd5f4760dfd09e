"""The audit trail: what was done and read, newest first, in parts."""

from __future__ import annotations

from store.records import AuditFilter, Deed
from store.store import Store
from tests.store.conftest import Clock


def test_a_deed_is_kept_with_its_time_and_detail(store: Store, clock: Clock) -> None:
    deed = Deed("tok-1", "grade.read", "grading", "g1", {"view": "assessor", "tests": 3})
    store.audit.record(deed)
    (record,) = store.audit.page().items
    assert (record.deed, record.at) == (deed, clock.now)


def test_the_trail_is_filtered_and_comes_in_parts_newest_first(store: Store) -> None:
    for number in range(5):
        store.audit.record(Deed("tok-1", "grade.read", "grading", f"g{number}"))
    store.audit.record(Deed("tok-2", "token.list", "token", "*"))
    first = store.audit.page(AuditFilter(actor="tok-1"), limit=3)
    second = store.audit.page(AuditFilter(actor="tok-1"), after=first.after, limit=3)
    assert [record.deed.object_id for record in (*first.items, *second.items)] == ["g4", "g3", "g2", "g1", "g0"]
    assert second.after is None
    assert [r.deed.actor for r in store.audit.page(AuditFilter(action="token.list")).items] == ["tok-2"]
    assert len(store.audit.page(AuditFilter(object_kind="grading", object_id="g2")).items) == 1
