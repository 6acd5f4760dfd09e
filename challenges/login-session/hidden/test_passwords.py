"""R1: how passwords are kept, and that everybody gets in."""

from __future__ import annotations

import base64
import hashlib
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from browsing import is_in, sign_in
from mendbox_harness import Association

from mendbox.testing import requirement

Stored = Callable[[], list[tuple[str, str, str]]]


def readable(password: str) -> list[str]:
    """What gives the password away: itself, in other letters, and digests of it that have no salt."""
    raw = password.encode()
    digests = [hashlib.new(name, raw) for name in ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b")]
    plain = [password, password[::-1], base64.b64encode(raw).decode(), raw.hex()]
    return plain + [
        form for digest in digests for form in (digest.hexdigest(), base64.b64encode(digest.digest()).decode())
    ]


def kept(rows: list[tuple[str, str, str]], association: Association) -> list[tuple[str, str, str]]:
    """What the app has stored that is long enough for a hash, but for sessions."""
    drawn = {
        (table, column, str(value))
        for table, drawn_rows in association.rows().items()
        for row in drawn_rows
        for column, value in row.items()
    }
    return [row for row in rows if row[0] != "sessions" and row not in drawn and len(row[2]) >= 16]


def stands_there(rows: list[tuple[str, str, str]], password: str) -> list[tuple[str, str]]:
    """Tables and columns in which the password can be read."""
    forms = readable(password)
    return [(table, column) for table, column, value in rows if any(form in value for form in forms)]


@requirement("R1", "The password of a member who signed in can be read in the database.")
def test_after_a_sign_in_the_password_stands_nowhere(app: Any, association: Association, stored: Stored) -> None:
    members = association.of_each_kind
    for member in members:
        browser = app.client()
        sign_in(browser, member)
        assert is_in(browser, member)
    rows = stored()
    assert [stands_there(rows, member.password) for member in members] == [[]] * len(members)


@requirement("R1", "A member with the right password does not get in, or one with a wrong password does.")
def test_everybody_gets_in_time_after_time(app: Any, association: Association, word: Any) -> None:
    for member in association.of_each_kind:
        for _ in range(3):
            browser = app.client()
            answer = sign_in(browser, member)
            assert (answer.status_code, answer.location) == (302, "/plot")
            assert is_in(browser, member)
        stranger = app.client()
        for wrong in ("", member.password.strip() + word(), member.password[:-2], member.password.swapcase()):
            assert sign_in(stranger, member, wrong).status_code == 401
        assert not is_in(stranger, member)


@requirement("R1", "It can be seen in the database that two members have the same password.")
def test_two_with_one_password_do_not_look_alike(
    app: Any, association: Association, stored: Stored, standing: Any
) -> None:
    for member in (association.twin, association.other_twin, association.one):
        browser = app.client()
        sign_in(browser, member)
        assert is_in(browser, member)
    times = Counter(kept(stored(), association)).values()
    assert len(times) >= 3
    assert 2 not in times  # what `one` has as well, the method say, tells nothing of a password


@requirement("R1", "A password is not kept by the method that the configuration names.")
def test_the_method_is_that_of_the_configuration(
    app: Any, association: Association, stored: Stored, rng: random.Random, word: Any
) -> None:
    member, chosen = rng.choice(association.members), word()
    browser = app.client()
    sign_in(browser, member)
    assert is_in(browser, member)
    assert [value for _, _, value in kept(stored(), association) if association.method in value]
    browser.post("/password", data={"current": member.password, "new": chosen, "again": chosen})
    assert [value for _, _, value in kept(stored(), association) if association.method in value]
    assert sign_in(app.client(), member, chosen).status_code == 302


@requirement("R1", "What stands in the database for a password lets someone in.")
def test_what_is_stored_is_no_password(app: Any, association: Association, stored: Stored) -> None:
    member = association.one
    sign_in(app.client(), member)
    tried = sorted((value for _, _, value in kept(stored(), association)), key=len, reverse=True)[:3]
    assert tried
    stranger = app.client()
    assert [sign_in(stranger, member, value).status_code for value in tried] == [401] * len(tried)
    assert is_in(app.client(), member) is False
    sign_in(stranger, member)
    assert is_in(stranger, member)


@requirement(
    "R1", "A password that was chosen can be read in the database, or does not take the place of the one before."
)
def test_a_chosen_password_stands_nowhere_and_lets_in(
    app: Any, association: Association, stored: Stored, rng: random.Random
) -> None:
    member = rng.choice(association.members)
    chosen = f"{rng.randrange(10**5, 10**6)}$ö {rng.randrange(10**5, 10**6)}"
    browser = app.client()
    sign_in(browser, member)
    answer = browser.post("/password", data={"current": member.password, "new": chosen, "again": chosen})
    assert (answer.status_code, answer.location) == (302, "/plot")
    assert stands_there(stored(), chosen) == []
    other = app.client()
    assert sign_in(other, member).status_code == 401
    for _ in range(2):
        assert sign_in(other, member, chosen).status_code == 302
    assert is_in(other, member)


@requirement("R1", "A password that must be refused is taken, or one is lost though nothing was chosen.")
def test_a_password_is_refused_as_before(app: Any, association: Association, word: Any) -> None:
    member, new = association.other, word()
    browser = app.client()
    sign_in(browser, member)
    refused = (
        {"current": word(), "new": new, "again": new},
        {"current": "", "new": new, "again": new},
        {"current": member.password, "new": new[:9], "again": new[:9]},
        {"current": member.password, "new": new, "again": new.title()},
    )
    assert [browser.post("/password", data=form).status_code for form in refused] == [422] * 4
    assert is_in(browser, member)
    other = app.client()
    assert sign_in(other, member, new).status_code == 401
    assert sign_in(other, member).status_code == 302
    taken = {"current": member.password, "new": new[:10], "again": new[:10]}
    assert other.post("/password", data=taken).status_code == 302
    assert sign_in(app.client(), member, new[:10]).status_code == 302
