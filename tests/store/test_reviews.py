"""Explanations, reviews, notes and decisions."""

from __future__ import annotations

import pytest

from runner.assessments.rubric import RUBRIC
from store.errors import Conflict
from store.records import AuditFilter, NewToken, Role
from store.reviewed import Explanation, NoteKind
from store.store import Store
from tests.store.conftest import Clock


def candidate(store: Store) -> str:
    return store.tokens.create(NewToken("Ada", Role.CANDIDATE, ("late-fees",))).record.id


def points(each: int) -> dict[str, int]:
    return {criterion.name: each for criterion in RUBRIC}


def test_the_last_explanation_is_kept(store: Store, clock: Clock) -> None:
    ada, grace = candidate(store), candidate(store)
    assert store.explanations.all_of(ada) == {}
    store.explanations.save(ada, "late-fees", Explanation("a", "b", "c"))
    store.explanations.save(grace, "late-fees", Explanation("x"))
    clock.advance(5)
    store.explanations.save(ada, "late-fees", Explanation("a", "", "d\0e"))
    store.explanations.save(ada, "greeter", Explanation("g"))
    found = store.explanations.all_of(ada)
    assert set(found) == {"late-fees", "greeter"}
    late = found["late-fees"]
    assert (late.cause, late.choice, late.changed_at) == ("a", "", clock.now)
    assert "\0" not in late.outlook
    deeds = store.audit.page(AuditFilter(action="explanation.save", actor=ada)).items
    assert [deed.deed.object_id for deed in deeds] == ["greeter", "late-fees", "late-fees"]


def test_each_reviews_once(store: Store, clock: Clock) -> None:
    ada = candidate(store)
    store.reviews.add(ada, "rita", points(4), "good")
    clock.advance(5)
    store.reviews.add(ada, "ruth", points(2), "")
    with pytest.raises(Conflict, match="you have reviewed"):
        store.reviews.add(ada, "rita", points(0), "")
    with pytest.raises(ValueError, match="0 to 4"):
        store.reviews.add(ada, "rob", points(5), "")
    found = store.reviews.of(ada)
    assert [(each.reviewer, each.points["cause"], each.remark) for each in found] == [
        ("rita", 4, "good"),
        ("ruth", 2, ""),
    ]
    assert store.reviews.points_of({ada, "other"}) == {ada: [points(4), points(2)], "other": []}
    assert dict(store.reviews.points_of(set())) == {}
    assert len(store.audit.page(AuditFilter(action="review.add")).items) == 2


def test_notes_stand_below_each_other_and_the_last_decision_counts(store: Store, clock: Clock) -> None:
    ada, grace = candidate(store), candidate(store)
    for kind, text in (
        (NoteKind.NOTE, "spoke"),
        (NoteKind.HOLD, "wait"),
        (NoteKind.ADVANCE, "go"),
        (NoteKind.NOTE, "x"),
    ):
        store.reviews.note(ada, "rita", kind, text)
        clock.advance(1)
    assert [(note.kind, note.text) for note in store.reviews.notes(ada)][:2] == [
        (NoteKind.NOTE, "x"),
        (NoteKind.ADVANCE, "go"),
    ]
    assert store.reviews.decisions({ada, grace}) == {ada: NoteKind.ADVANCE}
    assert store.reviews.decisions(set()) == {}
    decided = store.audit.page(AuditFilter(action="candidate.decide")).items
    assert [entry.deed.detail for entry in decided] == [
        {"decision": "advance", "reason": "go"},
        {"decision": "hold", "reason": "wait"},
    ]
    noted = store.audit.page(AuditFilter(action="candidate.note")).items
    assert [entry.deed.detail for entry in noted] == [{}, {}]


def test_whom_somebody_could_review(store: Store, clock: Clock) -> None:
    ada, grace, _ = candidate(store), candidate(store), candidate(store)
    for each, slug in ((ada, "late-fees"), (grace, "late-fees"), (ada, "greeter")):
        store.explanations.save(each, slug, Explanation("a"))
        clock.advance(1)

    def names(reviewer: str) -> list[tuple[str, int]]:
        return [(each.token_id, each.reviews) for each in store.reviews.to_review(reviewer)]

    assert names("rita") == [(grace, 0), (ada, 0)]
    store.reviews.add(ada, "rita", points(2), "")
    assert names("rita") == [(grace, 0)]
    assert names("ruth") == [(grace, 0), (ada, 1)]
    store.reviews.add(ada, "ruth", points(2), "")
    assert names("rob") == [(grace, 0)]
    assert len(store.reviews.to_review("rob", limit=1)) == 1
