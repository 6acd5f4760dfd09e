"""What tools leave behind in a working folder, in one list: never part of a package, never part of a submission.

The list is data. A pattern that ends in `/` names a folder, anything below it is left out with it; any other pattern
names files. Both hold at every depth. The same list serves archives, directories and package folders, so that the
same work has the same digest however it was sent, and a package the same digest before and after its author ran it.
"""

from __future__ import annotations

import re
from fnmatch import translate

LEFTOVERS = (
    # version control
    ".git/",
    ".git",  # a file, in a worktree
    ".hg/",
    ".svn/",
    # Python, its environments and tools
    "__pycache__/",
    "*.pyc",
    "*.pyo",
    ".venv/",
    "venv/",
    ".tox/",
    ".nox/",
    ".eggs/",
    "*.egg-info/",
    ".pytest_cache/",
    ".mypy_cache/",
    ".ruff_cache/",
    ".hypothesis/",
    ".coverage",
    "htmlcov/",
    "node_modules/",
    # what a Flask app writes when it is run at home
    "instance/",
    "*.db",
    "*.db-journal",
    "*.db-shm",
    "*.db-wal",
    "*.sqlite",
    "*.sqlite3",
    # editors and desktops
    ".idea/",
    ".vscode/",
    "*.swp",
    "*~",
    ".DS_Store",
    "._*",
    "__MACOSX/",
    "Thumbs.db",
    "desktop.ini",
)


def _either(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{translate(pattern)})" for pattern in patterns))


_FOLDERS = _either([pattern[:-1] for pattern in LEFTOVERS if pattern.endswith("/")])
_FILES = _either([pattern for pattern in LEFTOVERS if not pattern.endswith("/")])


def leftover_root(path: str, *, folder: bool = False) -> str | None:
    """The outermost part of a POSIX path that is left out (`shop/__pycache__/`), or None when the path is kept.

    With `folder` the path itself names a folder.
    """
    segments = path.split("/")
    folders = segments if folder else segments[:-1]
    for index, segment in enumerate(folders):
        if _FOLDERS.match(segment):
            return "/".join(segments[: index + 1]) + "/"
    return path if not folder and _FILES.match(segments[-1]) else None
