"""Candidates are erased by themselves where a time is set, and by nobody where none is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.records import AuditFilter, NewToken, Role
from store.store import Store
from worker.retention import erase_old

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/mendbox.db", clock=lambda: NOW) as opened:
        opened.upgrade()
        yield opened


def test_whose_link_ended_so_long_ago_is_erased(store: Store) -> None:
    ends = NOW + timedelta(days=1)
    ended = store.tokens.create(NewToken("Ada", Role.CANDIDATE, ("x",), expires_at=ends)).record.id
    later = store.tokens.create(NewToken("Grace", Role.CANDIDATE, ("x",), expires_at=NOW + timedelta(days=9))).record.id
    assert erase_old(store, 0, NOW + timedelta(days=999)) == 0
    assert erase_old(store, 30, ends + timedelta(days=29)) == 0
    assert erase_old(store, 30, ends + timedelta(days=31)) == 1
    assert [token.id for token in store.tokens.page(role=Role.CANDIDATE).items] == [later]
    (deed,) = store.audit.page(AuditFilter(action="candidate.erase")).items
    assert (deed.deed.actor, deed.deed.object_id) == ("system", ended)
