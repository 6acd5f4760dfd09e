"""Fingerprints of a set of files by winnowing.

Schleimer, Wilkerson, Aiken, "Winnowing: Local Algorithms for Document Fingerprinting", SIGMOD 2003: hash every k
tokens in a row, and keep of each window of w hashes the smallest. A passage of w + k - 1 tokens that two files share
then has a fingerprint in both, wherever it stands, and about 2 of w + 1 hashes are kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from runner.integrity.lexing import Language, codes_of, language_of, lines_of, text_of

#: Hashes in a window. With k = 10 every run of 13 tokens in common is found: about a line and a half.
WINDOW = 4
Files = Mapping[str, bytes]
Prints = frozenset[int]


def fingerprints(files: Files) -> Prints:
    """The fingerprints of all files together: where a passage stands, in which file too, makes no difference."""
    found: set[int] = set()
    for path, data in files.items():
        text = text_of(data)
        if text is not None:
            found |= _winnowed(_hashes(text, language_of(path)))
    return frozenset(found)


def _hashes(text: str, language: Language) -> list[int]:
    codes, k, salt = codes_of(text, language), language.k, language.salt
    checksum = zlib.crc32
    return [checksum(codes[start : start + k], salt) for start in range(len(codes) - k + 1)]


def _winnowed(hashes: list[int]) -> set[int]:
    if len(hashes) < WINDOW:
        return {min(hashes)} if hashes else set()
    return set(map(min, *(hashes[start:] for start in range(WINDOW))))


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a file, both included, from 1."""

    path: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines in a row, and which of the fingerprints that were looked for lie in them."""

    lines: Lines
    prints: frozenset[int]


def passages(files: Files, wanted: Set[int]) -> list[Passage]:
    """Where the wanted fingerprints stand, those that overlap or touch taken together."""
    return [passage for path in sorted(files) for passage in _merged(path, _located(path, files[path], wanted))]


def _located(path: str, data: bytes, wanted: Set[int]) -> Iterator[tuple[int, int, int]]:
    text, language = text_of(data), language_of(path)
    if text is None:
        return
    hashes = _hashes(text, language)
    if wanted.isdisjoint(hashes):
        return
    lines = lines_of(text, language)
    for start, value in enumerate(hashes):
        if value in wanted:
            yield lines[start], lines[start + language.k - 1], value


def _merged(path: str, located: Iterator[tuple[int, int, int]]) -> Iterator[Passage]:
    begin, end, prints = 0, -1, set[int]()
    for first, last, value in located:
        if prints and first > end + 1:
            yield Passage(Lines(path, begin, end), frozenset(prints))
            prints = set()
        if not prints:
            begin, end = first, last
        end = max(end, last)
        prints.add(value)
    if prints:
        yield Passage(Lines(path, begin, end), frozenset(prints))
