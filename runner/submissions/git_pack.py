"""Reads a pack, which is how `git push` sends objects, in memory and within limits. Pure.

The form is that of git's documentation (gitformat-pack): a head, objects that are deflated each for itself, and a
SHA-1 over all of it. An object may be sent as a delta: instructions to copy from another object and to insert. That
other one is in the pack, or, in a "thin" pack, among what the receiver has.

Nothing is believed before it is counted: sizes are those of real bytes, and they are held to what was stated; what all
objects unpack to is limited, also what deltas make, and so are deltas' instructions and the length of their chains.
"""

from __future__ import annotations

import struct
import zlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.submissions.git_objects import BLOB, COMMIT, ID_BYTES, TAG, TREE, GitObject, checksum

#: What `git gc --aggressive` once made; the usual is 50.
MOST_DEEP = 250
#: Instructions of all deltas: each costs time, though a few bytes can unpack to many of them.
MOST_INSTRUCTIONS = 200_000
_HEAD = struct.Struct(">4sLL")
_VERSIONS = (2, 3)
_KINDS = {1: COMMIT, 2: TREE, 3: BLOB, 4: TAG}
_BY_OFFSET, _BY_ID = 6, 7
#: So much is given to zlib at once: it copies what is left over after each object.
_WINDOW = 8 * 1024
#: Sizes and offsets of more bits than this are none that fit.
_MOST_BITS = 32
#: A size of 0 in an instruction to copy.
_COPY_BYTES = 0x10000
#: What earlier commits had is sent, too.
_LEANER = "have virtual environments, caches and data files in no commit, also in no earlier one"
_HINT = "push again; if that does not help, send the folder as a .zip"


@dataclass(frozen=True, slots=True)
class _Delta:
    """An object that is another one, changed. `base`: where that is in the pack, or its id."""

    offset: int
    base: int | str
    instructions: bytes


@dataclass(frozen=True, slots=True)
class _Resolved:
    found: GitObject
    depth: int


def read_pack(pack: bytes, known: Mapping[str, GitObject], limits: SubmissionLimits) -> dict[str, GitObject]:
    """The objects of a pack, by id. `known`: what deltas may be based on besides. Raises SubmissionRejected."""
    if len(pack) > limits.upload_bytes:
        raise SubmissionRejected(
            f"the push is larger than {limits.upload_bytes} bytes",
            hint=_LEANER,
        )
    return _Reader(pack, known, limits).read()


def _broken(reason: str) -> SubmissionRejected:
    return SubmissionRejected(f"the pack {reason}", hint=_HINT)


