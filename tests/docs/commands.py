"""Reads shell lines as the pages have them, down to words."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

_ASSIGNMENT = re.compile(r"[A-Z_][A-Z0-9_]*=")
_CONTROL = {"|", "||", "&&", "&", ";", ">", ">>", "2>", "<", "(", ")"}


@dataclass(frozen=True)
class Command:
    """One simple command: the variables set before it, its program's name, its arguments."""

    variables: tuple[str, ...]
    program: str
    arguments: tuple[str, ...]


def commands(text: str) -> Iterator[Command]:
    """The simple commands of a piece of shell."""
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars="|&;<>()")
        lexer.whitespace_split = True
        words: list[str] = []
        for word in [*lexer, ";"]:
            if word not in _CONTROL:
                words.append(word)
            elif words:
                yield _command(words)
                words = []


def _command(words: list[str]) -> Command:
    if words[0] == "export":
        return Command(tuple(word.partition("=")[0] for word in words[1:]), "", ())
    count = next((at for at, word in enumerate(words) if not _ASSIGNMENT.match(word)), len(words))
    variables = tuple(word.partition("=")[0] for word in words[:count])
    rest = words[count:] or [""]
    return Command(variables, rest[0].removeprefix(".venv/bin/"), tuple(rest[1:]))
