"""A commit of a git repository, as what an import needs: the tree before it, and what it changed. Read by git."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from runner.errors import MendboxError
from runner.packages.suite import is_test_file

#: A repository that is larger is no challenge that somebody solves in an hour.
MOST_FILES = 2000
MOST_BYTES = 20 * 1024 * 1024
_PATIENCE_S = 60
_REGULAR = {"100644", "100755"}


@dataclass(frozen=True, slots=True)
class Repair:
    """`before`: the tree that was repaired. `changed`: what the commit made of files that are no tests, `tests` of test
    modules and all `conftest.py`s as they are after it. `removed`: paths that it took away. `subject`: its first line.
    """

    before: Mapping[str, bytes]
    changed: Mapping[str, bytes]
    tests: Mapping[str, bytes]
    removed: tuple[str, ...]
    subject: str


def read_repair(repository: Path, commit: str) -> Repair:
    """The repair that a commit is. Raises MendboxError where git can't tell, or the commit is no repair with tests."""
    identity = _git(repository, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").decode().strip()
    parents = _git(repository, "rev-list", "--parents", "-n", "1", identity).decode().split()[1:]
    if len(parents) != 1:
        raise MendboxError(
            f"{commit} has {len(parents)} parents, so what it repaired is not one tree",
            hint="name an ordinary commit; for a merge, one of those that it brought in",
        )
    before, after = _tree(repository, parents[0]), _tree(repository, identity)
    touched = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    tests = {path for path in touched if _is_of_tests(path)}
    if not any(is_test_file(path) and path in after for path in tests):
        raise MendboxError(
            f"{commit} changes no test, so nothing would tell a fix from a mistake",
            hint="name the commit with the tests",
        )
    changed = {path: after[path] for path in touched - tests if path in after}
    if not changed:
        raise MendboxError(
            f"{commit} changes tests alone, so there is nothing to mend", hint="name the commit that mends"
        )
    conftests = {path: data for path, data in after.items() if PurePosixPath(path).name == "conftest.py"}
    return Repair(
        before=before,
        changed=changed,
        tests={**conftests, **{path: after[path] for path in tests if path in after and path.endswith(".py")}},
        removed=tuple(sorted(touched - after.keys())),
        subject=_git(repository, "log", "-1", "--format=%s", identity).decode("utf-8", "replace").strip(),
    )


def _is_of_tests(path: str) -> bool:
    parts = PurePosixPath(path).parts
    return is_test_file(path) or parts[-1] == "conftest.py" or any(part in ("test", "tests") for part in parts[:-1])


def _tree(repository: Path, commit: str) -> dict[str, bytes]:
    """Every regular file of a commit. Links and submodules are left out: a submission holds none."""
    listing = _git(repository, "ls-tree", "-r", "-z", "--long", commit).decode("utf-8", "surrogateescape")
    entries: list[tuple[str, str]] = []
    total = 0
    for entry in filter(None, listing.split("\0")):
        about, _, path = entry.partition("\t")
        mode, _, blob, size = about.split()
        if mode in _REGULAR:
            entries.append((path, blob))
            total += int(size)
    if len(entries) > MOST_FILES or total > MOST_BYTES:
        raise MendboxError(
            f"the repository has {len(entries)} files with {total / 1e6:.0f} MB, too many for a challenge",
            hint="make a smaller repository of what the fault is about",
        )
    contents = _git(repository, "cat-file", "--batch", given="".join(f"{blob}\n" for _, blob in entries).encode())
    found: dict[str, bytes] = {}
    at = 0
    for path, _ in entries:
        end = contents.index(b"\n", at)
        length = int(contents[at:end].split()[2])
        found[path] = contents[end + 1 : end + 1 + length]
        at = end + 1 + length + 1
    return found


def _git(repository: Path, *arguments: str, given: bytes = b"") -> bytes:
    # What a repository's configuration would have git run (hooks, filters, a pager) plays no part in these commands.
    command = ["git", "--no-pager", "-c", "core.quotePath=false", "-C", str(repository), *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=_PATIENCE_S, check=False)
    except FileNotFoundError:
        raise MendboxError("git is not installed", hint="install it, and try again") from None
    except subprocess.TimeoutExpired:
        raise MendboxError(f"git took more than {_PATIENCE_S} s", hint="try again on a local clone") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise MendboxError(
            f"git can't read that of {repository}: {said[0] if said else 'there is no such commit'}",
            hint="name a clone of the repository, and a commit that it has",
        )
    return done.stdout
