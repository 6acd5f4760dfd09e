"""R5: how often a password may be guessed at."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from browsing import is_in, sign_in, without
from mendbox_harness import Association, Member

from mendbox.testing import requirement

WINDOW_S = 900


def guess(client: Any, member: Member, times: int = 1) -> list[int]:
    """Wrong passwords, and how they were answered."""
    return [sign_in(client, member, f"{number} {member.password}").status_code for number in range(times)]


def seconds_of(answer: Any) -> int:
    """What `Retry-After` says."""
    assert answer.status_code == 429
    assert answer.headers["Retry-After"].isdecimal()
    return int(answer.headers["Retry-After"])


def stranger(association: Association, word: Callable[[], str]) -> Member:
    """Who is no member."""
    return Member(0, "", f"{word()}@{association.domain}", word(), "", association.sites[0])


@requirement("R5", "After five refused sign-ins the next one is not answered with 429 and how long to wait.")
def test_the_sixth_is_not_looked_at(
    app: Any, client: Any, association: Association, standing: Any, rng: random.Random
) -> None:
    member = rng.choice(association.members)
    assert guess(client, member, 5) == [401] * 5
    passed = rng.randrange(1, 800)
    standing.advance(seconds=passed + 0.5)
    for browser, password in ((client, "?"), (app.client(), None)):
        assert seconds_of(sign_in(browser, member, password)) == WINDOW_S - passed
    assert not is_in(client, member)

    standing.advance(seconds=WINDOW_S - passed - 1)
    assert seconds_of(sign_in(client, member)) == 1
    standing.advance(seconds=1)
    assert sign_in(client, member).status_code == 302
    assert is_in(client, member)


@requirement("R5", "Refused sign-ins count for longer or shorter than the brief says.")
def test_each_counts_for_fifteen_minutes(
    client: Any, association: Association, standing: Any, rng: random.Random
) -> None:
    member = rng.choice(association.members)
    gaps = [rng.randrange(5, 180) for _ in range(5)]
    for gap in gaps:
        assert guess(client, member) == [401]
        standing.advance(seconds=gap)
    assert seconds_of(sign_in(client, member)) == WINDOW_S - sum(gaps)

    standing.advance(seconds=WINDOW_S - sum(gaps))
    assert guess(client, member) == [401]
    assert seconds_of(sign_in(client, member)) == gaps[0]
    standing.advance(seconds=gaps[0])
    assert sign_in(client, member).status_code == 302
    assert is_in(client, member)


@requirement("R5", "What is answered with 429 keeps members out for longer.")
def test_who_is_told_to_wait_waits_no_longer_for_asking(
    client: Any, association: Association, standing: Any, rng: random.Random
) -> None:
    member = rng.choice(association.members)
    guess(client, member, 5)
    for _ in range(3):
        standing.advance(seconds=250)
        assert guess(client, member, 3) == [429] * 3
    standing.advance(seconds=150)
    assert sign_in(client, member).status_code == 302
    assert is_in(client, member)


@requirement("R5", "It can be told from an answer whether an address is a member's.")
def test_strangers_learn_nothing(app: Any, association: Association, standing: Any, word: Callable[[], str]) -> None:
    asked = (association.one, stranger(association, word))
    answers = [
        [sign_in(browser, each, word()) for _ in range(6)]
        for each, browser in zip(asked, (app.client(), app.client()), strict=True)
    ]
    for member, nobody in zip(*answers, strict=True):
        assert without(member.text, asked[0].email) == without(nobody.text, asked[1].email)
        assert member.status_code == nobody.status_code
        assert member.headers.get("Retry-After") == nobody.headers.get("Retry-After")
        assert sorted(key for key, _ in member.headers) == sorted(key for key, _ in nobody.headers)
    assert [answer.status_code for answer in answers[1]] == [401] * 5 + [429]


@requirement("R5", "Guesses go on by another browser, from another place or with the address in capitals.")
def test_all_guesses_at_an_address_count(
    app: Any, association: Association, standing: Any, rng: random.Random, word: Callable[[], str]
) -> None:
    member = rng.choice(association.members)
    for number, email in enumerate(
        (member.email, member.email.upper(), f" {member.email}", member.email.title(), member.email)
    ):
        place = {"REMOTE_ADDR": f"203.0.113.{number + 1}"}
        form = {"email": email, "password": word(), "next": ""}
        assert app.client().post("/login", data=form, environ_base=place).status_code == 401
    elsewhere = {"REMOTE_ADDR": f"198.51.100.{rng.randrange(1, 200)}"}
    form = {"email": member.email.swapcase(), "password": member.password, "next": ""}
    assert app.client().post("/login", data=form, environ_base=elsewhere).status_code == 429


@requirement("R5", "Each process of the app lets one guess anew.")
def test_all_processes_count_together(app: Any, client: Any, association: Association, rng: random.Random) -> None:
    member, there = rng.choice(association.members), app.instance().client()
    assert [guess(browser, member) for browser in (client, there, client, there, there)] == [[401]] * 5
    assert [sign_in(browser, member).status_code for browser in (client, there)] == [429, 429]
    assert not is_in(there, member)


@requirement("R5", "A member who got in is locked out for what was refused before.")
def test_getting_in_forgets_what_was_refused(
    app: Any, association: Association, standing: Any, rng: random.Random
) -> None:
    member = rng.choice(association.members)
    for _ in range(3):
        browser = app.client()
        assert guess(browser, member, 4) == [401] * 4
        assert sign_in(browser, member).status_code == 302
        assert is_in(browser, member)
        standing.advance(seconds=5)


@requirement("R5", "Guesses at one address lock out others, or end sessions.")
def test_others_are_not_touched(app: Any, client: Any, association: Association, standing: Any) -> None:
    member, neighbour = association.one, association.other
    sign_in(client, member)
    guesser = app.client()
    guess(guesser, member, 6)
    assert is_in(client, member)
    assert sign_in(guesser, neighbour).status_code == 302
    assert is_in(guesser, neighbour)
