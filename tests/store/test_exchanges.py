"""What apps answered to hidden tests, as it is kept with gradings and for starters."""

from __future__ import annotations

from runner.grading.exchanges import KeptExchange
from store.records import AuditFilter
from store.store import Store
from tests.store.examples import add, claimed, make_grade, make_test

KEPT = KeptExchange(method="GET", path="/a?b=1", body="", status="404 NOT FOUND", answer="a\0b")


def test_a_gradings_are_kept_by_test(store: Store) -> None:
    claim = claimed(store, add(store).id)
    first, second = make_test(1), make_test(2)
    exchanges = {second.id: KEPT, "another": KEPT}
    assert store.claims.record_grade(claim, make_grade(claim, [first, second]), (), exchanges)
    found = store.exchanges.of_grading(claim.grading_id)
    assert found == {second.id: KEPT.model_copy(update={"answer": "a\ufffdb"})}


def test_a_grading_from_before_has_none(store: Store) -> None:
    claim = claimed(store, add(store).id)
    assert store.claims.record_grade(claim, make_grade(claim, [make_test()]))
    assert store.exchanges.of_grading(claim.grading_id) == {}


def test_a_starters_are_kept_once(store: Store) -> None:
    assert store.exchanges.of_starter("sha256:c") is None
    store.exchanges.add_starter("sha256:c", "late-fees", {}, worker="w1")
    store.exchanges.add_starter("sha256:c", "late-fees", {"t": KEPT}, worker="w2")
    assert store.exchanges.of_starter("sha256:c") == {}
    store.exchanges.add_starter("sha256:d", "late-fees", {"t": KEPT}, worker="w2")
    found = store.exchanges.of_starter("sha256:d")
    assert found is not None
    assert found["t"].status == "404 NOT FOUND"
    deeds = store.audit.page(AuditFilter(action="starter.run")).items
    assert [(each.deed.actor, each.deed.detail["digest"]) for each in deeds] == [("w2", "sha256:d"), ("w1", "sha256:c")]
