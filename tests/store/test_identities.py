"""Which subject of a provider is which user, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from store.errors import Conflict
from store.identities import Proven, Turned, TurnedAway
from store.opened import Arrival, BegunBy
from store.records import AuditFilter, Role, UserRecord
from store.store import Store
from tests.store.conftest import Clock

PASSWORD = "correct horse battery staple"
IDLE, LIFE = timedelta(minutes=30), timedelta(hours=12)
ADA = Proven("https://id.example", "ada-1", "ada@example.org")


@pytest.fixture
def ada(store: Store) -> UserRecord:
    return store.users.add("ada@example.org", Role.RECRUITER, PASSWORD)


def _deeds(store: Store, action: str) -> list[tuple[str, str]]:
    return [(each.deed.actor, each.deed.object_id) for each in store.audit.page(AuditFilter(action=action)).items]


def test_a_verified_address_links_once_and_the_subject_counts_from_then_on(
    store: Store, ada: UserRecord, clock: Clock
) -> None:
    assert store.identities.arrive(ADA) == ada
    assert _deeds(store, "user.link") == [(ada.id, ada.id)]
    (link,) = store.identities.of(ada.id)
    assert (link.issuer, link.subject, link.linked_at) == (ADA.issuer, ADA.subject, clock.now)
    # Whatever address they have later, or none.
    for email in (None, "married@example.org"):
        assert store.identities.arrive(replace(ADA, email=email)) == ada
    assert len(_deeds(store, "user.link")) == 1


def test_an_address_that_was_given_to_somebody_else_opens_nothing(store: Store, ada: UserRecord) -> None:
    store.identities.arrive(ADA)
    for other in (replace(ADA, subject="eve-2"), replace(ADA, subject="ADA-1")):
        assert store.identities.arrive(other) == TurnedAway(Turned.LINKED_OTHERWISE, ada.id)
    assert len(store.identities.of(ada.id)) == 1
    # Another provider is another matter.
    assert store.identities.arrive(replace(ADA, issuer="https://other.example")) == ada


@pytest.mark.parametrize("email", [None, "bob@example.org", "ada", "ada@example.org\x00", "<ada>@example.org"])
def test_without_an_account_nobody_gets_in(store: Store, ada: UserRecord, email: str | None) -> None:
    assert store.identities.arrive(replace(ADA, email=email)) == TurnedAway(Turned.UNKNOWN)
    assert store.users.list() == (ada,)


def test_an_account_is_made_where_that_is_wanted_and_has_no_password(store: Store) -> None:
    made = store.identities.arrive(ADA, Role.ENGINEER)
    assert isinstance(made, UserRecord)
    assert (made.account, made.role, made.has_password) == ("ada@example.org", Role.ENGINEER, False)
    assert store.users.authenticate("ada@example.org", PASSWORD)[0] is None
    assert store.identities.arrive(ADA, Role.RECRUITER) == made
    assert store.identities.arrive(replace(ADA, email="<x>"), Role.ENGINEER) == made
    assert store.identities.arrive(Proven("i", "s", "<x>"), Role.ENGINEER) == TurnedAway(Turned.UNKNOWN)
    with pytest.raises(Conflict):
        store.identities.unlink(made.account, by_user=True)
    changed = store.codes.use(made.account, store.codes.issue(made.account).text, PASSWORD)
    assert changed is not None
    assert changed.has_password


def test_a_closed_account_stays_closed(store: Store, ada: UserRecord) -> None:
    store.users.disable(ada.account)
    assert store.identities.arrive(ADA) == TurnedAway(Turned.CLOSED, ada.id)
    assert store.identities.of(ada.id) == ()
    store.users.enable(ada.account)
    store.identities.arrive(ADA)
    store.users.disable(ada.account)
    assert store.identities.arrive(ADA) == TurnedAway(Turned.CLOSED, ada.id)


def test_the_role_follows_the_provider_where_it_says_one(store: Store, ada: UserRecord) -> None:
    assert store.identities.arrive(ADA) == ada
    changed = store.identities.arrive(replace(ADA, role=Role.ADMIN))
    assert changed == replace(ada, role=Role.ADMIN)
    assert store.identities.arrive(replace(ADA, role=Role.ADMIN)) == changed
    (deed,) = store.audit.page(AuditFilter(action="user.role")).items
    assert deed.deed.detail == {"before": "recruiter", "role": "admin", "by": "provider"}


def test_unlinking_ends_sessions_and_is_no_change_without_a_link(store: Store, ada: UserRecord) -> None:
    store.identities.unlink(ada.account)
    assert _deeds(store, "user.unlink") == []
    store.identities.arrive(ADA)
    opened = store.sessions.begin(ada, LIFE, arrival=Arrival("192.0.2.1", BegunBy.PROVIDER))
    assert opened is not None
    found = store.sessions.find(opened.text, IDLE)
    assert found is not None
    assert found[1].begun_by is BegunBy.PROVIDER
    assert store.identities.unlink(ada.account, actor=ada.id, by_user=True).id == ada.id
    assert store.sessions.find(opened.text, IDLE) is None
    assert store.identities.of(ada.id) == ()
    assert _deeds(store, "user.unlink") == [(ada.id, ada.id)]


@pytest.mark.parametrize("arrivals", [(ADA, ADA), (ADA, replace(ADA, subject="eve-2"))], ids=["one", "two"])
def test_who_arrives_twice_at_once_is_linked_once(
    store: Store, ada: UserRecord, arrivals: tuple[Proven, Proven]
) -> None:
    arrive: Callable[[Proven], UserRecord | TurnedAway] = store.identities.arrive
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(arrive, arrivals))
    assert len(store.identities.of(ada.id)) == 1
    expected = 2 if arrivals[0] == arrivals[1] else 1
    assert answers.count(ada) == expected
    assert len(_deeds(store, "user.link")) == 1
