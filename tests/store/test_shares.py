"""Reports that somebody outside the team reads by a link."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from store.assessment_tables import ShareRow
from store.errors import NotFound
from store.records import AuditFilter, NewToken, Role
from store.store import Store
from tests.store.conftest import Clock


def candidate(store: Store) -> str:
    return store.tokens.create(NewToken("Ada", Role.CANDIDATE, ("late-fees",))).record.id


def test_a_link_is_good_until_it_expires(store: Store, clock: Clock) -> None:
    ada = candidate(store)
    made = store.shares.add(ada, 2, with_name=True, author="rita")
    assert store.shares.find(made.text) == made.record
    assert store.tokens.find(made.text) is None  # it opens nothing else
    for other in ("", "mbx_x", store.tokens.create(NewToken("x", Role.ADMIN)).text):
        assert store.shares.find(other) is None
    with store.engine.connect() as connection:
        assert made.text not in str(connection.execute(select(ShareRow.__table__)).all())
    clock.advance(2 * 86400 - 1)
    assert store.shares.find(made.text) is not None
    clock.advance(1)
    assert store.shares.find(made.text) is None
    assert store.shares.of(ada) == [made.record]
    (deed,) = store.audit.page(AuditFilter(action="share.add")).items
    assert deed.deed.detail == {"share": made.record.id, "days": 2, "with_name": True}


def test_a_link_is_ended_once_and_by_its_own_candidate(store: Store) -> None:
    ada, grace = candidate(store), candidate(store)
    made = store.shares.add(ada, 7, with_name=False, author="rita")
    for wrong in ((grace, made.record.id), (ada, "0" * 32)):
        with pytest.raises(NotFound):
            store.shares.end(*wrong, actor="rita")
    for _ in range(2):
        store.shares.end(ada, made.record.id, actor="rita")
    assert store.shares.find(made.text) is None
    assert len(store.audit.page(AuditFilter(action="share.end")).items) == 1


@pytest.mark.parametrize("days", [0, 91])
def test_nothing_is_shared_for_ever(store: Store, days: int) -> None:
    with pytest.raises(ValueError, match="1 to 90 days"):
        store.shares.add(candidate(store), days, with_name=True, author="rita")


def test_what_somebody_shared_who_has_left_is_read_no_more(store: Store) -> None:
    user = store.users.add("rita@example.org", Role.RECRUITER, None)
    made = store.shares.add(candidate(store), 7, with_name=True, author=user.id)
    assert store.shares.find(made.text) is not None
    store.users.disable("rita@example.org")
    assert store.shares.find(made.text) is None
