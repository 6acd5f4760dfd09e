"""Accounts, their passwords and sessions, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from argon2 import PasswordHasher
from sqlalchemy import inspect, select, update

from store import passwords, schema
from store.errors import BadUser, Conflict, NotFound
from store.opened import Arrival, BegunBy, OpenSession
from store.passwords import BadPassword, Passwords
from store.records import ANONYMOUS, AuditFilter, Role, UserRecord
from store.store import Store
from store.tables import SessionRow, UserRow
from tests.store.conftest import Clock

PASSWORD = "correct horse battery staple"
OTHER = "another long password entirely"
IDLE = timedelta(minutes=30)
LIFE = timedelta(hours=12)


@pytest.fixture
def ada(store: Store) -> UserRecord:
    return store.users.add("Ada@Example.org", Role.RECRUITER, PASSWORD, actor="test")


def _begin(store: Store, user: UserRecord, **more: Any) -> OpenSession:
    opened = store.sessions.begin(user, LIFE, **more)
    assert opened is not None
    return opened


def _hash_of(store: Store, user: UserRecord) -> str:
    with store.engine.connect() as connection:
        return str(connection.execute(select(UserRow.password_hash).where(UserRow.id == user.id)).scalar_one())


def _actions(store: Store) -> list[tuple[str, str]]:
    return [(record.deed.actor, record.deed.action) for record in store.audit.page().items]


def test_an_account_is_found_by_its_name_and_password_however_the_name_is_written(
    store: Store, ada: UserRecord
) -> None:
    found, meant = store.users.authenticate(" ADA@example.ORG ", PASSWORD)
    assert found == ada
    assert meant == ada.id
    assert ada.account == "ada@example.org"


def test_another_password_or_name_finds_nobody(store: Store, ada: UserRecord) -> None:
    assert store.users.authenticate("ada@example.org", OTHER) == (None, ada.id)
    assert store.users.authenticate("bob@example.org", PASSWORD) == (None, "")
    assert store.users.authenticate("'; --", PASSWORD) == (None, "")
    assert store.users.authenticate("\udcff", "\udcff") == (None, "")


def test_whether_an_account_is_there_or_not_one_hash_is_computed(
    store: Store, ada: UserRecord, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.users.add("closed", Role.ADMIN, PASSWORD)
    store.users.disable("closed")
    store.users.authenticate("first", "of all makes the hash of nobody")
    computed: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hashed: str, password: bytes) -> bool:
        computed.append(hashed)
        return verify(self, hashed, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    for account in ("ada@example.org", "nobody", "closed", "no account's name!"):
        computed.clear()
        store.users.authenticate(account, OTHER)
        assert len(computed) == 1, account
        assert computed[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$"), account


def test_the_stored_hash_is_argon2id_with_the_stated_parameters_and_a_salt_of_its_own(
    store: Store, ada: UserRecord
) -> None:
    bob = store.users.add("bob", Role.ADMIN, PASSWORD)
    assert _hash_of(store, ada).startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert _hash_of(store, ada) != _hash_of(store, bob)
    assert PASSWORD not in _hash_of(store, ada)


def test_a_hash_of_other_parameters_is_made_anew_when_its_user_signs_in_and_only_then(
    store: Store, ada: UserRecord
) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with store.engine.begin() as connection:
        connection.execute(update(UserRow).where(UserRow.id == ada.id).values(password_hash=weak))
    assert store.users.authenticate(ada.account, OTHER)[0] is None
    assert _hash_of(store, ada) == weak
    assert store.users.authenticate(ada.account, PASSWORD)[0] is not None
    assert "m=19456,t=2,p=1" in _hash_of(store, ada)
    assert store.users.authenticate(ada.account, PASSWORD)[0] is not None


@pytest.mark.parametrize("account", ["", " ", "-x", "x-", "a b", "ä", "x" * 101, "a\nb", "a/b", "<b>"])
def test_a_name_that_is_none_is_refused(store: Store, account: str) -> None:
    with pytest.raises(BadUser):
        store.users.add(account, Role.ADMIN, PASSWORD)


def test_a_name_is_given_once_and_a_candidate_gets_no_account(store: Store, ada: UserRecord) -> None:
    with pytest.raises(Conflict):
        store.users.add("ADA@example.org", Role.ADMIN, PASSWORD)
    with pytest.raises(BadUser):
        store.users.add("candidate", Role.CANDIDATE, PASSWORD)
    assert [user.account for user in store.users.list()] == ["ada@example.org"]


@pytest.mark.parametrize(
    "password",
    ["", "short", "x" * 11, "x" * 201, "aaaaaaaaaaaaaaaa", "abababababababab", "a line\nand another", "ada-is-my-name"],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str) -> None:
    with pytest.raises(BadPassword) as caught:
        passwords.check_new(password, "ada")
    assert not password or password not in caught.value.message


def test_a_password_is_the_same_on_every_keyboard() -> None:
    hashed = Passwords().hash("Bürgermeister a\u0308lter")
    assert Passwords().matches(hashed, "Bu\u0308rgermeister älter")


@pytest.mark.parametrize(
    ("password", "other"),
    [
        ("Bürgermeister älter", "bürgermeister älter"),
        ("Bürgermeister älter", "Burgermeister alter"),
        ("Bürgermeister älter", "Bürgermeister älter "),
        ("Bürgermeister älter", " Bürgermeister älter"),
        ("the fish of the day", "the \ufb01sh of the day"),
        ("a long one, volume IV", "a long one, volume \u2163"),
        ("twelve and a half: 12", "twelve and a half: \uff11\uff12"),
        ("x" * 10 + "y" * 189, "x" * 10 + "y" * 190),
    ],
)
def test_nothing_of_a_password_is_cut_or_changed_into_something_else(password: str, other: str) -> None:
    hashed = Passwords().hash(password)
    assert Passwords().matches(hashed, password)
    assert not Passwords().matches(hashed, other)
    assert not Passwords().matches(Passwords().hash(other), password)


def test_a_session_is_found_by_its_id_which_is_stored_nowhere(store: Store, ada: UserRecord) -> None:
    opened = _begin(store, ada)
    found = store.sessions.find(opened.text, IDLE)
    assert found is not None
    assert found[0].id == ada.id
    assert found[1] == opened.record
    assert len(opened.text) == 43
    assert opened.text not in repr(opened)
    with store.engine.connect() as connection:
        rows = connection.execute(select(SessionRow.__table__)).all()
    assert opened.text not in str(rows)
    for wrong in ("", "x" * 43, opened.text[:-1], opened.text + "x", opened.record.digest, "\udcff" * 43):
        assert store.sessions.find(wrong, IDLE) is None


def test_a_session_that_is_idle_ends_and_use_keeps_it(store: Store, ada: UserRecord, clock: Clock) -> None:
    opened = _begin(store, ada)
    for _ in range(3):
        clock.advance(29 * 60)
        assert store.sessions.find(opened.text, IDLE) is not None
    clock.advance(30 * 60 + 1)
    assert store.sessions.find(opened.text, IDLE) is None
    assert not store.sessions.holds(opened.record.digest, IDLE)


def test_asking_whether_a_session_holds_is_no_use_of_it(store: Store, ada: UserRecord, clock: Clock) -> None:
    opened = _begin(store, ada)
    for _ in range(2):
        clock.advance(14 * 60)
        assert store.sessions.holds(opened.record.digest, IDLE)
    clock.advance(3 * 60)
    assert not store.sessions.holds(opened.record.digest, IDLE)


def test_a_session_ends_at_last_however_much_it_is_used(store: Store, ada: UserRecord, clock: Clock) -> None:
    opened = _begin(store, ada)
    for _ in range(36):
        assert store.sessions.find(opened.text, IDLE) is not None
        clock.advance(20 * 60)
    assert store.sessions.find(opened.text, IDLE) is None


def test_a_session_in_the_place_of_a_providers_lasts_no_longer_than_that(
    store: Store, ada: UserRecord, clock: Clock
) -> None:
    first = store.sessions.begin(ada, timedelta(hours=12), arrival=Arrival(by=BegunBy.PROVIDER))
    assert first is not None
    clock.advance(3600)
    since = Arrival(by=BegunBy.PROVIDER, since=first.record.created_at)
    second = store.sessions.begin(ada, timedelta(hours=12), instead_of=first.text, arrival=since)
    assert second is not None
    assert (second.record.created_at, second.record.expires_at) == (first.record.created_at, first.record.expires_at)


def test_signing_in_again_ends_the_browsers_session_before(store: Store, ada: UserRecord) -> None:
    first = _begin(store, ada)
    other = _begin(store, ada)
    second = _begin(store, ada, instead_of=first.text)
    assert second.text != first.text
    assert store.sessions.find(first.text, IDLE) is None
    assert store.sessions.find(other.text, IDLE) is not None
    assert store.sessions.find(second.text, IDLE) is not None


@pytest.mark.parametrize("change", ["password", "disable"])
def test_a_new_password_and_a_closed_account_end_every_session_of_that_user_alone(
    store: Store, ada: UserRecord, change: str
) -> None:
    bob = store.users.add("bob", Role.ADMIN, PASSWORD)
    mine, other, bobs = _begin(store, ada), _begin(store, ada), _begin(store, bob)
    if change == "password":
        store.users.set_password(ada.account, OTHER)
    else:
        store.users.disable(ada.account)
    assert store.sessions.find(mine.text, IDLE) is None
    assert store.sessions.find(other.text, IDLE) is None
    assert store.sessions.find(bobs.text, IDLE) is not None
    assert (store.users.authenticate(ada.account, PASSWORD)[0]) is None


def test_a_closed_account_stays_closed_whatever_its_password_until_it_is_opened(store: Store, ada: UserRecord) -> None:
    store.users.disable(ada.account)
    changed = store.users.set_password(ada.account, OTHER)
    assert changed.disabled_at is not None
    assert store.users.authenticate(ada.account, OTHER)[0] is None
    opened = store.users.enable(ada.account, actor="test")
    assert opened.disabled_at is None
    assert store.users.enable(ada.account, actor="test") == opened
    assert store.users.authenticate(ada.account, OTHER)[0] == opened
    assert _actions(store)[0] == ("test", "user.enable")
    assert _actions(store).count(("test", "user.enable")) == 1


def test_who_was_checked_before_the_account_was_closed_or_changed_gets_no_session(
    store: Store, ada: UserRecord, clock: Clock
) -> None:
    checked, _ = store.users.authenticate(ada.account, PASSWORD)
    assert checked is not None
    clock.advance(1)
    store.users.set_password(ada.account, OTHER)
    assert store.sessions.begin(checked, LIFE) is None
    checked, _ = store.users.authenticate(ada.account, OTHER)
    assert checked is not None
    store.users.disable(ada.account)
    assert store.sessions.begin(checked, LIFE) is None


def test_sessions_long_over_are_deleted(store: Store, ada: UserRecord, clock: Clock) -> None:
    _begin(store, ada)
    clock.advance(43 * 86400)
    _begin(store, ada)
    with store.engine.connect() as connection:
        assert len(connection.execute(select(SessionRow.id_sha256)).all()) == 1


def test_all_of_it_is_in_the_audit_trail_without_passwords(store: Store, ada: UserRecord) -> None:
    opened = _begin(store, ada, arrival=Arrival("192.0.2.1"))
    store.sessions.refused(ada.id, "192.0.2.9")
    store.sessions.end(opened.record.digest, ada.id)
    store.sessions.end(opened.record.digest, ada.id)
    store.users.set_password(ada.account, OTHER, actor="test")
    store.users.disable(ada.account, actor="test")
    store.users.disable(ada.account, actor="test")
    assert _actions(store) == [
        ("test", "user.disable"),
        ("test", "user.password"),
        (ada.id, "session.end"),
        (ANONYMOUS, "session.refuse"),
        (ada.id, "session.begin"),
        ("test", "user.add"),
    ]
    trail = str(store.audit.page().items)
    assert PASSWORD not in trail
    assert opened.text not in trail
    assert "192.0.2.9" in trail


def test_deeds_are_found_by_time(store: Store, ada: UserRecord, clock: Clock) -> None:
    start = clock.now
    clock.advance(60)
    store.users.set_password(ada.account, OTHER)
    later = store.audit.page(AuditFilter(since=clock.now)).items
    before = store.audit.page(AuditFilter(until=clock.now)).items
    assert [record.deed.action for record in later] == ["user.password"]
    assert [record.deed.action for record in before] == ["user.add"]
    assert len(store.audit.page(AuditFilter(since=start)).items) == 2


def test_an_account_that_is_not_there_can_not_be_changed(store: Store) -> None:
    with pytest.raises(NotFound):
        store.users.disable("nobody")
    with pytest.raises(NotFound):
        store.users.set_password("nobody", PASSWORD)
    with pytest.raises(NotFound):
        store.users.enable("nobody")


def test_the_way_down_drops_the_tables_and_the_way_up_makes_them_again(empty_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.__file__).replace("schema.py", "migrations"))
    with Store.open(empty_url) as store:
        store.upgrade()
        with schema.migrating(store.engine) as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "r0002")
        assert not {"users", "sessions"} & set(inspect(store.engine).get_table_names())
        store.upgrade()
        store.check()
        assert store.users.add("ada", Role.ADMIN, PASSWORD).account == "ada"
