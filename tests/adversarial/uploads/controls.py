"""One control for each mitigation: the same attack with that one thing off. Each says what the attack won, or None.

A control is run on an honest upload, too, and must find nothing there: so it shows the attack and not itself.
"""

from __future__ import annotations

import io
import json
import math
import posixpath
import re
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from unittest.mock import patch

from flask import Flask

from runner.limits import SubmissionLimits
from runner.submissions.patches import parse_patch
from runner.submissions.uploads import GZIP_MAGIC, ArchiveUpload, DirectoryUpload, Entry, PatchUpload
from tests.adversarial.uploads.model import CANARY, Disk, Form, Json, Sent, UploadAttack, attempt
from tests.adversarial.uploads.naive import git_applied, members_of, streamed, unpack, walked
from tests.submissions.builders import STARTER

Control = Callable[[UploadAttack, Sent, Path], str | None]

HUGE = SubmissionLimits(
    upload_bytes=1 << 30, total_bytes=1 << 30, file_bytes=1 << 30, files=10**6, scanned_entries=10**6,
    scanned_bytes=1 << 30, depth=10**4, path_chars=10**5, changed_files=10**5,
)  # fmt: skip
#: A control that counts stops here: well above what may be, and no load for the host.
_WON_BYTES = 1_500_000


