"""Which variant somebody has: chosen once, also by two requests at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from store.errors import Conflict
from store.records import AuditFilter, Deed, NewToken, Role
from store.store import Store
from store.tables import VariantRow

DEED = Deed("somebody", "variant.draw", "challenge", "late-fees", {})


def test_it_is_chosen_once_and_kept(store: Store) -> None:
    assert store.variants.of("token a", "late-fees") is None
    assert store.variants.of_or_chosen("token a", "late-fees", lambda: "house=1", deed=DEED) == "house=1"
    assert store.variants.of_or_chosen("token a", "late-fees", lambda: "house=2", deed=DEED) == "house=1"
    assert store.variants.of_or_chosen("token a", "other", lambda: "house=2") == "house=2"
    assert store.variants.of_or_chosen("token b", "late-fees", lambda: "house=2") == "house=2"
    assert store.variants.of("token a", "late-fees") == "house=1"
    assert len(store.audit.page(AuditFilter(action="variant.draw")).items) == 1


def test_who_chooses_while_another_request_does_gets_the_same(store: Store) -> None:
    def choose() -> str:
        store.variants.of_or_chosen("token a", "late-fees", lambda: "house=1", deed=DEED)
        return "house=2"

    assert store.variants.of_or_chosen("token a", "late-fees", choose, deed=DEED) == "house=1"
    assert len(store.audit.page(AuditFilter(action="variant.draw")).items) == 1


def test_of_many_at_once_all_get_the_same(store: Store) -> None:
    count = 6
    barrier = threading.Barrier(count)

    def choose(number: int) -> str:
        barrier.wait(10)
        return f"house={number}"

    with ThreadPoolExecutor(count) as threads:
        asked = threads.map(
            lambda number: store.variants.of_or_chosen("token a", "late-fees", lambda: choose(number)), range(count)
        )
        assert len(set(asked)) == 1
    with store.engine.connect() as connection:
        assert len(connection.execute(select(VariantRow.variant)).all()) == 1


def new_token(variants: dict[str, str]) -> NewToken:
    return NewToken("Ada", Role.CANDIDATE, ("late-fees", "greeter"), "ada", None, variants)


def test_one_given_with_a_token_is_theirs_and_another_later_makes_no_token(store: Store) -> None:
    store.tokens.create(new_token({"greeter": "house=2"}), actor="somebody")
    assert store.variants.of("candidate ada", "greeter") == "house=2"
    store.tokens.create(new_token({"greeter": "house=2"}), actor="somebody")
    with pytest.raises(Conflict, match="candidate ada has another variant of greeter"):
        store.tokens.create(new_token({"greeter": "base"}))
    assert len(store.tokens.page().items) == 2
    given = [one.deed for one in store.audit.page(AuditFilter(action="variant.give")).items]
    assert given == [Deed("somebody", "variant.give", "challenge", "greeter", {"variant": "house=2"})]
    assert len(store.audit.page(AuditFilter(action="token.create")).items) == 2


def test_one_of_several_that_can_not_be_given_keeps_the_others_away(store: Store) -> None:
    store.variants.of_or_chosen("candidate ada", "greeter", lambda: "house=1")
    with pytest.raises(Conflict):
        store.tokens.create(new_token({"late-fees": "house=2", "greeter": "base"}))
    assert store.variants.of("candidate ada", "late-fees") is None
