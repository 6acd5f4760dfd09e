"""Stores a claims desk drawn from the grading's seed: claims, the files sent in so far, and files that are nobody's.

The hidden suite draws the same desk by `Desk(seed)`; what only the app's side needs is imported where it is used. Rows
are inserted by table, as they are in production. Around the app a meter counts what is read of each request's body
and, when asked, the memory that a request takes.
"""

from __future__ import annotations

import hashlib
import io
import os
import random
import sys
import threading
import tracemalloc
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

HOLDERS = ("Anneke", "Baptiste", "Cosima", "Dragan", "Eilidh", "Farid", "Gudrun", "Hamza", "Ilona", "Jorun", "Katrin")
SURNAMES = ("Aalto", "Birk", "Cortez", "Dubois", "Engström", "Fallon", "Grau", "Holt", "Ivers", "Jelinek", "Krogh")
DAMAGES = (
    "Hail on the bonnet",
    "Cellar under water",
    "Broken windscreen",
    "Burnt kitchen",
    "Fallen chimney",
    "Scratched door",
)
PLACES = ("front", "left side", "rear", "roof", "Dachfenster", "vorne links", "côté droit", "okno", "inside", "cellar")
PDF_HEAD, PNG_HEAD, JPEG_HEAD = b"%PDF-1.", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
#: What requests that are to meet may wait for each other.
MEET_S = 2.0


class Row:
    """A row of `attachments` and the bytes of its file."""

    def __init__(self, number: int, claim: DeskClaim, role: str, name: str, path: str, content_type: str, data: bytes):
        self.id = number
        self.claim = claim
        self.role = role
        self.name = name
        self.path = path
        self.content_type = content_type
        self.data = data
        self.size = len(data)
        self.note: str | None = None
        self.uploaded_at = datetime(2025, 1, 1)

    @property
    def shown(self) -> dict[str, Any]:
        """As the API shows it, but for the link."""
        return {
            "id": self.id,
            "name": self.name,
            "content_type": self.content_type,
            "size": self.size,
            "note": self.note,
            "uploaded_at": self.uploaded_at.isoformat(),
        }


class DeskClaim:
    """A row of `claims` with its files."""

    def __init__(self, number: int, code: str, holder: str, subject: str) -> None:
        self.id = number
        self.number = code
        self.holder = holder
        self.subject = subject
        self.closed = False
        self.photos: list[Row] = []
        self.estimate: Row | None = None


