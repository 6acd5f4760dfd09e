"""Passwords: what may be one, and its hash. Argon2id, with parameters from OWASP's Password Storage Cheat Sheet.

19 MiB, two passes, one lane: about 20 ms of a core for each try. How many are computed at a time is limited, so that
a flood of sign-ins takes neither all memory nor all cores from those who are in.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from runner.errors import MendboxError, PlatformFault
from store.guesses import is_common, is_in

MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
#: Characters. Long enough that what gets past ten guesses in a quarter of an hour takes longer than anyone has.
LEAST, MOST = 12, 200
#: Of an account's name, as in a person's address of mail.
_LEAST_PART = 4
#: Hashes at a time in one process.
AT_A_TIME = 2


class BadPassword(MendboxError):
    """A password that is too easily guessed, or that can't be typed again."""


@dataclass(frozen=True, slots=True)
class PasswordRules:
    """What no password may be or hold besides what is so everywhere.

    `words`: of this organisation; each in lower case. `breached`: a file of passwords that are known from breaches, one
    a line, sorted by bytes.
    """

    words: tuple[str, ...] = ()
    breached: Path | None = None


def check_new(password: str, account: str, rules: PasswordRules = PasswordRules()) -> None:
    """Raise BadPassword for one that a new password may not be. No rule on kinds of characters: length is what helps,
    and not to be among those that guessers try first (NIST SP 800-63B, 5.1.1.2).

    Raises PlatformFault when the file of breached passwords can't be read: then none is taken.
    """
    text = _normal(password)
    if not LEAST <= len(text) <= MOST:
        raise BadPassword(
            f"a password has {LEAST} to {MOST} characters", hint="four words that have nothing to do with each other"
        )
    if any(unicodedata.category(char) in {"Cc", "Cs"} for char in text):
        raise BadPassword("a password has no control characters", hint="type it on one line")
    if account and account.casefold() in text.casefold():
        raise BadPassword("the password holds the account's name", hint="choose one that nobody can guess")
    if any(word in text.casefold() for word in (*_own_words(account), *rules.words)):
        raise BadPassword(
            "the password holds a word that everybody here knows", hint="choose one that nobody can guess"
        )
    if len(set(text)) < 5:
        raise BadPassword("the password repeats a few characters", hint="choose one that nobody can guess")
    if is_common(text):
        raise BadPassword(
            "the password is one of those that are tried first: common words, years, sequences of keys",
            hint="four words that have nothing to do with each other",
        )
    if rules.breached is not None and _is_breached(rules.breached, text):
        raise BadPassword("the password is known from a breach", hint="choose one that was never used anywhere")


def _is_breached(file: Path, text: str) -> bool:
    try:
        return is_in(file, text)
    except OSError as error:
        raise PlatformFault(
            f"the list of breached passwords can't be read: {error.strerror}",
            hint="set MENDBOX_BREACHED_PASSWORDS right",
        ) from error


def _own_words(account: str) -> tuple[str, ...]:
    """Ours, and the parts of the account's name that are long enough to be no coincidence."""
    parts = re.split(r"[._@+-]", account.casefold())
    return ("mendbox", *(part for part in parts[:-1] if len(part) >= _LEAST_PART))


class Passwords:
    """Hashes and checks. Threads may share it."""

    def __init__(self, rules: PasswordRules = PasswordRules()) -> None:
        self._rules = rules
        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
        )
        self._places = threading.BoundedSemaphore(AT_A_TIME)
        self._nobodys: str | None = None

    def check_new(self, password: str, account: str) -> None:
        """Raise BadPassword for one that this account's new password may not be, PlatformFault as `check_new`."""
        check_new(password, account, self._rules)

    def hash(self, password: str) -> str:
        """The hash, with its salt and parameters."""
        with self._places:
            return self._hasher.hash(_bytes(password))

    def matches(self, hashed: str | None, password: str) -> bool:
        """Whether the password has this hash. None, for an account that is not there, takes as long and is False."""
        nobodys = self._hash_of_nobody()
        with self._places:
            try:
                return self._hasher.verify(hashed or nobodys, _bytes(password)) and hashed is not None
            except (VerificationError, InvalidHashError):
                return False

    def is_outdated(self, hashed: str) -> bool:
        """Whether it was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(hashed)

    def _hash_of_nobody(self) -> str:
        # Made by every first check, of an account that is there too: otherwise the first unknown one would take longer.
        if self._nobodys is None:
            self._nobodys = self.hash("the password of nobody")
        return self._nobodys


def _normal(password: str) -> str:
    # Keyboards differ in how they compose a character. NFC makes the two ways of writing one the same and changes no
    # character into another, as NFKC would: what was typed is what counts.
    return unicodedata.normalize("NFC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", "surrogatepass")
