"""Archives: what a dishonest one tries, each by name, and what honest tools write."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.submissions.uploads import ArchiveUpload, upload_of
from tests.submissions.builders import (
    normal,
    raw_tar_gz,
    rejection,
    tar_header,
    tar_members,
    tar_of,
    tar_with,
    zip_member,
    zip_of,
    zip_raw,
)

NAME = b"app/new.py"
END = b"\0" * 1024
FIX = {"app/views.py": b"def show():\n    return 7\n", "app/deep/er/new.py": b"z = 1\n"}


def zip_reason(data: bytes, **options: object) -> str:
    return rejection(ArchiveUpload(data), **options).reason


def deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


# --- zip ---------------------------------------------------------------------------------------------------------


def test_an_honest_zip_is_read_stored_and_deflated() -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert normal(ArchiveUpload(zip_of(FIX, method))).files == FIX


def test_a_zip_written_as_a_stream_is_read() -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override]
            self.data += bytes(piece)
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in FIX.items():
            archive.writestr(path, data)
    assert normal(ArchiveUpload(pipe.data)).files == FIX


def test_a_zip_with_folders_and_a_comment_is_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.mkdir("app/more") if hasattr(archive, "mkdir") else archive.writestr("app/more/", "")
        archive.writestr("app/more/x.py", "1\n")
        archive.comment = b"0123456789abcdef0123456789abcdef01234567"
    assert normal(ArchiveUpload(buffer.getvalue())).paths == ["app/more/x.py"]


def test_an_empty_zip_is_an_empty_submission() -> None:
    assert normal(ArchiveUpload(zip_raw())).files == {}


def test_a_symlink_in_a_zip_is_rejected() -> None:
    data = zip_raw(zip_member(NAME, b"/etc/passwd", mode=stat.S_IFLNK | 0o777))
    assert "symbolic link" in zip_reason(data)


def test_a_device_in_a_zip_is_rejected() -> None:
    assert "neither a file nor a folder" in zip_reason(zip_raw(zip_member(NAME, b"", mode=stat.S_IFCHR | 0o666)))


def test_a_folder_by_mode_that_is_a_file_by_name_is_rejected() -> None:
    assert "by mode" in zip_reason(zip_raw(zip_member(NAME, b"", mode=stat.S_IFDIR | 0o755)))
    assert "by mode" in zip_reason(zip_raw(zip_member(NAME + b"/", b"", mode=stat.S_IFREG | 0o644)))


def test_a_folder_with_content_is_rejected() -> None:
    assert "folder with content" in zip_reason(zip_raw(zip_member(NAME + b"/", b"x", mode=0)))


@pytest.mark.parametrize("flag", [0x1, 0x40, 0x2000])
def test_an_encrypted_member_is_rejected(flag: int) -> None:
    assert "encrypted" in zip_reason(zip_raw(zip_member(NAME, flags=flag)))


def test_a_member_that_needs_a_newer_zip_format_is_rejected() -> None:
    local, central = zip_member(NAME)
    data = zip_raw((local, central[:6] + bytes([64]) + central[7:]))
    with pytest.raises(NotImplementedError):
        zipfile.ZipFile(io.BytesIO(data))
    assert "newer version" in zip_reason(data)


def test_an_unknown_zip_feature_is_rejected() -> None:
    assert "not taken" in zip_reason(zip_raw(zip_member(NAME, flags=0x20)))


@pytest.mark.parametrize(("method", "name"), [(12, "bzip2"), (14, "lzma"), (93, "zstd"), (97, "method 97")])
def test_a_member_packed_otherwise_than_deflate_is_rejected(method: int, name: str) -> None:
    assert name in zip_reason(zip_raw(zip_member(NAME, method=method)))


def test_real_bzip2_and_lzma_zips_are_rejected() -> None:
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        zip_reason(zip_of(FIX, method))


def test_overlapping_members_are_rejected() -> None:
    first = zip_member(NAME, b"x" * 10)
    # Both directory entries point at the one local header: the classic way to a bomb.
    data = zip_raw(first, (b"", first[1]))
    assert "overlaps" in zip_reason(data)


def test_a_member_nested_in_anothers_data_is_rejected() -> None:
    inner = zip_member(b"app/inner.py", b"evil\n")
    outer = zip_member(NAME, inner[0])
    start = len(outer[0]) - len(inner[0])
    moved = zip_member(b"app/inner.py", b"evil\n", offset=start)
    assert "overlaps" in zip_reason(zip_raw(outer, (b"", moved[1])))


@pytest.mark.parametrize("size", [0, 1, 5, 7, 10**6])
def test_a_lying_size_is_rejected_stored_and_deflated(size: int) -> None:
    body = b"x = 1\n"
    for method, packed in ((0, body), (8, deflated(body))):
        assert "not as large as the zip says" in zip_reason(
            zip_raw(zip_member(NAME, body, size=size, method=method, packed=packed))
        )


def test_a_wrong_checksum_is_rejected() -> None:
    assert "checksum" in zip_reason(zip_raw(zip_member(NAME, crc=1)))


def test_damaged_deflate_data_is_rejected() -> None:
    assert "damaged" in zip_reason(zip_raw(zip_member(NAME, method=8, packed=b"\xff\xff\xff\xff")))


def test_bytes_behind_a_members_deflate_stream_are_rejected() -> None:
    body = b"x = 1\n"
    data = zip_raw(zip_member(NAME, body, method=8, packed=deflated(body) + b"more"))
    assert "not as large" in zip_reason(data)


def test_another_name_in_the_local_header_is_rejected() -> None:
    assert "another name" in zip_reason(zip_raw(zip_member(NAME, local_name=b"app/old.py")))


def test_other_sizes_in_the_local_header_are_rejected() -> None:
    assert "in its own header" in zip_reason(zip_raw(zip_member(NAME, local_sizes=(0, 6, 6))))


def test_another_method_in_the_local_header_is_rejected() -> None:
    local, central = zip_member(NAME)
    data = zip_raw((local[:8] + b"\x08\x00" + local[10:], central))
    assert "packed otherwise" in zip_reason(data)


def test_a_descriptor_that_lies_is_rejected() -> None:
    data = zip_raw(zip_member(NAME, flags=0x8, local_sizes=(0, 0, 0), descriptor=struct.pack("<3L", 1, 2, 3)))
    assert "behind it" in zip_reason(data)


def test_a_descriptor_without_its_mark_is_read() -> None:
    body = b"x = 1\n"
    tail = struct.pack("<3L", zlib.crc32(body), 6, 6)
    assert normal(ArchiveUpload(zip_raw(zip_member(NAME, body, flags=8, descriptor=tail)))).paths == ["app/new.py"]


@pytest.mark.parametrize("before", [b"#!/bin/sh\n", b"\xff\xd8\xff\xe0 a picture"])
def test_a_polyglot_with_data_before_the_zip_is_rejected(before: bytes) -> None:
    moved = zip_member(NAME, offset=len(before))
    data = zip_raw(moved, before=before)
    assert zipfile.is_zipfile(io.BytesIO(data)), "a common reader takes it"
    assert "neither a .zip nor a .tar.gz" in zip_reason(data)


def test_a_zip_that_starts_with_another_ones_member_is_rejected() -> None:
    hidden = zip_member(b"app/hidden.py")[0]
    data = zip_raw(zip_member(NAME, offset=len(hidden)), before=hidden)
    assert "before its first member" in zip_reason(data)


def test_data_between_members_is_rejected() -> None:
    first = zip_member(NAME)
    second = zip_member(b"app/two.py", offset=len(first[0]) + 4)
    assert "between its members" in zip_reason(zip_raw((first[0] + b"gap!", first[1]), second))


def test_data_between_members_and_directory_is_rejected() -> None:
    member = zip_member(NAME)
    assert "belongs to no member" in zip_reason(zip_raw((member[0] + b"gap!", member[1])))


def test_data_after_the_zip_is_rejected() -> None:
    assert "after its end" in zip_reason(zip_raw(zip_member(NAME), after=b"tail"))


def test_data_between_directory_and_end_is_rejected() -> None:
    member = zip_member(NAME)
    data = zip_raw((member[0], member[1]), count=1)
    end = data[-22:]
    assert "belongs to no member" in zip_reason(data[:-22] + b"gap!" + end)


def test_a_directory_with_more_than_it_counts_is_rejected() -> None:
    first = zip_member(NAME)
    second = zip_member(b"app/two.py", offset=len(first[0]))
    assert "more than its members" in zip_reason(zip_raw(first, second, count=1))
    assert "directory is damaged" in zip_reason(zip_raw(first, count=2))


def test_a_member_without_a_local_header_is_rejected() -> None:
    member = zip_member(NAME)
    assert "cut off" in zip_reason(zip_raw((b"PK\x03\x04" + b"z" * 3, member[1])))


def test_a_members_data_that_runs_into_the_directory_is_rejected() -> None:
    local, central = zip_member(NAME, b"x" * 40)
    assert "cut off" in zip_reason(zip_raw((local[:-20], central)))


def test_a_directory_entry_that_runs_past_the_directory_is_rejected() -> None:
    local, central = zip_member(NAME)
    assert "directory is damaged" in zip_reason(zip_raw((local, central[:28] + b"\xff\x00" + central[30:])))


def test_every_truncation_of_a_zip_is_rejected() -> None:
    data = zip_of(FIX)
    for end in range(len(data)):
        zip_reason(data[:end])


def test_zip64_is_rejected() -> None:
    assert "zip64" in zip_reason(zip_raw(zip_member(NAME), count=0xFFFF))
    assert "zip64" in zip_reason(zip_raw(zip_member(NAME, size=0xFFFFFFFF)))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("app/new.py", "w", force_zip64=True) as member:
        member.write(b"x\n")
    zip_reason(buffer.getvalue())


def test_a_part_of_a_split_zip_is_rejected() -> None:
    data = bytearray(zip_raw(zip_member(NAME)))
    data[-18] = 1
    assert "one part of several" in zip_reason(bytes(data))


def test_a_name_in_an_extra_field_is_rejected() -> None:
    other = b"app/other.py"
    extra = struct.pack("<HHBL", 0x7075, 5 + len(other), 1, zlib.crc32(NAME)) + other
    assert "another name" in zip_reason(zip_raw(zip_member(NAME, extra=extra)))


def test_a_name_in_the_local_extra_field_alone_is_rejected() -> None:
    plain, renamed = zip_member(NAME), zip_member(NAME, extra=struct.pack("<HH", 0x7075, 0))
    assert "another name" in zip_reason(zip_raw((renamed[0], plain[1])))


@pytest.mark.parametrize("extra", [b"\x01", struct.pack("<HH", 0x5455, 40)])
def test_a_damaged_extra_field_is_rejected(extra: bytes) -> None:
    assert "damaged extra field" in zip_reason(zip_raw(zip_member(NAME, extra=extra)))


def test_a_name_that_is_not_utf8_is_rejected() -> None:
    assert "UTF-8" in zip_reason(zip_raw(zip_member(b"app/\xff.py", flags=0x800)))
    assert "UTF-8" in zip_reason(zip_raw(zip_member("app/ü.py".encode())))


def test_a_name_given_twice_in_a_zip_is_rejected() -> None:
    first = zip_member(NAME, b"honest\n")
    second = zip_member(NAME, b"evil\n", offset=len(first[0]))
    assert "twice" in zip_reason(zip_raw(first, second))


def test_a_zip_bomb_is_stopped_at_the_file_limit() -> None:
    error = rejection(ArchiveUpload(zip_of({"app/bomb.py": b"\0" * 50_000_000})))
    assert "larger than 1048576 bytes" in error.reason
    assert error.path == "app/bomb.py"


def test_many_files_that_are_large_together_are_stopped() -> None:
    data = zip_of({f"app/{number}.py": b"\0" * 1_000_000 for number in range(5)})
    assert "all files together" in zip_reason(data)


def test_a_zip_with_more_entries_than_anyone_needs_is_stopped() -> None:
    limits = SubmissionLimits(scanned_entries=3)
    assert "more than 3 entries" in zip_reason(zip_of({f"app/{n}.py": b"" for n in range(4)}), limits=limits)


# --- tar.gz ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tar_format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_an_honest_tar_is_read_in_every_format_with_long_names(tar_format: int) -> None:
    # ustar splits a long path into prefix and name, GNU and pax write an extra header.
    files = {**FIX, "app/" + "folder-name/" * 9 + "module_with_a_long_name.py": b"1\n", "app/grüße.py": b"2\n"}
    assert normal(ArchiveUpload(tar_of(files, tar_format))).files == files


def test_a_name_too_long_for_an_old_header_is_read() -> None:
    path = "extra/" + "n" * 150 + ".py"
    for tar_format in (tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        assert normal(ArchiveUpload(tar_of({path: b"1\n"}, tar_format))).paths == [path]


def test_a_tar_made_of_the_folder_itself_is_read() -> None:
    folder = tarfile.TarInfo("./")
    folder.type = tarfile.DIRTYPE
    inner = tarfile.TarInfo("./app/")
    inner.type = tarfile.DIRTYPE
    data = tar_members([(folder, b""), (inner, b""), (tarfile.TarInfo("./app/new.py"), b"1\n")])
    assert normal(ArchiveUpload(data)).paths == ["app/new.py"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (tarfile.SYMTYPE, "symbolic link"),
        (tarfile.LNKTYPE, "hard link"),
        (tarfile.CHRTYPE, "device"),
        (tarfile.BLKTYPE, "device"),
        (tarfile.FIFOTYPE, "FIFO"),
        (tarfile.GNUTYPE_SPARSE, "sparse"),
        (tarfile.CONTTYPE, "neither a file nor a folder"),
        (b"V", "neither a file nor a folder"),
    ],
)
def test_what_is_no_regular_file_in_a_tar_is_rejected(kind: bytes, reason: str) -> None:
    error = rejection(ArchiveUpload(raw_tar_gz(tar_header(NAME, kind=kind), END)))
    assert reason in error.reason
    assert error.path == "app/new.py"


def test_a_chain_of_links_is_rejected_at_its_first_link() -> None:
    # CVE-2025-4517: a deep chain of links made realpath give up and write outside the destination.
    members: list[tuple[tarfile.TarInfo, bytes]] = []
    for index in range(16):
        info = tarfile.TarInfo(f"app/{'d' * 20}{index}")
        info.type = tarfile.SYMTYPE
        info.linkname = "../" * 20
        members.append((info, b""))
    assert "symbolic link" in rejection(ArchiveUpload(tar_members(members))).reason


def test_links_in_what_is_left_out_do_no_harm() -> None:
    assert normal(ArchiveUpload(tar_with(".venv/bin/python", tarfile.SYMTYPE, "/usr/bin/python3"))).files == {}


@pytest.mark.parametrize(
    "record",
    [b"GNU.sparse.major=1\n", b"linkpath=/etc/passwd\n", b"size=9\n", b"hdrcharset=BINARY\n", b"SCHILY.realsize=9\n"],
)
def test_an_extended_header_that_changes_a_members_meaning_is_rejected(record: bytes) -> None:
    body = b"%d %s" % (len(record) + 3, record)
    data = raw_tar_gz(tar_header(b"x", len(body), b"x"), body, tar_header(NAME, 1), b"y", END)
    assert "an extended header sets" in rejection(ArchiveUpload(data)).reason


@pytest.mark.parametrize(
    "record", [b"99 path=a\n", b"0 path=a\n", b"xx path=a\n", b"9 path=ab", b"7 path\n", b"12345678 p=a\n"]
)
def test_a_damaged_extended_header_is_rejected(record: bytes) -> None:
    data = raw_tar_gz(tar_header(b"x", len(record), b"x"), record, tar_header(NAME, 1), b"y", END)
    assert "extended header is damaged" in rejection(ArchiveUpload(data)).reason


@pytest.mark.parametrize("kind", [b"x", b"g", b"L"])
def test_an_extended_header_larger_than_any_tool_writes_is_rejected(kind: bytes) -> None:
    body = b"11 mtime=1\n" * 10_000
    data = raw_tar_gz(tar_header(b"x", len(body), kind), body, tar_header(NAME, 1), b"y", END)
    assert "larger than any tool writes" in rejection(ArchiveUpload(data)).reason


def test_extended_headers_that_are_large_together_are_rejected() -> None:
    body = b"16 SCHILY.dev=1\n" * 3800
    data = raw_tar_gz(*[tar_header(b"x", len(body), b"g"), body] * 75, tar_header(NAME, 1), b"y", END)
    assert "larger than any tool writes" in rejection(ArchiveUpload(data)).reason


def test_an_extended_header_of_many_records_is_read() -> None:
    body = b"11 mtime=1\n" * 5000 + b"19 path=app/two.py\n"
    data = raw_tar_gz(tar_header(b"x", len(body), b"x"), body, tar_header(NAME, 1), b"y", END)
    assert normal(ArchiveUpload(data)).paths == ["app/two.py"]


def test_a_path_for_the_whole_archive_is_rejected() -> None:
    body = b"19 path=app/evil.py\n"
    data = raw_tar_gz(tar_header(b"g", len(body), b"g"), body.replace(b"19", b"20"), tar_header(NAME, 1), b"y", END)
    assert "sets path" in rejection(ArchiveUpload(data)).reason


def test_git_archives_comment_is_no_obstacle() -> None:
    body = b"52 comment=0123456789abcdef0123456789abcdef01234567\n"
    data = raw_tar_gz(tar_header(b"pax_global_header", len(body), b"g"), body, tar_header(NAME, 1), b"y", END)
    assert normal(ArchiveUpload(data)).paths == ["app/new.py"]


def test_two_long_names_for_one_file_are_rejected() -> None:
    long = (tar_header(b"././@LongLink", 10, b"L"), b"app/a.py\0\0")
    data = raw_tar_gz(*long, *long, tar_header(NAME, 1), b"y", END)
    assert "two long names" in rejection(ArchiveUpload(data)).reason


@pytest.mark.parametrize("at", [100, 108, 116, 136, 329, 337])
def test_a_damaged_field_at_which_other_readers_stop_is_rejected(at: int) -> None:
    def data(value: bytes) -> bytes:
        header = bytearray(tar_header(NAME, 1))
        header[at : at + len(value)] = value
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        return raw_tar_gz(tar_header(b"app/a.py", 1), b"x", bytes(header), b"y", END)

    for value in (b"\0" * 8, b" " * 8, b"0000644\0", b"\x80\0\0\0\0\0\x07\x01"):
        assert normal(ArchiveUpload(data(value))).paths == ["app/a.py", "app/new.py"]
    with tarfile.open(fileobj=io.BytesIO(data(b"000z644\0"))) as archive:
        assert archive.getnames() == ["app/a.py"]
    assert "no tar" in rejection(ArchiveUpload(data(b"000z644\0"))).reason


@pytest.mark.parametrize("magic", [b"ustar  \0", b"\0" * 8, b"ustar\0\0\0"])
def test_a_prefix_that_only_some_readers_read_is_rejected(magic: bytes) -> None:
    def data(prefix: bytes) -> bytes:
        header = bytearray(tar_header(NAME, 1, magic=magic))
        header[345 : 345 + len(prefix)] = prefix
        header[148:156] = b" " * 8
        header[148:156] = b"%06o\0 " % sum(header)
        return raw_tar_gz(bytes(header), b"y", END)

    assert normal(ArchiveUpload(data(b""))).paths == ["app/new.py"]
    with tarfile.open(fileobj=io.BytesIO(data(b"hidden"))) as archive:
        assert archive.getnames() == ["hidden/app/new.py"]
    assert "different ways" in rejection(ArchiveUpload(data(b"hidden"))).reason


@pytest.mark.parametrize("long", [(tar_header(b"x", 8, b"x"), b"8 path=\n"), (tar_header(b"x", 1, b"L"), b"\0")])
def test_a_long_name_that_is_empty_is_a_name_and_rejected(long: tuple[bytes, bytes]) -> None:
    data = raw_tar_gz(*long, tar_header(NAME, 1), b"y", END)
    assert "empty segment" in rejection(ArchiveUpload(data)).reason


def test_a_long_name_without_a_file_is_rejected() -> None:
    data = raw_tar_gz(tar_header(b"././@LongLink", 9, b"L"), b"app/a.py\0", END)
    assert "cut off" in rejection(ArchiveUpload(data)).reason


def test_a_folder_with_content_in_a_tar_is_rejected() -> None:
    data = raw_tar_gz(tar_header(b"app/x/", 1, b"5"), b"y", END)
    assert "folder with content" in rejection(ArchiveUpload(data)).reason


def test_a_file_whose_name_ends_in_a_slash_is_rejected() -> None:
    assert "empty segment" in rejection(ArchiveUpload(raw_tar_gz(tar_header(b"app/x/", 0), END))).reason


def test_a_wrong_tar_checksum_is_rejected() -> None:
    header = bytearray(tar_header(NAME))
    header[0] ^= 1
    assert "no tar" in rejection(ArchiveUpload(raw_tar_gz(bytes(header), END))).reason


def test_a_binary_size_in_a_tar_is_rejected() -> None:
    header = bytearray(tar_header(NAME))
    header[124:136] = b"\x80" + b"\0" * 10 + b"\x01"
    assert "no tar" in rejection(ArchiveUpload(raw_tar_gz(bytes(header), END))).reason


@pytest.mark.parametrize(
    "size", [b"\0" + b"0000000011", b"00000000\x0011", b"0000000018 ", b"", b"0o00000011 ", b"-0000000011"]
)
def test_a_size_that_readers_read_differently_is_rejected(size: bytes) -> None:
    header = bytearray(tar_header(NAME))
    header[124:136] = size.ljust(12, b"\0")
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    data = raw_tar_gz(bytes(header), b"honest = 1", END)
    assert "no tar" in rejection(ArchiveUpload(data)).reason


def test_a_size_with_blanks_before_it_is_read() -> None:
    header = bytearray(tar_header(NAME, 0o11))
    header[124:136] = b"         11\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert normal(ArchiveUpload(raw_tar_gz(bytes(header), b"honest = 1", END))).files == {"app/new.py": b"honest = "}


def test_a_gzip_that_is_no_tar_is_rejected() -> None:
    assert "no tar" in rejection(ArchiveUpload(gzip.compress(b"hello" * 400))).reason


def test_a_tar_name_that_is_not_utf8_is_rejected() -> None:
    assert "UTF-8" in rejection(ArchiveUpload(raw_tar_gz(tar_header(b"app/\xff.py"), END))).reason


def test_a_tar_cut_off_anywhere_is_rejected() -> None:
    data = tar_of(FIX)
    for end in range(2, len(data)):
        rejection(ArchiveUpload(data[:end]))
    plain = gzip.decompress(data)
    for end in (100, 512, 700, 1024, 2048 + 512):
        assert "cut off" in rejection(ArchiveUpload(gzip.compress(plain[:end]))).reason


def test_data_after_a_tars_end_is_rejected() -> None:
    data = raw_tar_gz(tar_header(NAME), END, tar_header(b"app/hidden.py"), END)
    assert "after its end" in rejection(ArchiveUpload(data)).reason


def test_a_second_gzip_member_is_rejected() -> None:
    assert "after its end" in rejection(ArchiveUpload(tar_of(FIX) + tar_of({"app/x.py": b""}))).reason


def test_damaged_gzip_data_is_rejected() -> None:
    data = bytearray(tar_of(FIX))
    data[20] ^= 0xFF
    rejection(ArchiveUpload(bytes(data)))


def test_a_gzip_bomb_is_stopped() -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 1)
    assert "unpacks to more than" in rejection(ArchiveUpload(bomb)).reason


def test_a_large_file_in_a_tar_is_stopped() -> None:
    assert "is larger than" in rejection(ArchiveUpload(tar_of({"app/x.py": b"\0" * 2_000_000}))).reason


# --- both --------------------------------------------------------------------------------------------------------


def test_an_upload_larger_than_its_limit_is_rejected_unread() -> None:
    limits = SubmissionLimits(upload_bytes=100)
    assert "upload is larger than 100 bytes" in zip_reason(zip_of(FIX), limits=limits)


@pytest.mark.parametrize(
    ("magic", "name"),
    [(b"BZh9", "bzip2"), (b"\xfd7zXZ\0", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"7z\xbc\xaf\x27\x1c", "7z")],
)
def test_other_archives_are_named_in_the_rejection(magic: bytes, name: str) -> None:
    with pytest.raises(SubmissionRejected, match=name):
        upload_of(magic + b"rest")


def test_what_is_neither_archive_nor_patch_is_rejected() -> None:
    with pytest.raises(SubmissionRejected, match="neither"):
        upload_of(b"\x7fELF\0\0")
    assert "neither" in zip_reason(b"hello")


@given(st.binary(max_size=400), st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08", b""]))
def test_garbage_is_rejected_and_never_crashes(data: bytes, magic: bytes) -> None:
    rejection(ArchiveUpload(magic + data))


@given(st.data())
def test_a_zip_or_tar_with_bytes_flipped_is_read_rightly_or_rejected(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([zip_of(FIX), tar_of(FIX), gzip.decompress(tar_of(FIX))])))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    upload = bytes(whole)
    if not upload.startswith((b"PK", b"\x1f\x8b")):
        upload = gzip.compress(upload)
    try:
        submission = normal(ArchiveUpload(upload))
    except SubmissionRejected:
        return
    assert all(path.startswith(("app/", "extra/")) for path in submission.paths)


@pytest.mark.parametrize("name", ["fix.zip", "FIX.ZIP", "fix.tar.gz", "fix.tgz"])
@pytest.mark.parametrize("data", [b"text", b"\0\1\2"])
def test_what_has_an_archives_name_and_is_none_is_said_to_be_damaged(name: str, data: bytes) -> None:
    with pytest.raises(SubmissionRejected, match="may be damaged") as caught:
        upload_of(data, name)
    assert (caught.value.path, caught.value.hint) == (name, "pack it again")
