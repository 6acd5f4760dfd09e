"""Which of a challenge's variants: a value, its text, and how one is drawn. What it holds is `rewording`'s to say.

A package as its folder stands is the variant `base`. Another is written as what differs from it, such as
`house=1,bug=rounding`: of the variation `house` its second value, and the seeded bug `rounding`. Such a text stays what
it is when values, variations or bugs are added later, so it is what is stored with a candidate and a receipt.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from runner.errors import MendboxError
from runner.packages.manifest import BUG, Manifest

_PART = re.compile(r"([a-z][a-z0-9-]{0,31})=([a-z0-9][a-z0-9-]{0,63})")
_BASE = "base"


@dataclass(frozen=True, slots=True)
class Variant:
    """`values`: by a variation's name the place of its value, from 1; a variation that is as the folder has it is left
    out. `bug`: the name of the seeded bug, None for the one that the folder has as it stands."""

    values: tuple[tuple[str, int], ...] = ()
    bug: str | None = None

    def __str__(self) -> str:
        parts = [f"{name}={place}" for name, place in self.values]
        return ",".join(parts + ([f"{BUG}={self.bug}"] if self.bug else [])) or _BASE

    def place(self, variation: str) -> int:
        """The place of a variation's value in its list."""
        return dict(self.values).get(variation, 0)


BASE = Variant()


class NoSuchVariant(MendboxError):
    """The text names no variant of the challenge."""


def variant_named(text: str, manifest: Manifest) -> Variant:
    """The variant that a text means: `base`, `name=place,…,bug=name`, or a number, which draws one.

    Raises NoSuchVariant, whose hint says what there is.
    """
    if not manifest.varies and text != _BASE:
        raise NoSuchVariant(f"there is no variant {text!r}: the challenge has no variants", hint="leave it out")
    if re.fullmatch(r"[0-9]{1,18}", text):
        return drawn(manifest, text)
    chosen: dict[str, str] = {}
    for part in [] if text == _BASE else text.split(","):
        match = _PART.fullmatch(part)
        if match is None or match[1] in chosen:
            raise NoSuchVariant(f"{text!r} is no variant", hint=_what_there_is(manifest))
        chosen[match[1]] = match[2]
    bug = chosen.pop(BUG, None)
    values: list[tuple[str, int]] = []
    for variation in manifest.variations:
        place = chosen.pop(variation.name, "0")
        if not place.isdecimal() or int(place) >= len(variation.values):
            raise NoSuchVariant(f"{variation.name} has no value {place}", hint=_what_there_is(manifest))
        if int(place):
            values.append((variation.name, int(place)))
    if bug is not None and bug not in {each.name for each in manifest.bugs}:
        raise NoSuchVariant(f"there is no bug {bug!r}", hint=_what_there_is(manifest))
    if chosen:
        raise NoSuchVariant(f"there is no variation {min(chosen)!r}", hint=_what_there_is(manifest))
    return Variant(tuple(values), bug)


def _what_there_is(manifest: Manifest) -> str:
    lists = [f"{each.name}=0…{len(each.values) - 1}" for each in manifest.variations]
    if manifest.bugs:
        lists.append(f"{BUG}={'|'.join(each.name for each in manifest.bugs)}")
    return f"write base, a number to draw one, or some of: {','.join(lists)}"


def variants_of(manifest: Manifest) -> int:
    """How many there are, the folder as it stands among them."""
    return prod(len(variation.values) for variation in manifest.variations) * (1 + len(manifest.bugs))


def drawn(manifest: Manifest, seed: str) -> Variant:
    """The variant of a seed: each value and each bug as likely as the next, and each drawn for itself."""
    values = tuple(
        (variation.name, place)
        for variation in manifest.variations
        if (place := _number(seed, variation.name, len(variation.values)))
    )
    bugs = (None, *(bug.name for bug in manifest.bugs if not bug.on_request))
    return Variant(values, bugs[_number(seed, BUG, len(bugs))])


def _number(seed: str, name: str, below: int) -> int:
    # 256 bits for a handful of values: no value is likelier in any way that could be noticed.
    return int.from_bytes(hashlib.sha256(f"{seed}\0{name}".encode()).digest(), "big") % below


def sampled(manifest: Manifest) -> Iterator[Variant]:
    """Few variants; `base` is not among them.

    Each value of each variation is in one, and each bug in the folder's words and in others.
    """
    bugs = [None, *(bug.name for bug in manifest.bugs)]
    yield from (Variant(bug=bug) for bug in bugs[1:])
    others = [(each.name, len(each.values) - 1) for each in manifest.variations]
    if others:
        for number in range(max(len(bugs), *(count for _, count in others))):
            values = tuple((name, 1 + number % count) for name, count in others)
            yield Variant(values, bugs[number % len(bugs)])
