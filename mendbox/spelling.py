"""Spelling of what people read in a package, by `typos`: it knows the mistakes that people make, and no dictionary.

So a name or a term of the trade is not taken for a mistake; the few that are stand in the manifest's `words`.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from runner.errors import MendboxError, Problem
from runner.packages.manifest import MANIFEST
from runner.packages.package import ChallengePackage

_PATIENCE_S = 60
_FOUND = 2


def spelling_problems(package: ChallengePackage) -> list[Problem]:
    """Each misspelt word with its place. Raises MendboxError when `typos` can't be run."""
    known = {word.casefold() for word in package.manifest.words}
    problems = []
    for file, line, word, corrections in _typos(texts_of(package)):
        if word.casefold() in known:
            continue
        meant = f"; did you mean {' or '.join(corrections)}?" if corrections else ""
        said = f"{word!r} is misspelt{meant} A word that is right goes into `words` of challenge.toml"
        # The manifest's words were taken out of it, so their lines are others.
        problems.append(Problem(file, "" if file == MANIFEST else f"line {line}", said))
    return problems


def texts_of(package: ChallengePackage) -> Mapping[str, str]:
    """What people read, by file: brief, notes, READMEs, and the words of manifest and hidden suite. Pure."""
    manifest = package.manifest
    words = [manifest.title, manifest.summary]
    words += [text for requirement in manifest.requirements for text in (requirement.title, requirement.message)]
    texts = {"brief.md": package.brief, "notes.md": package.notes, MANIFEST: "\n".join(words)}
    for path, data in package.starter.items():
        if path.lower().endswith((".md", ".html", ".txt")):
            texts[f"starter/{path}"] = data.decode("utf-8", "replace")
    for path, data in package.hidden.items():
        if path.endswith(".py"):
            texts[f"hidden/{path}"] = _sentences(data)
    return texts


def _sentences(source: bytes) -> str:
    """The texts of a module that are more than a word, each on its own line; of what is no Python, nothing."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ""
    lines: dict[int, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            for number, line in enumerate(node.value.splitlines(), node.lineno):
                lines[number] = f"{lines.get(number, '')} {line}"
    return "\n".join(lines.get(number, "") for number in range(1, max(lines, default=0) + 1))


def _typos(texts: Mapping[str, str]) -> list[tuple[str, int, str, list[str]]]:
    """File, line, word and what may have been meant, in order."""
    program = shutil.which("typos", path=str(Path(sys.executable).parent)) or shutil.which("typos")
    if program is None:
        raise MendboxError("typos, which looks at spelling, is not installed", hint="run: scripts/setup")
    with tempfile.TemporaryDirectory(prefix="mendbox-spelling-") as folder:
        names = {}
        for number, (file, text) in enumerate(texts.items()):
            # By number: a file's own name could be one that typos passes over.
            path = Path(folder, f"{number}.txt")
            path.write_text(text, "utf-8")
            names[str(path)] = file
        command = [program, "--isolated", "--locale", "en", "--format", "json", *names]
        done = subprocess.run(command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    if done.returncode not in (0, _FOUND):
        raise MendboxError(f"typos failed: {done.stderr.strip()[:300]}", hint="run: scripts/setup")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    rows = [
        (names[each["path"]], int(each["line_num"]), str(each["typo"]), list(each["corrections"]))
        for each in found
        if each["type"] == "typo"
    ]
    return sorted(rows)
