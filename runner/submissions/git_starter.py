"""A starter as a git repository of one commit, made from its files alone. Pure.

The same starter gives the same commit, whenever and wherever: its author and its time are fixed. So nothing has to be
kept, and a clone of last week is pushed from as one of today.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from runner.packages.package import Files
from runner.submissions.git_objects import (
    BLOB,
    COMMIT,
    FILE_MODE,
    FOLDER_MODE,
    TREE,
    GitObject,
    TreeEntry,
    checksum,
    tree_object,
)

#: 2020-01-01, as far back as nobody minds.
_WHO = "Mendbox <mendbox@mendbox.invalid> 1577836800 +0000"
_NUMBERS = {COMMIT: 1, TREE: 2, BLOB: 3}


@dataclass(frozen=True, slots=True)
class Repository:
    """One commit, `head`, with all that is reachable from it, by id; and the same as a pack."""

    head: str
    objects: Mapping[str, GitObject]
    pack: bytes


def starter_repository(slug: str, starter: Files) -> Repository:
    """The repository whose one commit has the starter's files."""
    objects: dict[str, GitObject] = {}

    def kept(made: GitObject) -> str:
        identity = made.id
        objects[identity] = made
        return identity

    def folder(files: Mapping[str, bytes]) -> str:
        entries: list[TreeEntry] = []
        below: dict[str, dict[str, bytes]] = {}
        for path, data in files.items():
            name, slash, rest = path.partition("/")
            if slash:
                below.setdefault(name, {})[rest] = data
            else:
                entries.append(TreeEntry(FILE_MODE, name.encode(), kept(GitObject(BLOB, data))))
        entries += [TreeEntry(FOLDER_MODE, name.encode(), folder(inside)) for name, inside in below.items()]
        return kept(tree_object(entries))

    text = f"tree {folder(starter)}\nauthor {_WHO}\ncommitter {_WHO}\n\nThe starter of {slug}\n"
    head = kept(GitObject(COMMIT, text.encode()))
    return Repository(head, objects, write_pack(objects.values()))


def write_pack(objects: Iterable[GitObject]) -> bytes:
    """The objects as a pack, each whole."""
    packed = [_head(_NUMBERS[one.kind], len(one.data)) + zlib.compress(one.data) for one in objects]
    body = struct.pack(">4sLL", b"PACK", 2, len(packed)) + b"".join(packed)
    return body + checksum(body)


def _head(kind: int, size: int) -> bytes:
    """An object's kind and size: four bits of the size in the first byte, seven in each of the others."""
    byte, size = kind << 4 | size & 0x0F, size >> 4
    head = bytearray()
    while size:
        head.append(byte | 0x80)
        byte, size = size & 0x7F, size >> 7
    head.append(byte)
    return bytes(head)
