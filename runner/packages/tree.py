"""The edge: reads a folder into a map of POSIX paths to bytes, with caps. Links are problems and never followed."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from runner.errors import Problem
from runner.packages.leftovers import leftover_root

#: A package is source and a few fixtures; more is a folder that was named by mistake.
MOST_FILES = 2000
MOST_BYTES = 16 * 1024 * 1024


@dataclass
class Tree:
    """Files by path, folders (empty ones too), and what could not be read. What tools leave behind is not in it."""

    files: dict[str, bytes] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    size_bytes: int = 0


def read_tree(folder: Path) -> Tree:
    """Read all below `folder`. What can't be read is listed in `problems`; past a cap reading ends with a problem."""
    tree = Tree()
    _read_into(tree, folder, "")
    return tree


def _read_into(tree: Tree, folder: Path, prefix: str) -> bool:
    """False when a cap was passed and reading must end."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        tree.problems.append(Problem(prefix or ".", "", f"can't be read: {error.strerror}"))
        return True
    for entry in entries:
        path = prefix + entry.name
        try:
            path.encode()
        except UnicodeEncodeError:
            visible = os.fsencode(path).decode("utf-8", "backslashreplace")
            tree.problems.append(Problem(visible, "", "has a name that is not UTF-8; rename it"))
            continue
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError as error:
            tree.problems.append(Problem(path, "", f"can't be read: {error.strerror}"))
            continue
        is_folder = stat.S_ISDIR(mode)
        if leftover_root(path, folder=is_folder):
            continue
        if is_folder:
            tree.folders.append(path)
            if not _read_into(tree, Path(entry.path), path + "/"):
                return False
        elif not stat.S_ISREG(mode):
            what = "a symbolic link" if stat.S_ISLNK(mode) else "no regular file"
            tree.problems.append(Problem(path, "", f"is {what}; put the file itself there"))
        elif not _read_file(tree, Path(entry.path), path):
            return False
    return True


def _read_file(tree: Tree, file: Path, path: str) -> bool:
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        tree.problems.append(Problem(path, "", f"can't be read: {error.strerror}"))
        return True
    tree.size_bytes += len(data)
    if len(tree.files) >= MOST_FILES or tree.size_bytes > MOST_BYTES:
        tree.problems.append(
            Problem(path, "", f"the package is larger than {MOST_FILES} files or {MOST_BYTES} bytes; take files out")
        )
        return False
    tree.files[path] = data
    return True
