"""Finds parts of a hidden suite that candidates would get with the starter or the brief."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from runner.errors import Problem
from runner.packages.suite import HiddenTest

#: Fewer lines in common can be chance.
RUN_LINES = 3
#: A shorter line says nothing of its own: `return`, `)`, `else:`.
TELLING_CHARS = 12


def find_leaks(tests: Iterable[HiddenTest], public: Mapping[str, str]) -> list[Problem]:
    """Names of hidden tests, and runs of lines of their bodies, that stand in a public text (file name → text)."""
    words = {path: set(re.findall(r"\w+", text)) for path, text in public.items()}
    runs: dict[tuple[str, ...], str] = {}
    for path, text in public.items():
        for run in _runs(text.splitlines()):
            runs.setdefault(run, path)
    problems: list[Problem] = []
    for test in tests:
        problems += [
            Problem(path, "", f"holds the name of a hidden test, {test.name}; rename one of them")
            for path, seen in words.items()
            if test.name in seen
        ]
        leak = next((runs[run] for run in _runs(test.lines) if run in runs), None)
        if leak is not None:
            problems.append(
                Problem(leak, "", f"holds {RUN_LINES} lines of the hidden test {test.id}; write them differently there")
            )
    return problems


def _runs(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    telling = [line.strip() for line in lines if len(line.strip()) >= TELLING_CHARS]
    for start in range(len(telling) - RUN_LINES + 1):
        yield tuple(telling[start : start + RUN_LINES])
