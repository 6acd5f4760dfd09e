"""The reader of packs: what git writes is read as git reads it, and what nobody's git writes is refused."""

from __future__ import annotations

import contextlib
import hashlib
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runner.errors import SubmissionRejected
from runner.limits import MIB, SubmissionLimits
from runner.submissions.git_objects import BLOB, COMMIT, TREE, GitObject
from runner.submissions.git_pack import MOST_DEEP, MOST_INSTRUCTIONS, read_pack
from runner.submissions.git_starter import starter_repository, write_pack
from runner.submissions.git_tree import read_commit
from tests.submissions.git_packs import (
    GitFolder,
    by_id,
    by_offset,
    copy,
    delta,
    head,
    id_of,
    insert,
    number,
    pack,
    whole,
)

LIMITS = SubmissionLimits()
BASE = bytes(range(256)) * 4
BASE_ID = id_of("blob", BASE)


def _read(data: bytes, **known: bytes) -> dict[str, bytes]:
    kept = {id_of("blob", each): GitObject(BLOB, each) for each in known.values()}
    return {identity: found.data for identity, found in read_pack(data, kept, LIMITS).items()}


def _refused(data: bytes, because: str, limits: SubmissionLimits = LIMITS) -> None:
    with pytest.raises(SubmissionRejected, match=because) as raised:
        read_pack(data, {}, limits)
    assert raised.value.hint


@pytest.fixture(scope="module")
def git(tmp_path_factory: pytest.TempPathFactory) -> GitFolder:
    return GitFolder(tmp_path_factory.mktemp("plumbing"))


_LINES = st.lists(
    st.sampled_from([b"import x\n", b"def f():\n", b"    return 1\n", b"\xff\0\r\n", b"# \n" * 9]), max_size=60
)
_NAMES = st.sampled_from(["a.py", "b.py", "a", "é.txt", "a-b"])
_FILES = st.dictionaries(_NAMES, _LINES.map(b"".join), min_size=1, max_size=4)


@given(before=_FILES, after=_FILES, options=st.sets(st.sampled_from(["--delta-base-offset", "--thin", "--depth=3"])))
@settings(max_examples=25)
def test_what_git_packs_is_read(
    git: GitFolder, before: dict[str, bytes], after: dict[str, bytes], options: set[str]
) -> None:
    first = git.commit(before)
    second = git.commit(before | after, first)
    starter = read_pack(git.pack([first]), {}, LIMITS)

    sent = read_pack(git.pack([second, f"^{first}"], *sorted(options)), starter, LIMITS)

    upload = read_commit(second, {**starter, **sent}, LIMITS)
    assert {entry.path: entry.data for entry in upload.entries} == before | after
    assert all(found.id == identity for identity, found in {**starter, **sent}.items())


def test_git_makes_deltas_of_these_and_they_are_read(git: GitFolder) -> None:
    text = b"".join(b"line %d of a file that is long enough\n" % line for line in range(400))
    first = git.commit({"a.py": text})
    second = git.commit({"a.py": text.replace(b"line 7 ", b"line seven ")}, first)
    starter = read_pack(git.pack([first]), {}, LIMITS)
    thin = git.pack([second, f"^{first}"], "--thin")

    assert len(thin) < 1000
    assert read_commit(second, {**starter, **read_pack(thin, starter, LIMITS)}, LIMITS).entries[0].data is not None
    both = git.pack([second], "--delta-base-offset")
    assert len(both) < 3000
    assert set(starter) < set(read_pack(both, {}, LIMITS))
    _refused(thin, "base is not there")


@given(st.dictionaries(st.sampled_from(["a.py", "app/b.py", "app/c/d.py", "a/x"]), st.binary(max_size=300)))
@settings(max_examples=20)
def test_git_reads_what_is_written_here(git: GitFolder, files: dict[str, bytes]) -> None:
    made = starter_repository("greeter", files)
    git("unpack-objects", "-q", "--strict", given=made.pack)

    listed = git("ls-tree", "-r", "-z", "--name-only", made.head).decode().split("\0")[:-1]
    assert sorted(listed) == sorted(files)
    assert all(git("cat-file", "blob", f"{made.head}:{path}") == files[path] for path in files)
    assert starter_repository("greeter", dict(reversed(files.items()))).head == made.head


def test_an_empty_pack_holds_nothing() -> None:
    assert _read(pack()) == {}
    assert write_pack([]) == pack()


