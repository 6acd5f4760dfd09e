"""Bearer tokens: issued once, stored as digests, found, revoked, expired."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from store import digests
from store.errors import BadCursor, BadToken, Conflict, NotFound
from store.records import AuditFilter, NewToken, Role
from store.store import Store
from tests.store.conftest import Clock

RECRUITER = NewToken("Ada", Role.RECRUITER)


def test_a_token_is_found_by_its_text_with_all_that_was_said_of_it(store: Store, clock: Clock) -> None:
    expires_at = clock.now + timedelta(days=7)
    issued = store.tokens.create(
        NewToken("Applicant 7", Role.CANDIDATE, ("user-500", "n-plus-one"), "ats-7", expires_at)
    )
    found = store.tokens.find(issued.text)
    assert found == issued.record
    assert (found.name, found.role, found.candidate) == ("Applicant 7", Role.CANDIDATE, "ats-7")
    assert (found.challenges, found.created_at, found.expires_at) == (("user-500", "n-plus-one"), clock.now, expires_at)
    assert found.created_at.utcoffset() == timedelta(0)


def test_a_token_text_has_256_random_bits_and_is_nowhere_in_the_database(store: Store) -> None:
    issued = store.tokens.create(RECRUITER)
    assert issued.text.startswith("mbx_")
    assert len(issued.text) == 4 + 43
    assert issued.text != store.tokens.create(RECRUITER).text
    with store.engine.connect() as connection:
        rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in ("tokens", "audit")]
    assert issued.text not in str(rows)
    assert issued.text[8:] not in str(rows)
    assert issued.text not in repr(issued)


def test_another_algorithm_for_digests_leaves_the_tokens_that_there_are_good(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.tokens.create(RECRUITER)
    monkeypatch.setattr(digests, "ALGORITHMS", ("sha3_512", "sha256"))
    after = store.tokens.create(RECRUITER)

    for issued in (before, after):
        assert store.tokens.find(issued.text) == issued.record
    with store.engine.connect() as connection:
        marks = connection.execute(text("SELECT token_digest FROM tokens")).scalars()
        assert {mark.partition(":")[0] for mark in marks} == {"sha256", "sha3_512"}
    # Once the old ones have expired, it goes.
    monkeypatch.setattr(digests, "ALGORITHMS", ("sha3_512",))
    assert store.tokens.find(before.text) is None
    found = store.tokens.find(after.text)
    assert found is not None
    assert found.id == after.record.id


def test_texts_that_are_no_tokens_find_nothing(store: Store) -> None:
    issued = store.tokens.create(RECRUITER)
    other = issued.text[:-1] + ("A" if issued.text[-1] != "A" else "B")
    for wrong in ("", "mbx_", other, issued.text + "\n", issued.text.upper(), "mbx_" + "\ud800" * 43, "\0" * 47):
        assert store.tokens.find(wrong) is None


def test_a_revoked_token_is_found_no_more_but_listed(store: Store, clock: Clock) -> None:
    issued = store.tokens.create(RECRUITER)
    clock.advance(5)
    assert store.tokens.revoke(issued.record.id, actor="boss").revoked_at == clock.now
    clock.advance(5)
    assert store.tokens.revoke(issued.record.id).revoked_at == clock.now - timedelta(seconds=5)
    assert store.tokens.find(issued.text) is None
    assert [token.id for token in store.tokens.page().items] == [issued.record.id]
    deeds = [record.deed for record in store.audit.page(AuditFilter(object_id=issued.record.id)).items]
    assert [(deed.actor, deed.action) for deed in deeds] == [("boss", "token.revoke"), ("system", "token.create")]


def test_an_expired_token_is_found_no_more(store: Store, clock: Clock) -> None:
    issued = store.tokens.create(NewToken("a", Role.ENGINEER, expires_at=clock.now + timedelta(seconds=10)))
    clock.advance(9.9)
    assert store.tokens.find(issued.text) is not None
    clock.advance(0.1)
    assert store.tokens.find(issued.text) is None


def test_the_last_use_is_noted_at_most_once_a_minute(store: Store, clock: Clock) -> None:
    issued = store.tokens.create(RECRUITER)
    writes: list[str] = []
    event.listen(
        store.engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: writes.append(statement) if "UPDATE" in statement else None,
    )
    noted = []
    for _ in range(5):
        store.tokens.find(issued.text)
        last = store.tokens.get(issued.record.id).last_used_at
        assert last is not None
        noted.append((clock.now - last).total_seconds())
        clock.advance(25)
    assert noted == [0, 25, 50, 0, 25]
    assert len(writes) == 2


def test_a_candidate_may_submit_to_the_named_challenges_only_and_others_to_all(store: Store) -> None:
    candidate = store.tokens.create(NewToken("c", Role.CANDIDATE, ("user-500",))).record
    nobody = store.tokens.create(NewToken("n", Role.CANDIDATE)).record
    recruiter = store.tokens.create(RECRUITER).record
    may = {
        (t.name, slug) for t in (candidate, nobody, recruiter) for slug in ("user-500", "x") if t.may_submit_to(slug)
    }
    assert may == {("c", "user-500"), ("Ada", "user-500"), ("Ada", "x")}


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": " "}, "needs a name"),
        ({"role": Role.ADMIN, "challenges": ("user-500",)}, "can't name some"),
        ({"expires_at": datetime(2030, 1, 1)}, "needs a time zone"),
        ({"expires_at": Clock().now}, "expired already"),
    ],
)
def test_a_token_that_contradicts_itself_is_refused_with_what_to_do(
    store: Store, values: dict[str, Any], words: str
) -> None:
    with pytest.raises(BadToken, match=words) as caught:
        store.tokens.create(NewToken(**{"name": "a", "role": Role.CANDIDATE, **values}))
    assert caught.value.hint
    assert store.tokens.page().items == ()


def test_listing_in_parts_shows_every_token_once_newest_first(store: Store, clock: Clock) -> None:
    made = []
    for number in range(7):
        made.append(store.tokens.create(NewToken(f"t{number}", Role.CANDIDATE)).record.name)
        clock.advance(number % 2)  # some have the same time
    seen, after = [], None
    while True:
        page = store.tokens.page(after=after, limit=3)
        seen += [token.name for token in page.items]
        after = page.after
        if after is None:
            break
    assert sorted(seen) == sorted(made)
    assert seen[0] in ("t6", "t5")
    with pytest.raises(BadCursor):
        store.tokens.page(after="mbx")


def test_a_token_that_is_not_there_is_not_found(store: Store) -> None:
    for call in (store.tokens.get, store.tokens.revoke):
        with pytest.raises(NotFound, match="there is no token f00"):
            call("f00")


def test_a_new_text_ends_the_one_before_it_and_changes_nothing_else(store: Store) -> None:
    issued = store.tokens.create(NewToken("Applicant 7", Role.CANDIDATE, ("user-500",), "ats-7"))
    renewed = store.tokens.renew(issued.record.id, actor="x")
    assert store.tokens.find(issued.text) is None
    found = store.tokens.find(renewed.text)
    assert found == renewed.record
    assert (found.id, found.name, found.candidate, found.created_at) == (
        issued.record.id,
        "Applicant 7",
        "ats-7",
        issued.record.created_at,
    )
    assert renewed.text.startswith(found.prefix)
    (deed,) = store.audit.page(AuditFilter(action="token.renew")).items
    assert (deed.deed.actor, deed.deed.object_id) == ("x", issued.record.id)
    with store.engine.connect() as connection:
        rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in ("tokens", "audit")]
    assert renewed.text[8:] not in str(rows)


def test_a_token_that_has_ended_gets_no_new_text(store: Store, clock: Clock) -> None:
    revoked = store.tokens.create(RECRUITER)
    store.tokens.revoke(revoked.record.id)
    expired = store.tokens.create(NewToken("Ada", Role.RECRUITER, expires_at=clock.now + timedelta(days=1)))
    clock.now += timedelta(days=2)
    for issued in (revoked, expired):
        with pytest.raises(Conflict):
            store.tokens.renew(issued.record.id)
    with pytest.raises(NotFound):
        store.tokens.renew("0" * 32)
    assert store.audit.page(AuditFilter(action="token.renew")).items == ()
