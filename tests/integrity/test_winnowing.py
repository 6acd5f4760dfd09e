"""What two texts share is found, wherever it stands."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from runner.integrity.lexing import PYTHON
from runner.integrity.winnowing import WINDOW, Lines, fingerprints, passages

#: Tokens in a row that two files must have in common for it to be seen: w + k - 1.
SEEN = WINDOW + PYTHON.k - 1
_TOKENS = ["x", "1", "(", ")", "+", ".", "if", "for", "in", "return", "=", "[", "]", "not"]


def _code(seed: int, tokens: int) -> list[str]:
    return random.Random(seed).choices(_TOKENS, k=tokens)


@given(st.integers(0, 500), st.integers(0, 40), st.integers(0, 40))
def test_a_passage_as_long_as_promised_is_always_found(seed: int, before: int, after: int) -> None:
    shared = _code(seed, SEEN)
    a = " ".join([*_code(seed + 1, before), *shared, *_code(seed + 2, after)]).encode()
    b = " ".join([*_code(seed + 3, after), *shared, *_code(seed + 4, before)]).encode()

    assert fingerprints({"a.py": a}) & fingerprints({"b.py": b})


def test_unlike_texts_have_nothing_in_common() -> None:
    a, b = (" ".join(_code(seed, 400)).encode() for seed in (1, 2))

    assert not fingerprints({"a.py": a}) & fingerprints({"a.py": b})


def test_about_two_of_w_plus_one_hashes_are_kept() -> None:
    kept = len(fingerprints({"a.py": " ".join(_code(5, 5_000)).encode()}))

    assert 0.35 < kept / 5_000 < 0.45


def test_a_file_shorter_than_a_gram_has_none_and_binary_files_have_none() -> None:
    assert fingerprints({"a.py": b"x = 1", "b.bin": b"\0" * 5_000, "c.py": b""}) == frozenset()


def test_words_and_python_are_kept_apart() -> None:
    text = b"one two three four five six seven eight nine ten eleven twelve"

    assert fingerprints({"a.txt": text})
    assert not fingerprints({"a.txt": text}) & fingerprints({"a.py": text})


def test_passages_say_which_lines() -> None:
    own = b"def f(rows):\n    return {row.id: [one for one in row.parts if one.price > 3] for row in rows}\n"
    a = b"x = 1\ny = 2\n\n" + own + b"\n\nz = 3\n"
    wanted = fingerprints({"own.py": own})

    assert [passage.lines for passage in passages({"a.py": a, "b.py": b"x = 1\n"}, wanted)] == [Lines("a.py", 4, 5)]


def test_passages_apart_stay_apart() -> None:
    own = b"def f(rows):\n    return {row.id: [one for one in row.parts if one.price > 3] for row in rows}\n"
    found = passages({"a.py": own + b"\n" * 5 + own}, fingerprints({"own.py": own}))

    assert [passage.lines for passage in found] == [Lines("a.py", 1, 2), Lines("a.py", 8, 9)]