class Desk:
    """Five claims drawn from a seed.

    `busy` has photos, `plain` and others, one of them, `nested`, in a folder, and an estimate. `other` has photos and
    an estimate, too. `twins` has two photos that share a file, and an estimate whose file is also that of `fresh`'s;
    `fresh` has no photos. `odd` is closed; it has a page and a PDF for photos, a page for an estimate, and a PNG that
    is called .jpg.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"desk {seed}")
        self._rng = rng
        self.max_photo = rng.randrange(2_600_000, 2_700_000)
        self.max_estimate = rng.randrange(120_000, 180_000)
        self.max_request = self.max_photo + rng.randrange(300_000, 500_000)
        self._ids = rng.sample(range(100, 10_000), 40)
        self._used: set[str] = set()
        prefix = rng.choice(("HM", "HX", "NB"))
        codes = rng.sample(range(2_000, 9_999), 5)
        people = zip(rng.sample(HOLDERS, 5), rng.sample(SURNAMES, 5), strict=True)
        ids = rng.sample(range(10, 900), 5)
        self.busy, self.other, self.fresh, self.twins, self.odd = self.claims = [
            DeskClaim(number, f"{prefix}-{code}", f"{first} {last}", rng.choice(DAMAGES))
            for number, code, (first, last) in zip(ids, codes, people, strict=True)
        ]
        self.odd.closed = True

        for claim in (self.busy, self.other):
            for _ in range(rng.randrange(2, 4)):
                self._photo(claim, self._name("png"), "image/png", self.png())
            self._photo(claim, self._name("jpg"), "image/jpeg", self.jpeg())
            self._estimate(claim, self._name("pdf"), "application/pdf", self.pdf())
        self.plain = rng.choice(self.busy.photos)
        self.nested = self._photo(self.busy, f"DCIM/{rng.randrange(10_000):04}.jpg", "image/jpeg", self.jpeg())

        name, data = self._name("jpg"), self.jpeg()
        self.first_twin = self._photo(self.twins, name, "image/jpeg", data)
        self._photo(self.twins, self._name("png"), "image/png", self.png())
        self.second_twin = self._photo(self.twins, name, "image/jpeg", data)
        name, data = self._name("pdf"), self.pdf()
        self._estimate(self.twins, name, "application/pdf", data)
        self._estimate(self.fresh, name, "application/pdf", data)

        page = f"<!doctype html><title>Sign in {rng.random()}</title><script>alert({rng.random()})</script>".encode()
        self.page = self._photo(self.odd, self._name("html"), "image/png", page)
        self.paper = self._photo(self.odd, self._name("png"), "image/png", self.pdf())
        self.misnamed = self._photo(self.odd, self._name("jpg"), "image/jpeg", self.png())
        self._estimate(self.odd, self._name("pdf"), "text/html", page + b"<p>")

        self.archived = self._name("png")
        self.secret = f"{rng.random()} is nobody's business"

    def _name(self, extension: str) -> str:
        while (name := f"{self._rng.choice(PLACES)} {self._rng.randrange(1, 1000)}.{extension}") in self._used:
            continue
        self._used.add(name)
        return name

    def _photo(self, claim: DeskClaim, name: str, content_type: str, data: bytes) -> Row:
        row = self._row(claim, "photo", name, f"{claim.number}/{name}", content_type, data)
        row.note = self._rng.choice((None, f"Taken on day {self._rng.randrange(1, 30)}"))
        claim.photos.append(row)
        claim.photos.sort(key=lambda photo: photo.id)
        return row

    def _estimate(self, claim: DeskClaim, name: str, content_type: str, data: bytes) -> None:
        claim.estimate = self._row(claim, "estimate", name, f"estimates/{name}", content_type, data)

    def _row(self, claim: DeskClaim, role: str, name: str, path: str, content_type: str, data: bytes) -> Row:
        row = Row(self._ids.pop(), claim, role, name, path, content_type, data)
        row.uploaded_at += timedelta(seconds=self._rng.randrange(30_000_000))
        return row

    def png(self) -> bytes:
        return PNG_HEAD + self._rng.randbytes(self._rng.randrange(200, 400))

    def jpeg(self) -> bytes:
        return JPEG_HEAD + self._rng.randbytes(self._rng.randrange(200, 400))

    def pdf(self) -> bytes:
        return PDF_HEAD + self._rng.randbytes(self._rng.randrange(200, 400))

    @property
    def rows(self) -> list[Row]:
        estimates = [claim.estimate for claim in self.claims if claim.estimate is not None]
        return [photo for claim in self.claims for photo in claim.photos] + estimates

    def paths(self) -> dict[str, bytes]:
        """What lies in EVIDENCE_DIR."""
        return {row.path: row.data for row in self.rows}


_data_dir = Path()
_desk = Desk(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's desk in its database and its folder."""
    global _data_dir, _desk
    _data_dir, _desk = Path(context.data_dir), Desk(context.seed)
    create_app = context.load()
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{_data_dir / 'claims.db'}",
            "EVIDENCE_DIR": str(_data_dir / "evidence"),
            "MAX_PHOTO_BYTES": _desk.max_photo,
            "MAX_ESTIMATE_BYTES": _desk.max_estimate,
            "MAX_REQUEST_BYTES": _desk.max_request,
        }
    )
    if not (_data_dir / "evidence").exists():
        with app.app_context():
            _store(app.extensions["sqlalchemy"])
    app.wsgi_app = _Meter(app.wsgi_app)
    return app


