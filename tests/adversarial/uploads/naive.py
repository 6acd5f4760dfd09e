"""Readers as they are often written: they believe what an upload says. Controls show what they let through.

They write nowhere but below the folder that they are given, whatever a name says: what leads out of it is told by its
name. What they unpack is counted, and no more than a cap.
"""

from __future__ import annotations

import io
import os
import struct
import subprocess
import tarfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.submissions.uploads import GZIP_MAGIC

MOST_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """What an archive says of one member; `link` is where it points to, if it is a link."""

    name: str
    content: bytes
    link: str | None = None
    special: bool = False
    hard: bool = False


def unzipped(data: bytes) -> list[Member]:
    """By the last directory that is found, believing its names, places and sizes."""
    at = data.rindex(b"PK\x05\x06")
    total, _, offset = struct.unpack_from("<HLL", data, at + 10)
    found = []
    for _ in range(total):
        head = struct.unpack_from("<4s6H3L5H2L", data, offset)
        method, packed, lengths, mode, start = head[4], head[8], head[10:13], head[15] >> 16, head[16]
        name = data[offset + 46 : offset + 46 + lengths[0]].decode("utf-8", "surrogateescape")
        offset += 46 + sum(lengths)
        own = struct.unpack_from("<2H", data, start + 26)
        begin = start + 30 + sum(own)
        found.append(_zip_member(name, mode, method, data[begin : begin + packed]))
    return found


def streamed(data: bytes) -> list[Member]:
    """From the first member on, believing the members' own headers; bytes that are none are passed over."""
    found = []
    at = data.find(b"PK\x03\x04")
    while at >= 0:
        method, packed, name_len, extra_len = struct.unpack_from("<H8xL4xHH", data, at + 8)
        name = data[at + 30 : at + 30 + name_len].decode("utf-8", "surrogateescape")
        begin = at + 30 + name_len + extra_len
        found.append(_zip_member(name, 0, method, data[begin : begin + packed]))
        at = data.find(b"PK\x03\x04", begin + packed)
    return found


def _zip_member(name: str, mode: int, method: int, packed: bytes) -> Member:
    content = zlib.decompressobj(-15).decompress(packed, MOST_BYTES) if method == 8 else packed
    kind = mode & 0o170000
    return Member(name, content, content.decode() if kind == 0o120000 else None, kind not in (0, 0o100000, 0o40000))


def untarred(data: bytes) -> list[Member]:
    """As tar does when it is told to go on behind an end, over every gzip stream there is."""
    plain = b""
    while data.startswith(GZIP_MAGIC) and len(plain) < MOST_BYTES:
        inflate = zlib.decompressobj(31)
        plain += inflate.decompress(data, MOST_BYTES - len(plain))
        data = inflate.unused_data
    found = []
    with tarfile.open(fileobj=io.BytesIO(plain), ignore_zeros=True) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            content = file.read(MOST_BYTES) if file else b""
            link = member.linkname if member.issym() or member.islnk() else None
            special = not (member.isfile() or member.isdir() or link)
            found.append(Member(member.name, content, link, special, member.islnk()))
    return found


def members_of(data: bytes) -> list[Member]:
    """Of either kind of archive."""
    return untarred(data) if data.startswith(GZIP_MAGIC) else unzipped(data)


def unpack(members: list[Member], folder: Path) -> None:
    """Write them as they say, links and all, with the folder's two parents for room: no name here leads further."""
    for member in members:
        assert not member.name.startswith("/")
        assert os.path.normpath(member.name).count("..") <= 2
        target = folder / member.name
        target.parent.mkdir(parents=True, exist_ok=True)
        if member.hard and member.link is not None:
            target.hardlink_to(folder / member.link)
        elif member.link is not None:
            target.symlink_to(member.link)
        elif member.special:
            os.mkfifo(target)
        else:
            target.write_bytes(member.content)


def walked(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The files of a folder, links followed; a pipe is told and not waited for."""
    for here, _, files in os.walk(folder, followlinks=False):
        for name in files:
            path = Path(here, name)
            yield str(path.relative_to(folder)), b"EVIL" if path.is_fifo() else path.read_bytes()
    for link in folder.iterdir():
        if link.is_symlink() and link.is_dir():
            yield from ((f"{link.name}/{path.name}", path.read_bytes()) for path in link.iterdir() if path.is_file())


def git_applied(patch: bytes, starter: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """What `git apply` makes of the starter; a link is told by where it points to. Raises CalledProcessError."""
    for path, content in starter.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CEILING_DIRECTORIES": "/",
    }
    command = ["git", "apply", "--whitespace=nowarn", "-"]
    subprocess.run(command, cwd=folder, env=environment, input=patch, check=True, capture_output=True)
    return {
        str(path.relative_to(folder)): b"link to " + os.readlink(path).encode()
        if path.is_symlink()
        else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }
