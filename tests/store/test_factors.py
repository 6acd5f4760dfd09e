"""Second factors: codes count once and for their account alone, and nothing in the database makes one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import insert, select, update

from store.errors import Conflict, NotFound
from store.factors import RECOVERY_CODES, STEP_S, FactorUnreadable
from store.records import NewFactor, Role, UserRecord
from store.store import Store
from store.tables import RecoveryCodeRow, SessionRow, UserRow
from tests.store.conftest import Clock

PASSWORD = "correct horse battery staple"
LIFE = timedelta(hours=1)
KEY, OTHER_KEY = (b"k" * 32,), (b"o" * 32,)


@pytest.fixture
def ada(store: Store) -> UserRecord:
    return store.users.add("ada@example.org", Role.ADMIN, PASSWORD)


def _code(made: NewFactor, clock: Clock, steps: int = 0) -> str:
    """What an authenticator app shows at the store's time, or so many steps from it."""
    return pyotp.TOTP(made.secret).at(clock.now + timedelta(seconds=STEP_S * steps))


def _enrolled(store: Store, user: UserRecord, clock: Clock) -> tuple[NewFactor, UserRecord, tuple[str, ...]]:
    made = store.factors.begin(user, KEY)
    confirmed = store.factors.confirm(user, _code(made, clock), KEY)
    assert confirmed is not None
    clock.advance(2 * STEP_S)
    return made, *confirmed


def test_a_factor_counts_once_its_user_has_shown_a_code_of_it(store: Store, ada: UserRecord, clock: Clock) -> None:
    made = store.factors.begin(ada, KEY)
    assert store.users.named(ada.account).second_factor_since is None
    assert not store.factors.check(ada, _code(made, clock), KEY)
    assert store.factors.confirm(ada, _code(made, clock, 5), KEY) is None
    assert store.factors.confirm(ada, "not a code", KEY) is None

    confirmed = store.factors.confirm(ada, _code(made, clock), KEY)

    assert confirmed is not None
    user, codes = confirmed
    assert user.second_factor_since == clock.now == store.users.named(ada.account).second_factor_since
    assert len(set(codes)) == RECOVERY_CODES
    assert store.factors.confirm(ada, _code(made, clock, 1), KEY) is None


def test_a_code_counts_once_and_so_does_none_before_it(store: Store, ada: UserRecord, clock: Clock) -> None:
    made, user, _ = _enrolled(store, ada, clock)

    assert store.factors.check(user, _code(made, clock), KEY)
    assert not store.factors.check(user, _code(made, clock), KEY)
    assert not store.factors.check(user, _code(made, clock, -1), KEY)
    assert store.factors.check(user, _code(made, clock, 1), KEY)
    clock.advance(STEP_S)
    assert not store.factors.check(user, _code(made, clock), KEY)
    clock.advance(STEP_S)
    assert store.factors.check(user, _code(made, clock), KEY)


def test_the_code_that_confirmed_a_factor_signs_nobody_in(store: Store, ada: UserRecord, clock: Clock) -> None:
    made = store.factors.begin(ada, KEY)
    confirmed = store.factors.confirm(ada, _code(made, clock), KEY)
    assert confirmed is not None
    assert not store.factors.check(confirmed[0], _code(made, clock), KEY)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_off_by_one_step(store: Store, ada: UserRecord, clock: Clock, steps: int, good: bool) -> None:
    made, user, _ = _enrolled(store, ada, clock)
    clock.advance(10 * STEP_S)
    assert store.factors.check(user, _code(made, clock, steps), KEY) is good


@pytest.mark.parametrize("wrong", ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef", "0" * 40, "-" * 29, "\ud800"])
def test_what_is_no_code_is_none(store: Store, ada: UserRecord, clock: Clock, wrong: str) -> None:
    _, user, _ = _enrolled(store, ada, clock)
    assert not store.factors.check(user, wrong, KEY)


def test_one_code_that_is_sent_many_times_at_once_counts_once(store: Store, ada: UserRecord, clock: Clock) -> None:
    made, user, codes = _enrolled(store, ada, clock)
    for text in (_code(made, clock), codes[0]):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _, text=text: store.factors.check(user, text, KEY), range(8)))
        assert answers.count(True) == 1


def test_a_recovery_code_stands_in_once_and_for_its_own_account(store: Store, ada: UserRecord, clock: Clock) -> None:
    _, user, codes = _enrolled(store, ada, clock)
    bob = store.users.add("bob@example.org", Role.RECRUITER, PASSWORD)
    _, bob, _ = _enrolled(store, bob, clock)

    assert not store.factors.check(bob, codes[0], KEY)
    assert store.factors.check(user, codes[0].upper().replace("-", " "), KEY)
    assert not store.factors.check(user, codes[0], KEY)
    assert store.factors.check(user, codes[1], KEY)

    deeds = [item.deed for item in store.audit.page().items if item.deed.action == "user.recovery_code"]
    assert [deed.detail for deed in deeds] == [{"left": 8}, {"left": 9}]