def warm(app: Any) -> None:
    """Compile what most tests ask the database for, by requests that change nothing."""
    client = app.test_client()
    for path in (f"/claims/{_desk.busy.number}", f"/claims/{_desk.busy.number}/estimate", "/claims"):
        client.get(path).close()
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        from claimdesk.models import Attachment

        some = Attachment(
            claim_id=_desk.busy.id, role="photo", name="warm", path="warm", content_type="image/png", size=1
        )
        db.session.add(some)
        db.session.flush()
        db.session.delete(some)
        db.session.flush()
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def _store(db: Any) -> None:
    """Rows by table, in order of their ids; files as the desk has written them so far."""
    db.create_all()
    tables = db.metadata.tables
    claims = [
        {
            "id": claim.id,
            "number": claim.number,
            "holder": claim.holder,
            "subject": claim.subject,
            "closed": claim.closed,
        }
        for claim in _desk.claims
    ]
    db.session.execute(tables["claims"].insert(), claims)
    rows = [
        {
            "id": row.id,
            "claim_id": row.claim.id,
            "role": row.role,
            "name": row.name,
            "path": row.path,
            "content_type": row.content_type,
            "size": row.size,
            "note": row.note,
            "uploaded_at": row.uploaded_at,
        }
        for row in _desk.rows
    ]
    db.session.execute(tables["attachments"].insert(), rows)
    db.session.commit()
    db.session.remove()
    # Processes that are forked from this one may not share a connection.
    db.engine.dispose()

    archive = _data_dir / "evidence-archive"
    files = {_data_dir / "evidence" / path: data for path, data in _desk.paths().items()}
    files[archive / _desk.fresh.number / _desk.archived] = PNG_HEAD + _desk.secret.encode()
    files[_data_dir / "settings.txt"] = _desk.secret.encode()
    for path, data in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class _Counted(io.RawIOBase):
    """A request's body, which counts what was read of it."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        return len(data)


class _Meter:
    """WSGI around the app: what the last request read and, if it was asked for, the most memory that it took."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        body = environ["wsgi.input"] = _Counted(environ["wsgi.input"])
        if _last.pop("watch", False):
            tracemalloc.start()
            try:
                return self._inner(environ, start_response)
            finally:
                _last.update(read=body.count, peak=tracemalloc.get_traced_memory()[1])
                tracemalloc.stop()
        try:
            return self._inner(environ, start_response)
        finally:
            _last["read"] = body.count


_last: dict[str, Any] = {}


def watch_memory() -> None:
    """Measure the next request."""
    _last["watch"] = True


def last_request() -> dict[str, Any]:
    """Bytes of the body that the last request read and, if it was measured, its peak of memory in bytes."""
    return _last


def evidence() -> dict[str, str]:
    """What lies in EVIDENCE_DIR: relative paths and digests."""
    return _digests(_data_dir / "evidence", lambda path: True)


def elsewhere() -> dict[str, str]:
    """What lies beside it, but for the database."""
    evidence = _data_dir / "evidence"
    return _digests(_data_dir, lambda path: evidence not in path.parents and not path.name.startswith("claims.db"))


def lose(path: str) -> None:
    """Take a file away from under its row."""
    (_data_dir / "evidence" / path).unlink()


def data_dir() -> str:
    return str(_data_dir)


def _digests(folder: Path, wanted: Any) -> dict[str, str]:
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and wanted(path)]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def refuse_commits(refuse: bool) -> None:
    """Let the database fail at every commit, or no longer."""
    from flask import current_app
    from sqlalchemy import event

    engine = current_app.extensions["sqlalchemy"].engine
    (event.listen if refuse else event.remove)(engine, "commit", _fail)


def _fail(connection: Any) -> None:
    from sqlalchemy.exc import OperationalError

    connection.connection.rollback()  # as the library does when the database itself refuses
    raise OperationalError("COMMIT", None, Exception("database is locked"))


class _Meeting:
    """Requests wait for each other where they are about to write a file, once at every kind of writing."""

    def __init__(self, count: int) -> None:
        self._barriers = {kind: threading.Barrier(count) for kind in ("open", "os.rename", "os.link")}
        self._been = threading.local()

    def arrive(self, kind: str) -> None:
        been = self._been.__dict__.setdefault("kinds", set())
        if kind in been:
            return
        been.add(kind)
        try:
            self._barriers[kind].wait(MEET_S)
        except threading.BrokenBarrierError:
            # Who writes one after the other never meets; nobody waits a second time for that.
            for barrier in self._barriers.values():
                barrier.abort()


_meeting: _Meeting | None = None
_hooked = False


def meet_at_writing(count: int) -> None:
    """Let the next `count` requests meet where they write into EVIDENCE_DIR."""
    global _meeting, _hooked  # noqa: PLW0603  one app in one process
    _meeting = _Meeting(count)
    if not _hooked:
        sys.addaudithook(_seen)
        _hooked = True


def _seen(event: str, args: tuple[Any, ...]) -> None:
    meeting = _meeting
    if meeting is None or event not in ("open", "os.rename", "os.link"):
        return
    if event == "open":
        path, _, flags = args
        if not flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            return
    else:
        path = args[1]
    if isinstance(path, (str, bytes, os.PathLike)) and os.fsdecode(path).startswith(f"{_data_dir}/evidence/"):
        meeting.arrive(event)
