"""Passwords that guessers try first are refused, others are not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from runner.errors import PlatformFault
from store.guesses import is_common, is_in
from store.passwords import LEAST, BadPassword, PasswordRules, check_new
from store.settings import Settings


def test_every_common_password_of_the_list_is_refused() -> None:
    listed = [password for password in FREQUENCY_LISTS["passwords"] if len(password) >= LEAST]
    assert len(FREQUENCY_LISTS["passwords"]) >= 3000
    assert len(listed) > 200
    for password in listed:
        for written in (password, password.upper(), password.title()):
            with pytest.raises(BadPassword):
                check_new(written, "ada")


@pytest.mark.parametrize(
    "password",
    [
        *("passwordpassword", "Password123456", "P@ssw0rd2026", "Summer-2026!!", "iloveyou1234", "letmein!letmein!"),
        *("qwertyuiopasdf", "1qaz2wsx3edc", "zxcvbnm,asdfghjkl", "abcdefghijkl", "987654321098", "asdfgasdfgasdfg"),
        *("dragon monkey 99", "MichaelJordan23", "footballfootball1", "welcome to berlin", "hunter2hunter2"),
    ],
)
def test_what_is_made_of_few_common_pieces_is_refused(password: str) -> None:
    with pytest.raises(BadPassword, match="tried first"):
        check_new(password, "ada")


def test_more_passwords_are_refused_than_any_list_of_the_most_common_has() -> None:
    words = FREQUENCY_LISTS["english_wikipedia"]
    made = {f"{first}{second}{year}" for first in words[:80] for second in words[80:120] for year in (1, 2026)}
    long_enough = [password for password in sorted(made) if len(password) >= LEAST]
    assert len(long_enough) > 3000
    assert [password for password in long_enough[::10] if not is_common(password)] == []


def test_a_long_password_is_judged_by_its_first_characters_and_takes_no_longer() -> None:
    assert is_common("password" * 25)
    assert is_common("password" * 13 + "k3Jd9-qpW2x-Zz81")
    assert not is_common("k3Jd9-qpW2x-Zz81" + "password" * 23)


@pytest.mark.parametrize(
    "password",
    [
        *("correct horse battery staple", "korrekt-pferd-batterie", "yet another long one", "k3Jd9-qpW2x-Zz81"),
        *("monkey dragon sunshine princess", "Bürgermeister älter", "8f14e45fceea167a"),
    ],
)
def test_what_is_not_is_taken(password: str) -> None:
    check_new(password, "ada")


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("my Mendbox is on the hill", ()),
        ("the lovelace of the hill", ()),
        ("acme is on a steep hill", ("acme", "rocket")),
        ("a green ROCKET on a hill", ("acme", "rocket")),
    ],
)
def test_a_documented_word_is_refused(password: str, words: tuple[str, ...]) -> None:
    with pytest.raises(BadPassword, match="everybody here knows"):
        check_new(password, "ada.lovelace@example.org", PasswordRules(words))


def test_the_words_of_an_organisation_are_a_setting() -> None:
    settings = Settings.from_env({"MENDBOX_PASSWORD_WORDS": "Acme,Rocket", "MENDBOX_BREACHED_PASSWORDS": "/x/y"})
    assert settings.password_rules == PasswordRules(("acme", "rocket"), Path("/x/y"))
    assert Settings.from_env({}).password_rules == PasswordRules()


def test_a_password_of_the_list_of_breached_ones_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "breached.txt"
    file.write_text("a steep hill over there\nthe river under the hill\n")
    for password in ("a steep hill over there", "the river under the hill"):
        with pytest.raises(BadPassword, match="breach"):
            check_new(password, "ada", PasswordRules(breached=file))
    check_new("the river under the hills", "ada", PasswordRules(breached=file))
    with pytest.raises(PlatformFault, match="can't be read"):
        check_new("the river under the hills", "ada", PasswordRules(breached=tmp_path / "gone"))


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_a_line_is_found_wherever_it_is(tmp_path: Path, end: bytes) -> None:
    numbers = random.Random(5)
    lines = sorted(
        {
            f"{numbers.choice(['ä', 'b', 'zz'])}{numbers.randrange(10 ** numbers.randrange(1, 9))}".encode()
            for _ in range(300)
        }
    )
    file = tmp_path / "sorted.txt"
    file.write_bytes((end or b"\n").join(lines) + end)
    for line in lines:
        assert is_in(file, line.decode())
        assert not is_in(file, line.decode() + "x")
    for nowhere in ("", " ", "a", "zzz", "\U0001f600", lines[5].decode()[:-1] + "~"):
        assert not is_in(file, nowhere)
    (tmp_path / "empty").write_bytes(b"")
    assert not is_in(tmp_path / "empty", "x")
