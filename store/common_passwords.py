"""Whether a password is one that guessers try first.

Two ways, since no list is long enough. It is in a list: `common_passwords.txt`, those of 12 characters or more among
the most common 60,000 of public lists, which come from breaches (Django's, and those of zxcvbn and zxcvbn-ts); or in
one of whoever runs the platform. Or it is made of few pieces that guessers put together: common words, walks on a
keyboard, sequences, repetitions, years (after Wheeler, zxcvbn, 2016, whose estimate this is a small part of).
"""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

#: A password of so many pieces, or fewer, is common.
FEW = 3
_FOLDER = Path(__file__).parent
_WALKS = (
    *("1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm"),
    *(
        "azertyuiop",
        "qsdfghjklm",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
        "q1w2e3r4t5y6u7i8o9p0",
        "1q2w3e4r5t6y7u8i9o0p",
    ),
    *("qazwsxedcrfvtgbyhnujmikolp", "147258369", "0246813579"),
)
#: What people write for letters, and the letters.
_LETTERS = str.maketrans("@4301!$57", "aaeoiisst")
_SEPARATORS = " -_.,;:!?#*+/'\"&()"
_LEAST_WALK = 3
_LONGEST = 16


def is_common(password: str) -> bool:
    """Whether it is in the list, or made of few common pieces. How letters are written makes no difference."""
    text = password.casefold()
    bare = text.strip(_SEPARATORS)
    return text in _listed() or bare in _listed() or pieces(text) <= FEW


def pieces(text: str) -> int:
    """The least number of pieces that make up the lower-case text; a character that is in none counts as one."""
    plain = text.translate(_LETTERS)
    least = [0]
    for end in range(1, len(text) + 1):
        best = least[end - 1] + (text[end - 1] not in _SEPARATORS)
        for start in range(max(0, end - _LONGEST), end - 1):
            if least[start] + 1 < best and _is_piece(text[start:end], plain[start:end]):
                best = least[start] + 1
        # Once more the same block is nothing new, however long it is.
        for length in range(2, end // 2 + 1):
            if text[end - 2 * length : end - length] == text[end - length : end]:
                best = min(best, least[end - length])
        least.append(best)
    return least[-1]


def is_in(file: Path, password: str) -> bool:
    """Whether a file of one password a line, sorted by bytes, has this one. It may be of any size. Raises OSError."""
    wanted = password.encode("utf-8", "surrogatepass")
    with file.open("rb") as opened:
        low, high = 0, opened.seek(0, 2)
        # The first line that begins at `low` or later is the first that can be the wanted one.
        while low < high:
            middle = (low + high) // 2
            opened.seek(middle)
            if middle:
                opened.readline()
            line = opened.readline()
            if line and line.rstrip(b"\r\n") < wanted:
                low = middle + 1
            else:
                high = middle
        opened.seek(low)
        if low:
            opened.readline()
        return opened.readline().rstrip(b"\r\n") == wanted


def _is_piece(text: str, plain: str) -> bool:
    if text in _words() or plain in _words():
        return True
    if text.isdigit() and (len(text) == 2 or (len(text) == 4 and text[:2] in ("19", "20"))):
        return True
    return len(set(text)) == 1 or (len(text) >= _LEAST_WALK and text in _walked())


@cache
def _listed() -> frozenset[str]:
    return frozenset(_lines(_FOLDER / "common_passwords.txt"))


@cache
def _words() -> frozenset[str]:
    return frozenset(itertools.chain.from_iterable(line.split() for line in _lines(_FOLDER / "common_words.txt")))


@cache
def _walked() -> frozenset[str]:
    ways = [way for walk in _WALKS for way in (walk, walk[::-1])]
    return frozenset(
        way[start : start + length]
        for way in ways
        for length in range(_LEAST_WALK, _LONGEST + 1)
        for start in range(len(way) - length + 1)
    )


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("# ")]
