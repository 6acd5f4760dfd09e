"""The content of a new challenge: a small, complete package that passes every check as it stands, to be replaced piece
by piece. Its files are under `template/`; what depends on the challenge is marked `@@NAME@@` there.
"""

from __future__ import annotations

import json
from importlib.resources import files
from importlib.resources.abc import Traversable

from runner.errors import MendboxError
from runner.packages.leftovers import leftover_root
from runner.packages.manifest import SLUG, Area, Level

#: What challenges of a level take, unless their author says otherwise.
MINUTES = {Level.JUNIOR: 30, Level.MID: 60, Level.SENIOR: 90}
SUMMARY = "A small lending library charges late fees that its readers complain about."


def scaffold(
    slug: str,
    title: str,
    level: Level = Level.JUNIOR,
    area: Area = Area.PRACTICAL,
    minutes: int | None = None,
    summary: str = SUMMARY,
) -> dict[str, bytes]:
    """Path → content of a new package, without `inventory.json`, which `mendbox challenge check --write` derives.

    `minutes`: None for what is usual for that level. Raises MendboxError for a slug, title or summary of another form.
    """
    if not SLUG.fullmatch(slug):
        raise MendboxError(
            f"{slug!r} can't name a challenge", hint="use small letters, digits and hyphens, at most 64 characters"
        )
    for name, text in (("title", title), ("summary", summary)):
        if not text.strip() or not text.isprintable() or len(text) > 200:
            raise MendboxError(f"the {name} must be one line of 1 to 200 characters", hint=f"give it with --{name}")
    values = {
        "@@TITLE@@": _toml_string(title.strip()),
        "@@HEADING@@": title.strip(),
        "@@LEVEL@@": _toml_string(level),
        "@@AREA@@": _toml_string(area),
        "@@MINUTES@@": str(MINUTES[level] if minutes is None else minutes),
        "@@SUMMARY@@": _toml_string(summary.strip()),
    }
    return {path: _filled(source, values) for path, source in _template(files("runner.packages") / "template", "")}


def _toml_string(text: str) -> str:
    # A JSON string without escapes for what is printable is a TOML basic string.
    return json.dumps(text, ensure_ascii=False)


def _template(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in sorted(folder.iterdir(), key=lambda each: each.name):
        path = prefix + entry.name
        if leftover_root(path, folder=entry.is_dir()):
            continue
        found += _template(entry, path + "/") if entry.is_dir() else [(path, entry.read_bytes())]
    return found


def _filled(source: bytes, values: dict[str, str]) -> bytes:
    for name, value in values.items():
        source = source.replace(name.encode(), value.encode())
    return source
