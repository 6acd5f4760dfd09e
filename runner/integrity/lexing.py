"""Source text as a string of one-byte codes in which nothing is left that a copier changes without thinking.

Python: every name is one code, every number another; strings, comments, docstrings, layout and import statements leave
none. Keywords and operators stay. Full normalisation is what JPlag does with Java (Prechelt, Malpohl, Philippsen 2002);
here strings go too, since they can be split and joined at will. One tolerant lexer reads every file: text that is no
Python has tokens all the same, so a file can't be kept out of the comparison by a syntax error.

Every other text is read word by word.
"""

from __future__ import annotations

import bisect
import keyword
import re
import zlib
from dataclasses import dataclass
from itertools import accumulate

_STRING = "|".join(
    [
        r"""\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)""",
        r"""\'\'\'(?:[^\\]|\\.)*?(?:\'\'\'|\Z)""",
        r""""(?:[^"\\\n]|\\.)*+"?""",
        r"""'(?:[^'\\\n]|\\.)*+'?""",
    ]
)
#: What stays stands in the group; the rest is skipped. How far an import's bracket is looked for is bounded, since a
#: file of a thousand open ones would otherwise take a thousand times as long.
_PYTHON = re.compile(
    rf"""
      (?:\A|\n)\s*+(?:from\b[^\n(]{{0,200}}\bimport\s*+\([^)]{{0,2000}}\)|(?:from|import)\b[^\n]*+)
    | \s++ | \#[^\n]*+ | \\\r?\n | ,(?=\s*+[)\]}}])
    | [rRuUbBfFtT]{{0,2}}(?:{_STRING})
    | (\d[\w.]*+ | \.\d\w*+ | [^\W\d]\w*+
       | \*\*= | //= | >>= | <<= | \.\.\. | != | -> | := | \*\* | // | >> | << | <= | >= | == | [-+*/%&|^@]= | .)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"(\w+)|\W+")
_OPERATORS = ("**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "**", "//", ">>", "<<", "<=", ">=", "==")
_ASSIGNING = ("+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=")
_SINGLE = "+-*/%@&|^~<>()[]{},:.;="
_KEYWORDS = [word for word in keyword.kwlist if word not in ("True", "False")]
_NUMBER, _NAME, _OTHER = 1, 2, 3
_FIXED = {text: code for code, text in enumerate([*_OPERATORS, *_ASSIGNING, *_SINGLE, *_KEYWORDS], start=4)} | {
    "True": _NUMBER,
    "False": _NUMBER,
}


class _Codes(dict[str, int]):
    """The code of each token; remembers names, for the one text that it is made for."""

    def __missing__(self, token: str) -> int:
        if token[0].isdigit() or (token[0] == "." and len(token) > 1):
            code = _NUMBER
        else:
            code = _NAME if token.isidentifier() else _OTHER
        self[token] = code
        return code


@dataclass(frozen=True, slots=True)
class Language:
    """How a kind of file is read: tokens in a k-gram, and what its hashes begin with, to keep kinds apart."""

    name: str
    pattern: re.Pattern[str]
    k: int
    salt: int


PYTHON = Language("python", _PYTHON, 10, 0)
WORDS = Language("words", _WORD, 8, 1)


def language_of(path: str) -> Language:
    """How to read a file of this name."""
    return PYTHON if path.endswith((".py", ".pyi")) else WORDS


def codes_of(text: str, language: Language) -> bytes:
    """One byte for each token that counts. Words are hashed to a byte: their k-grams still tell texts apart."""
    tokens = filter(None, language.pattern.findall(text))
    if language is PYTHON:
        return bytes(map(_Codes(_FIXED).__getitem__, tokens))
    return bytes(zlib.crc32(word.lower().encode()) & 0xFF for word in tokens)


def lines_of(text: str, language: Language) -> list[int]:
    """The line, from 1, of each token that `codes_of` gives a byte."""
    starts = list(accumulate((len(line) for line in text.split("\n")), lambda at, length: at + length + 1, initial=0))
    return [bisect.bisect_right(starts, match.start(1)) for match in language.pattern.finditer(text) if match[1]]


def text_of(data: bytes) -> str | None:
    """A file's text, whatever its encoding; None for what is no text at all."""
    return None if b"\0" in data else data.decode("utf-8", "replace")
