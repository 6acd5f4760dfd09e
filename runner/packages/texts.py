"""What candidates read, held against what they get: links, and commands of brief and README. Static; nothing is run."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise, takewhile
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from runner.errors import Problem
from runner.packages.package import ChallengePackage

BRIEF = "brief.md"
_ELSEWHERE = frozenset({"http", "https", "mailto"})
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_INTERPRETERS = frozenset({"python", "python3", "sh", "bash"})


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a code block: its words, and the file that has it, relative to the package.

    `environment`: variables that the command line, or an `export` before it, sets.
    """

    file: str
    words: tuple[str, ...]
    environment: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return shlex.join(self.words)


def text_problems(package: ChallengePackage) -> list[Problem]:
    """Links that lead nowhere, and commands whose file is not in the starter. Pure."""
    return [
        *(problem for file, text in _texts(package).items() for problem in _links(file, text, package)),
        *(problem for command in commands_of(package) for problem in _files_of(command, package)),
    ]


def flask_commands(package: ChallengePackage) -> list[Command]:
    """The `flask …` commands of brief and README, each once: whether the app has them is seen by running it. Pure."""
    found: dict[tuple[str, ...], Command] = {}
    for command in commands_of(package):
        words = command.words[2:] if command.words[:2] in (("python", "-m"), ("python3", "-m")) else command.words
        if words and words[0] == "flask":
            found.setdefault(words, replace(command, words=words))
    return list(found.values())


def commands_of(package: ChallengePackage) -> list[Command]:
    """Every command in a code block of brief and README, in order. Pure."""
    return [command for file, text in _texts(package).items() for command in _commands(file, text)]


def _texts(package: ChallengePackage) -> Mapping[str, str]:
    texts = {f"starter/{path}": data for path, data in package.starter.items() if path.lower().endswith(".md")}
    return {BRIEF: package.brief, **{file: data.decode("utf-8", "replace") for file, data in sorted(texts.items())}}


def _parsed(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def _links(file: str, text: str, package: ChallengePackage) -> Iterator[Problem]:
    tokens = _parsed(text)
    anchors = set(_anchors(tokens))
    for token in (child for each in tokens for child in each.children or ()):
        target = str(token.attrGet("href") or token.attrGet("src") or "")
        if not target:
            continue
        parts = urlsplit(target)
        if parts.scheme:
            if parts.scheme not in _ELSEWHERE or (parts.scheme != "mailto" and not parts.hostname):
                yield Problem(file, "", f"the link {target} leads nowhere; mend its address")
        elif parts.path:
            # The brief is a page of its own: there are no files beside it.
            path = posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(parts.path)))
            below = path.removeprefix("starter/")
            known = {*package.starter, *(posixpath.dirname(each) for each in package.starter)}
            if file == BRIEF or not path.startswith("starter/") or below not in known:
                yield Problem(file, "", f"the link {target} leads to no file that candidates have there; mend its path")
        elif parts.fragment and parts.fragment not in anchors:
            yield Problem(file, "", f"the link {target} leads to no heading of this page; mend it")


def _anchors(tokens: list[Token]) -> Iterator[str]:
    """Names of headings, as GitHub makes them."""
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            yield re.sub(r"[^\w\- ]", "", inline.content.lower()).replace(" ", "-")


def _commands(file: str, text: str) -> Iterator[Command]:
    exported: dict[str, str] = {}
    for token in _parsed(text):
        if token.type not in ("code_block", "fence"):
            continue
        for line in token.content.replace("\\\n", " ").splitlines():
            for words in _of_line(line.strip().removeprefix("$ ")):
                own = list(takewhile(_ASSIGNMENT.fullmatch, words))
                given = dict(word.partition("=")[::2] for word in own)
                if words[0] == "export":
                    exported |= dict(word.partition("=")[::2] for word in words[1:])
                elif rest := words[len(own) :]:
                    yield Command(file, rest, tuple({**exported, **given}.items()))


def _of_line(line: str) -> Iterator[tuple[str, ...]]:
    """The commands of a line, each with the assignments that stand before it."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|")
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # an apostrophe in what is no command
        return
    command: list[str] = []
    for word in [*words, ";"]:
        if not (word and set(word) <= set(";&|")):
            command.append(word)
        elif command:
            yield tuple(command)
            command = []


def _files_of(command: Command, package: ChallengePackage) -> Iterator[Problem]:
    program, *rest = command.words
    wanted = [file for flag, file in pairwise(rest) if program == "pip" and flag in ("-r", "-c")]
    if program in _INTERPRETERS and rest and rest[0].endswith((".py", ".sh")):
        wanted.append(rest[0])
    for file in wanted:
        if posixpath.normpath(file) not in package.starter:
            yield Problem(
                command.file, "", f"`{command}` needs {file}, which is not in the starter; add it or mend the command"
            )
