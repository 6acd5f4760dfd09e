"""The payment provider: what it raises, and one for our own machines."""

from __future__ import annotations

import itertools


class CardDeclined(Exception):
    """No. Nothing was taken, and the same key will hear the same again."""


class ProviderUnavailable(Exception):
    """No answer. The money may have been moved or not."""


class KeyReused(Exception):
    """The key was used for something else before."""


class SandboxProvider:
    """Moves no money. `moved` is what it would have moved, by key: id, amount, and the card or the charge."""

    def __init__(self) -> None:
        self.moved: dict[str, tuple[str, int, str]] = {}
        self._declined: set[str] = set()
        self._numbers = itertools.count(1)
        self._was_slow = False

    def charge(self, *, amount_cents: int, card: str, key: str) -> str:
        """Take money from a card; gives the charge's id."""
        if card == "tok_empty" and key not in self.moved:
            self._declined.add(key)
        if key in self._declined:
            raise CardDeclined("insufficient funds")
        charge = self._move("ch", amount_cents, card, key)
        if card == "tok_slow" and not self._was_slow:
            self._was_slow = True
            raise ProviderUnavailable("no answer within 10 s")
        return charge

    def refund(self, *, amount_cents: int, charge: str, key: str) -> str:
        """Give money back; gives the refund's id."""
        return self._move("re", amount_cents, charge, key)

    def _move(self, kind: str, amount_cents: int, target: str, key: str) -> str:
        if key not in self.moved:
            self.moved[key] = (f"{kind}_{next(self._numbers)}", amount_cents, target)
        identity, amount, before = self.moved[key]
        if (amount, before) != (amount_cents, target):
            raise KeyReused(key)
        return identity
