"""What is fuzzed: functions of bytes that raise AssertionError when something that must hold does not.

Each takes any bytes and raises nothing for honest or refused ones. To add a target, add a function to `TARGETS`, and a
seed or two to `seeds.py`.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import struct
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from flask import Flask
from werkzeug.test import Client

from api.bodies import single_fields
from api.git.lines import Malformed, lines_until_flush
from api.git.protocol import read_fetch, read_push, report
from api.problems import ApiProblem
from api.uploads import FIELDS, submission_form
from runner.errors import SubmissionRejected
from runner.inside.frames import Frame, FrameReader, FrameRefused, encode, parse
from runner.inside.strict_json import loads
from runner.limits import SubmissionLimits
from runner.sandbox.answers import check_answer
from runner.sandbox.intake import Intake
from runner.submissions.collector import Collector
from runner.submissions.git_pack import read_pack
from runner.submissions.git_tree import read_commit
from runner.submissions.model import Submission
from runner.submissions.paths import check_path
from runner.submissions.tars import read_tar
from runner.submissions.uploads import ArchiveUpload, DirectoryUpload, Entry, PatchUpload, Upload
from tests.fuzz.relay_machine import Bytes, Machine
from tests.submissions.builders import STARTER, directory, normal

LIMITS = SubmissionLimits(upload_bytes=64 * 1024, total_bytes=32 * 1024, file_bytes=16 * 1024, scanned_bytes=128 * 1024)
_FRAME_BYTES = 4096
_OPERATIONS = ("request", "call", "clock", "statements", "logs", "instance", "open", "close")
_FORM = Flask("form")


def frames(data: bytes) -> None:
    """A stream of frames gives the same frames however it is cut, and what is read can be sent."""
    seen = []
    for step in (len(data) or 1, 7):
        reader = FrameReader(_FRAME_BYTES)
        got: list[Frame | None] = []
        try:
            for at in range(0, len(data), step):
                got.extend(reader.feed(data[at : at + step]))
                assert reader.pending_bytes <= _FRAME_BYTES + step
        except FrameRefused:
            got.append(None)
        seen.append(got)
    assert seen[0] == seen[1]
    for frame in seen[0]:
        if frame is not None:
            assert list(FrameReader().feed(encode(frame))) == [frame]


def strict_json(data: bytes) -> None:
    """What is read means the same to Python's own reader, and is of bounded size."""
    try:
        value = loads(data, most_depth=8, most_values=500)
    except ValueError:
        return
    assert json.loads(data) == value == json.loads(json.dumps(value, allow_nan=False))


def intake(data: bytes) -> None:
    """The engine's stream gives frames or a refusal, the same however it is cut, and keeps no more than one frame."""
    seen = []
    for step in (len(data) or 1, 5):
        taken = Intake(most_frame_bytes=_FRAME_BYTES, hostile=True)
        got: list[Frame] = []
        refused = False
        try:
            for at in range(0, len(data), step):
                got += taken.feed(data[at : at + step])
                assert taken.pending_bytes <= _FRAME_BYTES + 16
                assert len(taken.stderr) <= _FRAME_BYTES
        except FrameRefused:
            refused = True
        seen.append((refused, [] if refused else got))
    assert seen[0] == seen[1]


def answers(data: bytes) -> None:
    """Whatever an app answers, the grader's client can read what becomes of it."""
    source = Bytes(data)
    op = _OPERATIONS[source.below(len(_OPERATIONS))]
    body = source.take(source.below(60))
    try:
        frame = parse(source.take(4096), body)
    except FrameRefused:
        return
    answer = check_answer(op, frame, 40)
    assert list(FrameReader().feed(encode(answer))) == [answer]
    if not answer.fields["ok"]:
        assert not answer.body
    elif op == "request":

        def app(_: Any, start_response: Any) -> list[bytes]:
            start_response(answer.fields["status"], [tuple(header) for header in answer.fields["headers"]])
            return [answer.body]

        response = Client(app).get("/")
        assert 100 <= response.status_code <= 599
        assert response.data == answer.body


def relay(data: bytes) -> None:
    """Whatever the app's container sends, in whatever order, the run's results are the grader's."""
    Machine(data).run()