def test_objects_of_all_kinds_and_sizes() -> None:
    kinds = {"commit": b"c" * 15, "tree": b"t" * 16, "blob": b"b" * 70_000, "tag": b""}
    found = read_pack(pack(*(whole(kind, data) for kind, data in kinds.items()), version=3), {}, LIMITS)
    assert {one.kind: one.data for one in found.values()} == kinds


def test_deltas_copy_and_insert() -> None:
    entry = whole("blob", BASE)
    made = delta(len(BASE), 7, copy(1, 4), insert(b"xyz"))
    wanted = BASE[1:5] + b"xyz"
    assert wanted in _read(pack(entry, by_offset(len(entry), made))).values()
    assert wanted in _read(pack(entry, by_id(BASE_ID, made))).values()
    # The base may come later, and be what the receiver has.
    assert wanted in _read(pack(by_id(BASE_ID, made), entry)).values()
    assert list(_read(pack(by_id(BASE_ID, made)), known=BASE).values()) == [wanted]


def test_a_delta_may_be_based_on_a_delta_that_comes_later() -> None:
    second = BASE[:9]
    entries = [
        by_id(id_of("blob", second), delta(9, 1, copy(0, 1))),
        by_id(BASE_ID, delta(len(BASE), 9, copy(0, 9))),
        whole("blob", BASE),
    ]
    assert set(_read(pack(*entries)).values()) == {BASE, second, BASE[:1]}


def test_a_copy_without_a_size_is_of_64_kib_and_numbers_left_out_are_0() -> None:
    large = b"z" * 70_000
    found = _read(pack(by_id(id_of("blob", large), delta(len(large), 0x10000, b"\x80"))), known=large)
    assert list(found.values()) == [b"z" * 0x10000]


def test_a_base_far_before_its_delta_is_found() -> None:
    entry = whole("blob", BASE)
    noise = [head(3, 40_000) + zlib.compress(hashlib.shake_256(bytes([n])).digest(40_000)) for n in range(3)]
    made = by_offset(len(entry) + sum(map(len, noise)), delta(len(BASE), 1, copy(0, 1)))
    assert BASE[:1] in _read(pack(entry, *noise, made)).values()


def test_what_is_there_twice_counts_once() -> None:
    assert len(_read(pack(whole("blob", BASE), whole("blob", BASE)))) == 1


@pytest.mark.parametrize(
    ("data", "because"),
    [
        (b"", "cut off"),
        (b"PACK" + bytes(20), "cut off"),
        (pack()[:-1] + b"\0", "checksum"),
        (pack(whole("blob", BASE))[:-1], "checksum"),
        (pack(version=4), "version"),
        (pack(version=1), "version"),
        (pack(count=1), "cut off"),
        (pack(count=5001), "more than 5000 objects"),
        (pack(count=0xFFFFFFFF), "more than 5000 objects"),
        (pack(whole("blob", BASE), count=0), "behind its last object"),
        (pack(whole("blob", BASE) + b"x", count=1), "behind its last object"),
        (pack(head(0, 1) + zlib.compress(b"x")), "kind that is not known"),
        (pack(head(5, 1) + zlib.compress(b"x")), "kind that is not known"),
        (pack(b"\xbf" + b"\xff" * 20), "size that is none"),
        (pack(b"\xbf"), "cut off"),
        (pack(head(3, 3) + zlib.compress(b"four")), "another size"),
        (pack(head(3, 5) + zlib.compress(b"four")), "another size"),
        (pack(head(3, 0) + zlib.compress(b"x")), "another size"),
        (pack(head(3, 4) + b"no zlib at all"), "damaged"),
        (pack(head(3, 4) + zlib.compress(b"four")[:-1]), "cut off"),
        (pack(head(3, 17 * MIB) + zlib.compress(b"x")), "unpacks to more than"),
        (pack(b"\x60" + b"\xff" * 12), "distance that is none"),
        (pack(b"\x60\xff"), "cut off"),
        (pack(head(7, 1) + b"short"), "cut off"),
        (pack(by_offset(5, delta(1, 1, copy(0, 1)))), "base is not there"),
        (pack(by_offset(500, delta(1, 1, copy(0, 1)))), "base is not there"),
        (pack(by_offset(0, delta(1, 1, copy(0, 1)))), "base is not there"),
        (pack(by_id("0" * 40, delta(1, 1, copy(0, 1)))), "base is not there"),
    ],
)
def test_a_pack_that_is_none_is_refused(data: bytes, because: str) -> None:
    _refused(data, because)


