"""Packs as nobody's git writes them, and packs that git has written."""

from __future__ import annotations

import hashlib
import os
import struct
import subprocess
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

KINDS = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
BY_OFFSET, BY_ID = 6, 7


def head(kind: int, size: int) -> bytes:
    """An object's kind and size."""
    made, rest = bytearray([kind << 4 | size & 0x0F]), size >> 4
    while rest:
        made[-1] |= 0x80
        made.append(rest & 0x7F)
        rest >>= 7
    return bytes(made)


def whole(kind: str, data: bytes) -> bytes:
    """An object as it stands in a pack."""
    return head(KINDS[kind], len(data)) + zlib.compress(data)


def distance(offset: int) -> bytes:
    """How far before a delta its base is."""
    made = [offset & 0x7F]
    offset >>= 7
    while offset:
        offset -= 1
        made.insert(0, 0x80 | offset & 0x7F)
        offset >>= 7
    return bytes(made)


def by_offset(back: int, delta: bytes) -> bytes:
    """A delta whose base starts so many bytes before it."""
    return head(BY_OFFSET, len(delta)) + distance(back) + zlib.compress(delta)


def by_id(base: str, delta: bytes) -> bytes:
    """A delta whose base has this id."""
    return head(BY_ID, len(delta)) + bytes.fromhex(base) + zlib.compress(delta)


def number(value: int) -> bytes:
    """A size at the head of a delta."""
    made = bytearray()
    while value >= 0x80:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def delta(before: int, after: int, *instructions: bytes) -> bytes:
    """A delta that says so of its sizes."""
    return number(before) + number(after) + b"".join(instructions)


def copy(start: int, size: int) -> bytes:
    """The instruction to copy, with every byte of its numbers written out."""
    return b"\xff" + start.to_bytes(4, "little") + size.to_bytes(3, "little")


def insert(data: bytes) -> bytes:
    """The instruction to insert."""
    return bytes([len(data)]) + data


def pack(*entries: bytes, count: int | None = None, version: int = 2) -> bytes:
    """A pack with a checksum that is right, whatever else is not."""
    body = struct.pack(">4sLL", b"PACK", version, len(entries) if count is None else count) + b"".join(entries)
    return body + hashlib.sha1(body).digest()


def id_of(kind: str, data: bytes) -> str:
    """An object's id."""
    return hashlib.sha1(f"{kind} {len(data)}\0".encode() + data).hexdigest()


def tree(*entries: tuple[str, bytes, str]) -> bytes:
    """A tree of modes, names and ids, in this order."""
    return b"".join(mode.encode() + b" " + name + b"\0" + bytes.fromhex(identity) for mode, name, identity in entries)


def commit_of(tree_id: str, *parents: str) -> bytes:
    """A commit of this tree."""
    lines = [f"tree {tree_id}", *(f"parent {parent}" for parent in parents)]
    return "\n".join([*lines, "author A <a> 1 +0000", "committer A <a> 1 +0000", "", "x", ""]).encode()


@dataclass
class GitFolder:
    """A bare repository for plumbing."""

    folder: Path
    environ: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.environ = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "GIT_CONFIG_NOSYSTEM": "1"}
        self.environ |= {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self("init", "--quiet", "--bare", ".")

    def __call__(self, *arguments: str, given: bytes = b"") -> bytes:
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self.environ, input=given, capture_output=True, check=True
        )
        return done.stdout

    def commit(self, files: Mapping[str, bytes], *parents: str) -> str:
        """A commit of these files, which lie in one folder; its id."""
        lines = []
        for name, data in files.items():
            identity = self("hash-object", "-w", "--stdin", given=data).decode().strip()
            lines.append(f"100644 blob {identity}\t{name}\n")
        tree_id = self("mktree", given="".join(lines).encode()).decode().strip()
        named = [word for parent in parents for word in ("-p", parent)]
        return self("commit-tree", tree_id, *named, "-m", "x").decode().strip()

    def pack(self, revisions: Iterable[str], *options: str) -> bytes:
        """All that is reachable, as git packs it."""
        asked = "".join(f"{each}\n" for each in revisions).encode()
        return self("pack-objects", "--revs", "--stdout", "--quiet", *options, given=asked)
