"""Git's objects as bytes: their ids, and what trees and commits say. Pure, strict, and of objects named by SHA-1.

The forms are those of git's documentation (gitformat-pack, user-manual "Object storage format"). An id is only ever
used to find an object of the same push or of the starter, so whoever makes two objects with one id deceives themselves.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from runner.errors import SubmissionRejected

COMMIT, TREE, BLOB, TAG = "commit", "tree", "blob", "tag"
ID_BYTES = 20
FILE_MODE, PROGRAM_MODE, FOLDER_MODE = b"100644", b"100755", b"40000"
LINK_MODE, SUBMODULE_MODE = b"120000", b"160000"
#: Longer names break the rules for paths anyway.
_NAME_BYTES = 1024
_MODE_BYTES = 7
#: More than the parents of any merge that people make.
_MOST_PARENTS = 64
_ID = re.compile(r"[0-9a-f]{40}")
_COMMIT = re.compile(
    rb"tree ([0-9a-f]{40})\n"
    rb"(?:parent [0-9a-f]{40}\n){0,%d}"
    rb"author [^\n\0]+\ncommitter [^\n\0]+\n" % _MOST_PARENTS
)


def checksum(data: bytes | memoryview) -> bytes:
    """What git tells objects and whole packs by."""
    return hashlib.sha1(data, usedforsecurity=False).digest()


@dataclass(frozen=True, slots=True)
class GitObject:
    """What an object is (`COMMIT`, `TREE`, `BLOB` or `TAG`), and its content."""

    kind: str
    data: bytes

    @property
    def id(self) -> str:
        """Its name, which follows from what it is and holds: 40 hexadecimal digits."""
        return checksum(f"{self.kind} {len(self.data)}\0".encode() + self.data).hex()


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One name in a folder: `mode` as git writes it, and the id of what is there."""

    mode: bytes
    name: bytes
    id: str

    @property
    def sorted_by(self) -> bytes:
        """Git sorts a folder as if its name ended in a slash."""
        return self.name + b"/" if self.mode == FOLDER_MODE else self.name


def is_object_id(text: str) -> bool:
    """Whether this may be an object's id."""
    return _ID.fullmatch(text) is not None


def tree_object(entries: Iterable[TreeEntry]) -> GitObject:
    """The tree with these entries."""
    ordered = sorted(entries, key=lambda entry: entry.sorted_by)
    lines = (entry.mode + b" " + entry.name + b"\0" + bytes.fromhex(entry.id) for entry in ordered)
    return GitObject(TREE, b"".join(lines))


def entries_of(tree: bytes, most: int) -> list[TreeEntry]:
    """The entries of a tree. Raises SubmissionRejected for more than `most`, and where it is not as git writes it."""
    entries: list[TreeEntry] = []
    at = 0
    while at < len(tree):
        blank = tree.find(b" ", at, at + _MODE_BYTES)
        end = tree.find(b"\0", blank + 1, blank + 1 + _NAME_BYTES) if blank >= 0 else -1
        if end < 0 or end + 1 + ID_BYTES > len(tree):
            raise _damaged("a folder of the commit can't be read")
        after = end + 1 + ID_BYTES
        entries.append(TreeEntry(tree[at:blank], tree[blank + 1 : end], tree[end + 1 : after].hex()))
        at = after
        if len(entries) > most:
            raise SubmissionRejected(f"more than {most} entries", hint="leave out virtual environments and caches")
    # Of a name that is there twice, also as a file and as a folder, some readers would take the one, some the other.
    if len({entry.name for entry in entries}) != len(entries):
        raise _damaged("a folder of the commit has a name twice")
    if any(one.sorted_by > other.sorted_by for one, other in pairwise(entries)):
        raise _damaged("a folder of the commit is not sorted as git sorts it")
    return entries


def tree_of_commit(commit: bytes) -> str:
    """The id of the tree that a commit names. Raises SubmissionRejected where it is not as git writes it."""
    match = _COMMIT.match(commit)
    if match is None:
        raise _damaged("the commit can't be read")
    return match[1].decode()


def _damaged(reason: str) -> SubmissionRejected:
    return SubmissionRejected(reason, hint="see what git fsck says of your repository")