@pytest.mark.parametrize(
    ("made", "because"),
    [
        (b"", "can't be read"),
        (number(len(BASE)), "can't be read"),
        (b"\xff" * 9, "can't be read"),
        (delta(len(BASE) + 1, 1, copy(0, 1)), "of another base"),
        (delta(len(BASE), 1, b"\0"), "can't be read"),
        (delta(len(BASE), 9, b"\x09short"), "can't be read"),
        (delta(len(BASE), 1, b"\xff\0\0"), "can't be read"),
        (delta(len(BASE), 2, copy(len(BASE) - 1, 2)), "behind its base"),
        (delta(len(BASE), 1, copy(0xFFFFFFFF, 1)), "behind its base"),
        (delta(len(BASE), 2, copy(0, 1)), "another size"),
        (delta(len(BASE), 1, copy(0, 2)), "another size"),
        (delta(len(BASE), 17 * MIB, copy(0, 1)), "unpacks to more than"),
    ],
)
def test_a_delta_that_is_none_is_refused(made: bytes, because: str) -> None:
    _refused(pack(whole("blob", BASE), by_id(BASE_ID, made)), because)


def test_a_pack_that_is_too_large_is_refused() -> None:
    _refused(bytes(LIMITS.upload_bytes + 1), "larger than")


def test_bombs_are_refused_and_soon() -> None:
    began_s = time.monotonic()
    # One that unpacks to more than it says, several that say so, and deltas that copy the same again and again.
    _refused(pack(head(3, 10) + zlib.compress(bytes(500 * MIB // 8))), "another size")
    _refused(pack(*[whole("blob", bytes(4 * MIB) + bytes([n])) for n in range(5)]), "unpacks to more than")
    base = bytes(MIB)
    twelvefold = delta(MIB, 12 * MIB, *[copy(0, MIB)] * 12)
    entries = [by_id(id_of("blob", base), twelvefold) for _ in range(2)]
    _refused(pack(whole("blob", base), *entries), "unpacks to more than")
    slow = delta(1, MOST_INSTRUCTIONS + 1, *[b"\x90\x01"] * (MOST_INSTRUCTIONS + 1))
    _refused(pack(whole("blob", b"x"), by_id(id_of("blob", b"x"), slow)), "more instructions")
    assert time.monotonic() - began_s < 20


def test_a_long_chain_of_deltas_is_refused_and_one_of_git_is_not() -> None:
    def chain(length: int) -> bytes:
        texts = [b"%d" % n for n in range(length + 1)]
        entries = [
            by_id(id_of("blob", texts[n]), delta(len(texts[n]), len(texts[n + 1]), insert(texts[n + 1])))
            for n in range(length)
        ]
        return pack(*reversed(entries), whole("blob", texts[0]))

    assert len(_read(chain(MOST_DEEP))) == MOST_DEEP + 1
    _refused(chain(MOST_DEEP + 1), "chain of more than")


@given(at=st.integers(0, 10_000), byte=st.integers(0, 255), cut=st.integers(0, 400))
@settings(max_examples=200)
def test_a_damaged_pack_is_refused_or_read_and_nothing_else_happens(at: int, byte: int, cut: int) -> None:
    entry = whole("blob", BASE)
    made = delta(len(BASE), 7, copy(1, 4), insert(b"xyz"))
    body = bytearray(pack(entry, by_offset(len(entry), made), by_id(BASE_ID, made))[:-20])
    body[at % len(body)] = byte
    damaged = bytes(body[: len(body) - cut % 40 if cut < 100 else len(body)])
    try:
        found = read_pack(damaged + hashlib.sha1(damaged).digest(), {}, LIMITS)
    except SubmissionRejected:
        return
    assert all(one.id == identity and one.kind in (BLOB, COMMIT, TREE, "tag") for identity, one in found.items())


@given(st.binary(max_size=300))
def test_any_bytes_with_a_right_checksum_are_refused_or_read(body: bytes) -> None:
    data = b"PACK\0\0\0\2\0\0\0\1" + body
    with contextlib.suppress(SubmissionRejected):
        read_pack(data + hashlib.sha1(data).digest(), {}, LIMITS)


def test_a_push_of_a_real_history(git: GitFolder, tmp_path: Path) -> None:
    commit, text = "", b""
    for step in range(30):
        text += b"def f%d():\n    return %d\n" % (step, step)
        commit = git.commit({"app.py": text, "b.py": text[::2]}, *([commit] if commit else []))
    found = read_pack(git.pack([commit], "--delta-base-offset", "--depth=50"), {}, LIMITS)
    upload = read_commit(commit, found, LIMITS)
    assert {entry.path: entry.data for entry in upload.entries} == {"app.py": text, "b.py": text[::2]}