class _Reader:
    """One pack, read once from its start to its end."""

    def __init__(self, pack: bytes, known: Mapping[str, GitObject], limits: SubmissionLimits) -> None:
        self._pack = pack
        self._known = known
        self._limits = limits
        self._end = len(pack) - ID_BYTES
        self._at = 0
        self._room = limits.scanned_bytes
        self._instructions = MOST_INSTRUCTIONS
        self._by_offset: dict[int, _Resolved] = {}
        self._by_id: dict[str, _Resolved] = {}
        self._deltas: list[_Delta] = []

    def read(self) -> dict[str, GitObject]:
        for _ in range(self._count()):
            self._read_object()
        if self._at != self._end:
            raise _broken("has data behind its last object")
        self._resolve()
        return {identity: resolved.found for identity, resolved in self._by_id.items()}

    def _count(self) -> int:
        """How many objects there are, by a head and a checksum that are right."""
        if self._end < _HEAD.size:
            raise _broken("is cut off")
        if checksum(memoryview(self._pack)[: self._end]) != self._pack[self._end :]:
            raise _broken("is damaged: its checksum does not fit")
        magic, version, count = _HEAD.unpack_from(self._pack)
        if magic != b"PACK" or version not in _VERSIONS:
            raise _broken("is none, or of a version that is not taken")
        if count > self._limits.scanned_entries:
            raise SubmissionRejected(
                f"the push has more than {self._limits.scanned_entries} objects",
                hint=_LEANER,
            )
        self._at = _HEAD.size
        return int(count)

    def _read_object(self) -> None:
        offset = self._at
        first = self._byte()
        size, bits = first & 0x0F, 4
        while first & 0x80:
            first = self._byte()
            size |= (first & 0x7F) << bits
            bits += 7
            if bits > _MOST_BITS + 7:
                raise _broken("has a size that is none")
        kind = self._pack[offset] >> 4 & 0x07
        if kind in _KINDS:
            self._keep(offset, _Resolved(GitObject(_KINDS[kind], self._inflate(size)), 0))
        elif kind == _BY_OFFSET:
            base = offset - self._distance()
            self._deltas.append(_Delta(offset, base, self._inflate(size)))
        elif kind == _BY_ID:
            self._deltas.append(_Delta(offset, self._bytes(ID_BYTES).hex(), self._inflate(size)))
        else:
            raise _broken("has an object of a kind that is not known")

    def _byte(self) -> int:
        return self._bytes(1)[0]

    def _bytes(self, count: int) -> bytes:
        if self._at + count > self._end:
            raise _broken("is cut off")
        self._at += count
        return self._pack[self._at - count : self._at]

    def _distance(self) -> int:
        """How far before its own start a delta's base starts. Each further byte adds one: a number has one form."""
        byte = self._byte()
        distance = byte & 0x7F
        while byte & 0x80:
            byte = self._byte()
            distance = (distance + 1) << 7 | byte & 0x7F
            if distance >> _MOST_BITS:
                raise _broken("has a distance that is none")
        return distance

    def _take_room(self, size: int) -> None:
        """Count what is about to be unpacked or made."""
        self._room -= size
        if self._room < 0:
            raise SubmissionRejected(
                f"the push unpacks to more than {self._limits.scanned_bytes} bytes",
                hint=_LEANER,
            )

    def _inflate(self, size: int) -> bytes:
        self._take_room(size)
        inflate = zlib.decompressobj()
        pieces: list[bytes] = []
        total = 0
        view = memoryview(self._pack)[: self._end]
        while not inflate.eof:
            window = view[self._at : self._at + _WINDOW]
            if not window:
                raise _broken("is cut off")
            self._at += len(window)
            try:
                # One byte more than was stated is enough to see that the statement is wrong. Of a window that gives
                # less than that nothing is left over.
                piece = inflate.decompress(window, size + 1 - total)
            except zlib.error:
                raise _broken("has an object that is damaged") from None
            total += len(piece)
            if total > size:
                break
            pieces.append(piece)
        if total != size:
            raise _broken("has an object of another size than it says")
        self._at -= len(inflate.unused_data)
        return b"".join(pieces)

    def _keep(self, offset: int, resolved: _Resolved) -> None:
        self._by_offset[offset] = resolved
        self._by_id.setdefault(resolved.found.id, resolved)

    def _resolve(self) -> None:
        """Make objects of all deltas. A base may come after what is based on it, and be a delta itself."""
        waiting: dict[int | str, list[_Delta]] = defaultdict(list)
        ready: list[_Delta] = []
        for delta in self._deltas:
            (waiting[delta.base] if self._base(delta) is None else ready).append(delta)
        # Each is looked at when its base is there, and never again: in whatever order they were sent.
        while ready:
            delta = ready.pop()
            base = self._base(delta)
            assert base is not None  # that is why it is ready
            if base.depth >= MOST_DEEP:
                raise _broken(f"has a chain of more than {MOST_DEEP} deltas")
            made = GitObject(base.found.kind, self._apply(delta.instructions, base.found.data))
            self._keep(delta.offset, _Resolved(made, base.depth + 1))
            ready += waiting.pop(delta.offset, [])
            ready += waiting.pop(made.id, [])
        if waiting:
            raise _broken("has a delta whose base is not there")

    def _base(self, delta: _Delta) -> _Resolved | None:
        if isinstance(delta.base, int):
            return self._by_offset.get(delta.base)
        known = self._known.get(delta.base)
        return _Resolved(known, 0) if known is not None else self._by_id.get(delta.base)

    def _apply(self, delta: bytes, base: bytes) -> bytes:
        before, at = _size(delta, 0)
        after, at = _size(delta, at)
        if before != len(base):
            raise _broken("has a delta of another base")
        self._take_room(after)
        pieces: list[bytes] = []
        left = after
        while at < len(delta):
            self._instructions -= 1
            if self._instructions < 0:
                raise _broken("has deltas of more instructions than git writes")
            piece, at = _piece(delta, at, base)
            left -= len(piece)
            if left < 0:
                break
            pieces.append(piece)
        if left:
            raise _broken("has a delta that makes another size than it says")
        return b"".join(pieces)


def _size(delta: bytes, at: int) -> tuple[int, int]:
    """A size at the head of a delta, and where it ends."""
    size = bits = 0
    while True:
        if at >= len(delta) or bits > _MOST_BITS:
            raise _broken("has a delta that can't be read")
        byte = delta[at]
        at += 1
        size |= (byte & 0x7F) << bits
        bits += 7
        if not byte & 0x80:
            return size, at


def _piece(delta: bytes, at: int, base: bytes) -> tuple[bytes, int]:
    """What the instruction at `at` gives, and where the next is."""
    first = delta[at]
    at += 1
    if first & 0x80:
        numbers = [0] * 7
        for index in range(7):
            if first >> index & 1:
                if at >= len(delta):
                    raise _broken("has a delta that can't be read")
                numbers[index] = delta[at]
                at += 1
        start = int.from_bytes(bytes(numbers[:4]), "little")
        size = int.from_bytes(bytes(numbers[4:]), "little") or _COPY_BYTES
        if start + size > len(base):
            raise _broken("has a delta that copies from behind its base")
        return base[start : start + size], at
    # 0 is kept by git for what is to come.
    if not first or at + first > len(delta):
        raise _broken("has a delta that can't be read")
    return delta[at : at + first], at + first