def test_a_recovery_code_has_120_random_bits_and_is_stored_nowhere(store: Store, ada: UserRecord, clock: Clock) -> None:
    made, _, codes = _enrolled(store, ada, clock)
    with store.engine.connect() as connection:
        stored = str(connection.execute(select(UserRow.__table__)).all())
        stored += str(connection.execute(select(RecoveryCodeRow.__table__)).all())
    stored += str(store.audit.page().items)
    for code in codes:
        assert len(code.replace("-", "")) * 5 == 120
        assert code not in stored
        assert code.replace("-", "") not in stored
    assert made.secret not in stored


def test_a_secret_has_160_bits_and_is_read_by_its_key_and_in_its_row_alone(
    store: Store, ada: UserRecord, clock: Clock
) -> None:
    made, user, _ = _enrolled(store, ada, clock)
    assert len(made.secret) * 5 == 160
    assert made.secret in made.uri
    assert "ada%40example.org" in made.uri
    assert made.secret not in repr(made)
    with pytest.raises(FactorUnreadable, match="another secret key"):
        store.factors.check(user, _code(made, clock), OTHER_KEY)

    # Whoever can write to the database puts the secret of their own account into another's row.
    bob = store.users.add("bob@example.org", Role.RECRUITER, PASSWORD)
    with store.engine.begin() as connection:
        sealed = connection.execute(select(UserRow.second_factor).where(UserRow.id == user.id)).scalar_one()
        connection.execute(
            update(UserRow)
            .where(UserRow.id == bob.id)
            .values(second_factor=sealed, second_factor_step=0, second_factor_since=clock.now)
        )
    with pytest.raises(FactorUnreadable):
        store.factors.check(bob, _code(made, clock), KEY)


def test_after_a_change_of_key_a_factor_is_encrypted_anew_when_it_is_used(
    store: Store, ada: UserRecord, clock: Clock
) -> None:
    made, user, _ = _enrolled(store, ada, clock)

    assert store.factors.check(user, _code(made, clock), OTHER_KEY + KEY)

    clock.advance(STEP_S)
    assert store.factors.check(user, _code(made, clock), OTHER_KEY)
    with pytest.raises(FactorUnreadable):
        store.factors.check(user, _code(made, clock), KEY)


def test_a_second_secret_replaces_one_that_was_not_confirmed_and_no_other(
    store: Store, ada: UserRecord, clock: Clock
) -> None:
    first = store.factors.begin(ada, KEY)
    second = store.factors.begin(ada, KEY)
    assert store.factors.confirm(ada, _code(first, clock), KEY) is None
    assert store.factors.confirm(ada, _code(second, clock), KEY) is not None
    with pytest.raises(Conflict, match="has a second factor"):
        store.factors.begin(ada, KEY)


def test_confirming_and_removing_end_the_users_sessions(store: Store, ada: UserRecord, clock: Clock) -> None:
    def open_ones() -> int:
        with store.engine.connect() as connection:
            return len(connection.execute(select(SessionRow.user_id).where(SessionRow.ended_at.is_(None))).all())

    bob = store.users.add("bob@example.org", Role.RECRUITER, PASSWORD)
    for user in (ada, bob):
        assert store.sessions.begin(user, LIFE) is not None
    made, _, codes = _enrolled(store, ada, clock)
    assert open_ones() == 1
    assert store.sessions.begin(ada, LIFE) is not None

    removed = store.factors.remove(ada.account, actor="test")

    assert removed.second_factor_since is None
    assert open_ones() == 1
    assert not store.factors.check(removed, _code(made, clock), KEY)
    assert not store.factors.check(removed, codes[0], KEY)
    before = len(store.audit.page().items)
    assert store.factors.remove(ada.account) == removed
    assert len(store.audit.page().items) == before
    with pytest.raises(NotFound):
        store.factors.remove("nobody")


def test_new_codes_end_those_of_a_factor_before(store: Store, ada: UserRecord, clock: Clock) -> None:
    # A row that was left behind, as by a restored backup.
    with store.engine.begin() as connection:
        connection.execute(insert(RecoveryCodeRow).values(code_sha256="0" * 64, user_id=ada.id))
    _enrolled(store, ada, clock)
    with store.engine.connect() as connection:
        assert len(connection.execute(select(RecoveryCodeRow.user_id)).all()) == RECOVERY_CODES


def test_a_closed_account_gets_no_second_factor(store: Store, ada: UserRecord, clock: Clock) -> None:
    made = store.factors.begin(ada, KEY)
    store.users.disable(ada.account)
    assert store.factors.confirm(ada, _code(made, clock), KEY) is None
    with pytest.raises(Conflict):
        store.factors.begin(replace(ada), KEY)