def _normalised(upload: Upload) -> Submission | None:
    """The submission, when it is taken, with what holds of every one."""
    try:
        submission = normal(upload, limits=LIMITS)
    except SubmissionRejected as error:
        _check_told(error)
        return None
    assert all(path.startswith(("app/", "extra/")) for path in submission.paths)
    assert all(STARTER.get(path) != content for path, content in submission.files.items())
    assert sum(map(len, submission.files.values())) <= LIMITS.total_bytes
    for path in submission.paths:
        check_path(path, LIMITS)
    again = normal(directory(submission.files), limits=LIMITS)
    assert (again.files, again.digest) == (submission.files, submission.digest)
    return submission


def _check_told(error: SubmissionRejected) -> None:
    assert error.hint
    assert error.path is None or error.path.isprintable()
    assert error.reason.isprintable(), error.reason


def _same(submission: Submission, entries: Iterable[Entry]) -> None:
    """What another reader made of the same bytes comes to the same files, no more and no other."""
    assert normal(DirectoryUpload(tuple(entries)), limits=LIMITS).files == submission.files


def zips(data: bytes) -> None:
    """A zip is refused, or says to this reader what it says to Python's."""
    submission = _normalised(ArchiveUpload(b"PK" + data))
    if submission is None:
        return
    with zipfile.ZipFile(io.BytesIO(b"PK" + data)) as archive:
        _same(
            submission,
            [
                Entry(each.filename.removesuffix("/"), None if each.is_dir() else archive.read(each))
                for each in archive.infolist()
            ],
        )


def tars(data: bytes) -> None:
    """The same for a tar, which is fuzzed as it is inside its gzip."""
    try:
        read_tar(data, Collector(LIMITS))
    except SubmissionRejected:
        return
    submission = _normalised(ArchiveUpload(gzip.compress(data, 1)))
    # Without a member it is only zeros, or folders, which Python may take for no tar.
    if submission is None or not submission.files:
        return
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        entries = []
        for member in archive.getmembers():
            file = archive.extractfile(member)
            entries.append(Entry(member.name.removeprefix("./"), file.read() if file else None))
        _same(submission, [entry for entry in entries if entry.path not in {"", "."}])


def gzips(data: bytes) -> None:
    """A gzip around anything is refused or read."""
    _normalised(ArchiveUpload(b"\x1f\x8b" + data))


def patches(data: bytes) -> None:
    """A patch is refused or changes what it may."""
    _normalised(PatchUpload(data))


def paths(data: bytes) -> None:
    """A path that passes is one name below its root on every system."""
    try:
        path = data.decode("utf-8")
        check_path(path, LIMITS)
    except (UnicodeDecodeError, SubmissionRejected):
        return
    assert path.isprintable()
    assert path == unicodedata.normalize("NFC", path)
    assert not set(path) & set("\\:\0")
    assert all(segment.strip(". ") and segment[-1] not in ". " for segment in path.split("/"))


def multipart(data: bytes) -> None:
    """The form of a submission is read or refused with a problem, never otherwise."""
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    with _FORM.test_request_context("/", method="POST", data=data, headers=headers):
        try:
            form = submission_form(single_fields(FIELDS))
        except ApiProblem:
            return
        assert form.challenge
        assert form.upload.data in data


def packs(data: bytes) -> None:
    """A pack gives objects within the limits under their own ids, and a commit of it files that may be sent."""
    try:
        found = read_pack(data + hashlib.sha1(data).digest(), {}, LIMITS)
    except SubmissionRejected:
        return
    assert sum(len(each.data) for each in found.values()) <= LIMITS.scanned_bytes
    for identity, each in found.items():
        assert each.id == identity
        if each.kind != "commit":
            continue
        try:
            upload = read_commit(identity, found, LIMITS)
        except SubmissionRejected:
            continue
        for entry in upload.entries:
            check_path(entry.path, LIMITS)


def pushes(data: bytes) -> None:
    """What git asks for is read or malformed, and names of branches can't break out of the report."""
    with contextlib.suppress(Malformed):
        read_fetch(data)
    try:
        push = read_push(data)
    except Malformed:
        return
    told = report(replace(push, capabilities=frozenset({"report-status"})), {})
    assert len(lines_until_flush(told, 100)[0]) == len(push.commands) + 1
    assert told.count(b"\n") == len(push.commands) + 1


TARGETS: dict[str, Callable[[bytes], None]] = {
    function.__name__: function
    for function in (
        frames,
        strict_json,
        intake,
        answers,
        relay,
        zips,
        tars,
        gzips,
        patches,
        paths,
        multipart,
        packs,
        pushes,
    )
}


def piece(kind: int, data: bytes) -> bytes:
    """One piece of the engine's stream."""
    return struct.pack(">BxxxI", kind, len(data)) + data