def _off(*targets: str, instead: object = None) -> Control:
    """The same readers with functions of theirs that say nothing (or `instead`)."""

    def control(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
        with ExitStack() as stack:
            for target in targets:
                stack.enter_context(patch(target, lambda *_, **__: instead))
            result = attempt(sent, folder, editable=attack.editable)
        return _won(result.files)

    return control


def _won(files: dict[str, bytes] | None) -> str | None:
    """Whether more than the honest files were taken."""
    more = sorted(path for path, content in (files or {}).items() if b"honest" not in content)
    return f"taken: {more[:3]!a}" if more else None


def _everything_editable(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    return _won(attempt(sent, folder, editable=("**",)).files)


def _no_limits(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    files = attempt(sent, folder, editable=("**",), limits=HUGE).files or {}
    entries = len(members_of(sent.data)) if isinstance(sent, ArchiveUpload) else len(files)
    return f"{entries} entries" if entries > 100 else _won({k: v for k, v in files.items() if len(k) > 100})


def _believed(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """Unpacked as the archive says: is anything outside changed, or within reach?"""
    if isinstance(sent, Disk):
        found = [path for path, content in walked(folder) if CANARY.encode() in content or b"EVIL" in content]
        return f"read: {found}" if found else None
    assert isinstance(sent, ArchiveUpload)
    before = _outside(folder)
    members = members_of(sent.data)
    unpack(members, folder)
    if _outside(folder) != before:
        return "written outside"
    if any(member.special and member.link is None for member in members):
        return "a special file made"
    found = [path for path, content in walked(folder) if CANARY.encode() in content]
    return f"read through a link: {found}" if found else None


def _outside(folder: Path) -> dict[str, bytes]:
    root = folder.parent.parent
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file() and folder not in path.parents}


def _lenient_archive(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """A common reader takes a marked file from it, or two readers see different files."""
    assert isinstance(sent, ArchiveUpload)
    with_directory = b"PK\x05\x06" in sent.data or sent.data.startswith(GZIP_MAGIC)
    one = members_of(sent.data) if with_directory else streamed(sent.data)
    if any(b"EVIL" in member.content for member in one):
        return f"taken: {[member.name for member in one]}"
    if any(member.link is not None for member in one):
        return "a link made"
    if not sent.data.startswith(GZIP_MAGIC) and (other := streamed(sent.data)) != one:
        return f"two readers see {[m.name for m in one]} and {[m.name for m in other]}"
    return None


def _other_packers(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    assert isinstance(sent, ArchiveUpload)
    try:
        with zipfile.ZipFile(io.BytesIO(sent.data)) as archive:
            return _won({name: archive.read(name) for name in archive.namelist()})
    except NotImplementedError:  # a packer that this Python does not know; the bytes are there to take
        return _won({member.name: member.content for member in members_of(sent.data)})


def _uncounted(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    assert isinstance(sent, ArchiveUpload)
    if sent.data.startswith(GZIP_MAGIC):
        size = len(zlib.decompressobj(31).decompress(sent.data, 2 * _WON_BYTES))
    else:
        size = sum(len(member.content) for member in members_of(sent.data))
    return f"{size} bytes" if size > _WON_BYTES else None


def _large_headers(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """The largest header that a reader without a cap has to take apart."""
    assert isinstance(sent, ArchiveUpload)
    plain = zlib.decompressobj(31).decompress(sent.data, 1024) if sent.data.startswith(GZIP_MAGIC) else bytes(512)
    size = int(plain[124:135], 8) if plain[156:157] in b"xgL" and plain[156:157] != b"\0" else 0
    return f"a header of {size} bytes" if size > _WON_BYTES else None


def _backtracked(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """How often an expression that looks for names in quotes starts anew, each time over the whole rest."""
    assert isinstance(sent, PatchUpload)
    line = sent.data.split(b"\n", 1)[0]
    starts = line.count(b'"') if re.search(rb'"(?:[^"\\]|\\.)*+"', line[:200]) is None else 0
    return f"{starts} times {len(line)} bytes" if starts > 1000 else None


def _git(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """`git apply` takes it, and a file is gone, a link, changed outside of what is editable, or marked."""
    assert isinstance(sent, PatchUpload)
    try:
        after = git_applied(sent.data, STARTER, folder)
    except subprocess.CalledProcessError:
        return None
    if gone := set(STARTER) - set(after):
        return f"gone: {gone}"
    changed = {path: content for path, content in after.items() if STARTER.get(path) != content}
    return _won(changed)


def _any_mode(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """`git apply` takes it, or the parser does when no mode is wrong to it: git wants a repository for submodules."""
    return _git(attack, sent, folder) or _off("runner.submissions.patches._check_mode")(attack, sent, folder)


def _as_text(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """Line ends converted and names guessed, as reading for text does."""
    if isinstance(sent, PatchUpload):
        text = sent.data.decode("latin-1").replace("\r\n", "\n").replace("\\377", "\u00ff")
        return _won(attempt(PatchUpload(text.encode()), folder, editable=attack.editable).files)
    assert isinstance(sent, ArchiveUpload)
    entries = tuple(
        Entry(m.name.encode("utf-8", "surrogateescape").decode("latin-1"), m.content) for m in members_of(sent.data)
    )
    return _won(attempt(DirectoryUpload(entries), folder, editable=attack.editable).files)


def _first_value(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """A form as a dictionary: the first value of a name, every name taken."""
    assert isinstance(sent, Form)
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    with Flask("form").test_request_context("/", method="POST", data=sent.data, headers=headers) as context:
        form, files = context.request.form, context.request.files
        taken = len(list(form.items(multi=True))) + len(list(files.items(multi=True)))
        more = taken - len({"challenge", "archive", "patch"} & {*form, *files})
        return f"taken with {more} fields more" if more and form["challenge"] == "my-app" else None


def _python_json(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    assert isinstance(sent, Json)
    value = json.loads(sent.data)
    won = value.get("role") == "admin" or not math.isfinite(value.get("points", 0))
    return f"taken: {value}" if won else None


def _deep_json(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    assert isinstance(sent, Json)
    try:
        json.loads(sent.data)
    except RecursionError:
        return "RecursionError"
    return None


def _paths(attack: UploadAttack, sent: Sent, folder: Path) -> str | None:
    """A name that means another place, another file, or none, on some system."""
    if attack.name in _CAN_BE_WRITTEN:
        return _believed(attack, sent, folder)
    for name in _names(sent):
        place = posixpath.normpath(posixpath.join("/work/app", name))
        if not place.startswith("/work/app/"):
            return f"written to {place}"
        if place != f"/work/app/{name}":
            return f"a second name for {place}"
    return _off("runner.submissions.collector.check_path")(attack, sent, folder)


def _names(sent: Sent) -> list[str]:
    if isinstance(sent, ArchiveUpload):
        return [member.name for member in members_of(sent.data)]
    return [patch.path for patch in parse_patch(sent.data)] if isinstance(sent, PatchUpload) else []


_CAN_BE_WRITTEN = {"parent-folder-in-a-zip", "parent-folder-in-a-tar", "parent-folder-further-down"}

_GIT_AND_LEFTOVERS = ("runner.submissions.normalise.check_not_git", "runner.submissions.collector.leftover_root")

CONTROLS: dict[str, Control] = {
    "path rules": _paths,
    "limits on names and numbers": _no_limits,
    "one name, one file": _off("runner.submissions.normalise.NameRegister.add"),
    # Refused by one rule, and what remains is left out by the other: `.git` in a patch meets both.
    "no files of git's own": _off(*_GIT_AND_LEFTOVERS),
    "leftovers are left out": _off(*_GIT_AND_LEFTOVERS),
    "editable globs": _everything_editable,
    "regular files only": _believed,
    "one meaning of a zip": _lenient_archive,
    "stored and deflated only": _other_packers,
    "one meaning of a tar": _lenient_archive,
    "real bytes are counted": _uncounted,
    "extended headers are small": _large_headers,
    "names are read once": _backtracked,
    "patches change content only": _any_mode,
    "one patch, read whole": _git,
    "bytes are no text": _as_text,
    "a form with known fields, each once": _first_value,
    "strict JSON": _python_json,
    "JSON no deeper than the stack": _deep_json,
}
