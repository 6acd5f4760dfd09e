"""What of a source text counts when it is compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.integrity.lexing import PYTHON, WORDS, codes_of, language_of, lines_of, text_of

PLAIN = "def f(a):\n    return a.b(1) + c\n"


@pytest.mark.parametrize(
    "same",
    [
        "def g(x):\n    return x.y(2) + z\n",
        "def f( a ) :\n\n\n        return a . b ( 1 ) + c",
        '"""A module."""\n# a comment\ndef f(a):\n    """Does it."""\n    return a.b(1) + c  # so\n',
        "import os\nfrom x import (\n    y,\n    z,\n)\n\ndef f(a,):\n    from q import r\n    return a.b(1,) + c\n",
        "def f(a):\n    return a.b(True) + \\\n        c\n",
        "def f(a):\n    return a.b('x' \"y\" f'{z}' 3.5e3) + c\n",
        "def ž(ä):\n    return ä.b(0x7f) + c\n",
    ],
)
def test_names_literals_comments_layout_and_imports_make_no_difference(same: str) -> None:
    assert codes_of(same, PYTHON) == codes_of(PLAIN, PYTHON)


@pytest.mark.parametrize(
    "other",
    [
        "def f(a):\n    return a.b(1) - c\n",
        "def f(a):\n    yield a.b(1) + c\n",
        "def f(a):\n    return a.b[1] + c\n",
        "def f(a):\n    return a.b(1) + None\n",
    ],
)
def test_operators_keywords_and_brackets_do(other: str) -> None:
    assert codes_of(other, PYTHON) != codes_of(PLAIN, PYTHON)


@pytest.mark.parametrize(
    "text", ["def f(:\n  'never closed\n x = $ ?\n", '"""never closed\nx = 1', "from a import (b\n", ""]
)
def test_what_is_no_python_is_read_all_the_same(text: str) -> None:
    assert len(codes_of(text, PYTHON)) == len(lines_of(text, PYTHON))


@given(st.text(alphabet=st.sampled_from("ab1 \n\t\\'\"#(),.=+$fr\x0cé") | st.characters(codec="utf-8")))
def test_any_text_has_a_line_for_each_token(text: str) -> None:
    for language in (PYTHON, WORDS):
        lines = lines_of(text, language)
        assert len(codes_of(text, language)) == len(lines)
        assert lines == sorted(lines)
        assert all(1 <= line <= text.count("\n") + 1 for line in lines)


def test_lines_are_those_that_an_editor_shows() -> None:
    assert lines_of('x = 1\n\n"""doc\nmore"""\ny\n', PYTHON) == [1, 1, 1, 5]


def test_other_files_are_read_by_words() -> None:
    assert language_of("notes.sql") is WORDS
    assert language_of("a/b.py") is PYTHON
    assert codes_of("SELECT id, name\nFROM users", WORDS) == codes_of("select  id name from  Users;", WORDS)
    assert codes_of("SELECT id FROM users", WORDS) != codes_of("SELECT name FROM users", WORDS)


def test_what_is_no_text_is_not_read() -> None:
    assert text_of(b"a\0b") is None
    assert text_of(b"caf\xe9") == "caf\ufffd"
