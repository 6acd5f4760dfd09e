"""Which challenges of the library prove themselves by running in this run of the tests.

All of them take longer than everything else together. Many of those without a certificate for their present content do,
and a few of the others: drawn by the commit, so that a run that fails can be made again, and others with the next
commit. `make check-challenges` runs all.
"""

from __future__ import annotations

import functools
import hashlib
import os
import subprocess
from collections.abc import Sequence, Set
from pathlib import Path

import pytest

from mendbox.certificates import certified
from runner.packages.certificate import Certified
from runner.packages.finder import list_challenges

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "challenges"
#: `all`, or names with commas between them.
WISH = "MENDBOX_TEST_CHALLENGES"
#: How many of those that have a certificate, and how many of those that have none: some three minutes each.
SAMPLE, UNPROVEN_SAMPLE = 2, 3


def chosen(folders: Sequence[Path], proven: frozenset[str], wish: str, draw: str) -> list[Path]:
    """The folders to run, in their order. Pure but for the folders' names.

    `proven` are the names of those with a certificate; `draw` decides which `SAMPLE` of them run, and which
    `UNPROVEN_SAMPLE` of the others. Raises UsageError for a wish that names no challenge: nothing would run, and nobody
    would notice.
    """
    if wish == "all":
        return list(folders)
    names = {folder.name for folder in folders}
    if wish:
        wished = {name.strip() for name in wish.split(",")}
        if unknown := sorted(wished - names):
            raise pytest.UsageError(f"{WISH}: there is no challenge {', '.join(unknown)}; there are: {sorted(names)}")
        return [folder for folder in folders if folder.name in wished]
    drawn = _drawn(proven & names, SAMPLE, draw) | _drawn(names - proven, UNPROVEN_SAMPLE, draw)
    return [folder for folder in folders if folder.name in drawn]


def _drawn(names: Set[str], count: int, draw: str) -> set[str]:
    return set(sorted(names, key=lambda name: hashlib.sha256(f"{draw} {name}".encode()).digest())[:count])


@functools.cache
def proving_challenges() -> tuple[Path, ...]:
    """Those of the library that this run has prove themselves.

    Worked out once in a run, since it reads every package with a certificate.
    """
    folders = list_challenges(LIBRARY)
    proven = frozenset(folder.name for folder in folders if certified(folder) is Certified.CURRENT)
    return tuple(chosen(folders, proven, os.environ.get(WISH, ""), _commit()))


def _commit() -> str:
    """Where there is no git, or no repository, the draw is always the same one."""
    try:
        done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()
