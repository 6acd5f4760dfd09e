"""Invitations that another system asked for, and tokens with an owner: once each, also by many at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from store.errors import BadToken, Conflict
from store.invited import NewInvitation
from store.partner import PartnerTest
from store.records import AuditFilter, IssuedToken, NewToken, Role
from store.scopes import MOST_DAYS, MOST_OWNED, Scope
from store.store import Store
from tests.store.conftest import Clock
from tests.store.test_invitations import AREAS, ASSESSMENT, SLUGS

DAY_S = 86_400
KEY, URL = "a" * 64, "https://ats.example/people/1"


def _asked(clock: Clock, *, days: int = 14) -> NewToken:
    closes_at = clock.now + timedelta(days=days)
    invitation = NewInvitation("backend", ASSESSMENT, AREAS, 90, closes_at=closes_at, email="ada@example.org")
    return NewToken("Ada", Role.CANDIDATE, SLUGS, expires_at=closes_at + timedelta(days=3), invitation=invitation)


def _mine(store: Store, clock: Clock, owner: str, name: str = "mine") -> IssuedToken:
    new = NewToken(name, Role.ADMIN, expires_at=clock.now + timedelta(days=1), owner=owner)
    return store.tokens.create(new)


def test_the_same_request_finds_what_it_made(store: Store, clock: Clock) -> None:
    made, issued = store.partner.send(_asked(clock), KEY, URL, actor="ats")
    assert issued is not None
    assert made == PartnerTest(issued.record.id, URL, clock.now, None, False)
    assert store.partner.send(_asked(clock), KEY, URL, actor="ats") == (made, None)
    store.partner.told(made.token_id)
    assert store.tokens.find(issued.text) is not None
    found, again = store.partner.send(_asked(clock), KEY, URL, actor="ats")
    assert (found.told_at, found.is_opened, again) == (clock.now, True, None)
    assert found == store.partner.of(made.token_id)
    other, _ = store.partner.send(_asked(clock), "b" * 64, None, actor="ats")
    assert other.token_id != made.token_id
    assert store.partner.of("0" * 32) is None
    assert len(store.audit.page(AuditFilter(action="token.create", actor="ats")).items) == 2


def test_what_can_not_be_begun_any_more_makes_room(store: Store, clock: Clock) -> None:
    first, _ = store.partner.send(_asked(clock), KEY, URL, actor="ats")
    clock.advance(15 * DAY_S)
    second, issued = store.partner.send(_asked(clock), KEY, URL, actor="ats")
    assert issued is not None
    assert store.partner.of(first.token_id) == first
    store.invitations.begin(second.token_id)
    clock.advance(30 * DAY_S)
    found, none = store.partner.send(_asked(clock), KEY, URL, actor="ats")
    assert (found.token_id, none) == (second.token_id, None)


def test_what_is_asked_for_by_many_at_once_is_made_once(store: Store, clock: Clock) -> None:
    together = Barrier(6)

    def ask(_: int) -> str:
        together.wait()
        return store.partner.send(_asked(clock), KEY, URL, actor="ats")[0].token_id

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(6)))) == 1
    assert len(store.invitations.page("backend").items) == 1
    assert len(store.tokens.page(role=Role.CANDIDATE).items) == 1


def test_a_person_has_so_many_tokens_also_when_all_are_made_at_once(store: Store, clock: Clock) -> None:
    user = store.users.add("ada", Role.ADMIN, None)
    for number in range(MOST_OWNED - 2):
        _mine(store, clock, user.id, f"token {number}")
    together = Barrier(6)

    def make(number: int) -> bool:
        together.wait()
        try:
            return bool(_mine(store, clock, user.id, f"more {number}"))
        except Conflict:
            return False

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(make, range(6))) == 2
    assert len(store.tokens.of(user.id)) == MOST_OWNED
    clock.advance(2 * DAY_S)
    # What has expired is in nobody's way.
    assert store.tokens.of(user.id) == ()
    assert _mine(store, clock, user.id)


@pytest.mark.parametrize(
    ("role", "scope", "days"),
    [
        (Role.RECRUITER, Scope.ALL, MOST_DAYS + 1),
        (Role.RECRUITER, Scope.ALL, None),
        (Role.ENGINEER, Scope.PARTNER, 1),
    ],
)
def test_a_personal_token_that_makes_no_sense_is_refused(
    store: Store, clock: Clock, role: Role, scope: Scope, days: int | None
) -> None:
    user = store.users.add("ada", Role.ADMIN, None)
    expires_at = None if days is None else clock.now + timedelta(days=days)
    with pytest.raises(BadToken):
        store.tokens.create(NewToken("x", role, expires_at=expires_at, owner=user.id, scope=scope))


@pytest.mark.parametrize("closed", [False, True])
def test_nobody_has_a_token_beyond_their_role_or_of_a_closed_account(store: Store, clock: Clock, closed: bool) -> None:
    user = store.users.add("ada", Role.ADMIN if closed else Role.RECRUITER, None)
    if closed:
        store.users.disable("ada")
    for owner in (user.id, "0" * 32):
        with pytest.raises(Conflict):
            _mine(store, clock, owner)
