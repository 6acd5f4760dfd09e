"""A challenge package out of a repair: what can be written without knowing the story. Pure."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from runner.importing.blackbox import Converted, Left, convert
from runner.importing.history import Repair
from runner.packages.manifest import Area, Level
from runner.packages.scaffold import MINUTES

MESSAGE = "Something that the brief asks for does not hold."
#: What to do is marked so that it is found again; no check passes while the brief says so.
TODO = "TODO"


@dataclass(frozen=True, slots=True)
class Imported:
    """The package's files, the tests that were taken over, and what could not be."""

    files: Mapping[str, bytes]
    tests: tuple[str, ...]
    left: tuple[Left, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class About:
    """What history does not tell. `entry`: `module:factory` of the app, as in the manifest."""

    entry: str
    title: str
    level: Level
    area: Area


def package_of(repair: Repair, about: About) -> Imported:
    """The package, as far as it can be made."""
    given = {path: data for path, data in repair.before.items() if path in repair.tests}
    converted = convert(repair.tests, MESSAGE, given)
    files = {f"starter/{path}": data for path, data in repair.before.items()}
    if not _configures_pytest(repair.before):
        # Its developers installed it; a candidate types `pytest` where the files are.
        files["starter/pytest.ini"] = b"[pytest]\npythonpath = .\n"
    files |= {f"fixes/as-it-was/{path}": data for path, data in repair.changed.items()}
    files |= {f"hidden/{path}": data for path, data in converted.files.items()}
    files["harness.py"] = _harness(repair, about.entry)
    files["challenge.toml"] = _manifest(repair, about)
    files["brief.md"] = _brief(about.title, converted)
    files["notes.md"] = _notes(repair, converted)
    removed = (
        f"{path} is removed by the repair, which no submission can do; empty it instead" for path in repair.removed
    )
    return Imported(files, converted.tests, converted.left, tuple(removed))


def _configures_pytest(files: Mapping[str, bytes]) -> bool:
    """Whether the repository says how pytest is run, in one of the files in which pytest looks for that."""
    sections = {"pytest.ini": b"", ".pytest.ini": b"", "tox.ini": b"[pytest]", "setup.cfg": b"[tool:pytest]"}
    sections["pyproject.toml"] = b"[tool.pytest"
    return any(section in files[name] for name, section in sections.items() if name in files)


def _manifest(repair: Repair, about: About) -> bytes:
    def quoted(value: str) -> str:
        return json.dumps(value, ensure_ascii=False)

    editable = sorted({_glob(path) for path in repair.changed} | {"tests/**"})
    return (
        f"""format = 1
title = {quoted(about.title)}
version = "1.0.0"
level = {quoted(about.level.value)}
area = {quoted(about.area.value)}
minutes = {MINUTES[about.level]}
summary = "{TODO}: one sentence about what is broken."
editable = [{", ".join(map(quoted, editable))}]

[app]
entry = {quoted(about.entry)}

# {TODO}: split what is asked into requirements, and have each hidden test name its own.
[[requirements]]
id = "R1"
title = "{TODO}: what has to hold"
points = 100
message = {quoted(MESSAGE)}
"""
    ).encode()


def _glob(path: str) -> str:
    top = PurePosixPath(path).parts[0]
    return f"{top}/**" if "/" in path else path


def _brief(title: str, converted: Converted) -> bytes:
    listed = "\n".join(f"- {re.sub('_+', ' ', name.replace('::', ': ')).strip()}" for name in converted.tests)
    return (
        f"# {title}\n\n{TODO}: what was seen, and what is to hold; never the cause.\n\n## What must hold\n\n"
        f"**R1.** {TODO}: say everything that these hidden tests ask for, in words of the app's users:\n\n{listed}\n"
    ).encode()


def _notes(repair: Repair, converted: Converted) -> bytes:
    left = "\n".join(f"- `{each.file}:{each.line}` {each.test} {each.why}" for each in converted.left)
    rest = f"\n## Tests that were not taken over\n\n{left}\n" if left else ""
    return f"# For assessors\n\nThe repair was: {repair.subject}\n\n{TODO}: why each mistake fails.\n{rest}".encode()


def _harness(repair: Repair, entry: str) -> bytes:
    fixtures = list(_app_fixtures(repair.tests))
    shown = "\n".join(f"# {line}".rstrip() for fixture in fixtures for line in ["", *fixture.splitlines()])
    told = (
        f"\n# {TODO}: the repository's tests make their app like this. Do the same in build, with data drawn from "
        f"context.seed.\n{shown}\n"
        if fixtures
        else ""
    )
    built = "context.load()" if entry.endswith((":app", ":application")) else "context.load()()"
    return (
        '"""Builds the candidate\'s app. Runs beside the candidate\'s code, so it holds no secrets."""\n'
        f"{told}\n\ndef build(context):\n    return {built}\n"
    ).encode()


def _app_fixtures(tests: Mapping[str, bytes]) -> Sequence[str]:
    """The source of fixtures that make an app or its client."""
    found: list[str] = []
    for data in tests.values():
        try:
            source = data.decode()
            tree = ast.parse(source)
        except (ValueError, SyntaxError):
            continue
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name in ("app", "client", "db", "database", "session"):
                found.append(ast.get_source_segment(source, node) or "")
    return found
