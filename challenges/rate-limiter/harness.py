"""Seeds accounts and parcels into one SQLite file that all processes of a test share.

Reads take a little longer while several requests are in flight, as they do on a busy machine, and requests that the
hidden suite announces by `expect` start at the same moment, in whatever process they are: requests that belong together
then really overlap. `footprint` is called by the hidden suite as well.
"""

import contextlib
import gc
import os
import random
import sqlite3
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType, FunctionType, ModuleType

from flask import current_app
from sqlalchemy import event, func, select
from sqlalchemy.engine import Engine

ACCOUNTS = (
    ("Alder Books", "basic", ("alder-main-5d1c", "alder-next-77b0"), ("alder-old-0e42",)),
    ("Birch Optics", "basic", ("birch-main-a94f",), ()),
    ("Cedar Freight", "business", ("cedar-main-c3e8",), ()),
    ("Dogwood Tea", "business", ("dogwood-main-12aa",), ()),
)
RATE_LIMITS = {
    "lookup": {"basic": 3, "business": 4},
    "booking": {"basic": 2, "business": 3},
    "public": {"address": 2},
}
DOMAIN_TABLES = {"accounts", "api_keys", "parcels", "scans"}
EXPECTED, ARRIVED = "expected", "arrived"
BUSY_READ_S = 0.02
#: What is announced and does not come keeps nobody waiting for longer.
GATHER_MS = 2_000

_data_dir = Path()
_in_flight = 0
_in_flight_lock = threading.Lock()


def build(context):
    """The app on a seeded SQLite file, without an open connection."""
    global _data_dir  # noqa: PLW0603  one app in one process
    _data_dir = context.data_dir
    create_app = context.load()
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{context.data_dir / 'app.db'}",
            "RATE_WINDOW_S": 60,
            "RATE_LIMITS": RATE_LIMITS,
        }
    )
    from parcels.extensions import db
    from parcels.models import Account

    with app.app_context():
        db.create_all()
        if not db.session.scalar(select(func.count()).select_from(Account)):
            _seed(db.session)
        db.session.remove()
        # Processes that are forked from this one may not share a connection.
        db.engine.dispose()
    _count_requests_in_flight(app)
    if not event.contains(Engine, "after_cursor_execute", _busy_read):
        event.listen(Engine, "after_cursor_execute", _busy_read)
    return app


def warm(app):
    """Compile once what most tests ask the database for, by requests that are not limited and so leave no trace."""
    client = app.test_client()
    for headers in ({"X-Api-Key": "alder-main-5d1c"}, {"X-Api-Key": "none"}):
        client.get("/api/v1/quota", headers=headers)
    client.get("/healthz")
    from parcels.extensions import db
    from parcels.models import Parcel

    with app.app_context():
        with contextlib.suppress(Exception):  # A submission may keep its parcels in another way.
            number = Parcel.number == "PX0000000013"
            len(db.session.scalar(select(Parcel).where(number)).scans)
            db.session.scalars(select(Parcel).where(Parcel.account_id == 1).order_by(Parcel.number)).all()
            parcel = Parcel(account_id=1, recipient="Warm", postcode="20095")
            db.session.add(parcel)
            db.session.flush()
            parcel.assign_number()
            db.session.flush()
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def _seed(session):
    from parcels.models import Account, ApiKey, Parcel, Scan, key_digest

    draw = random.Random(20261103)
    first_names = ("Ada", "Bruno", "Chiara", "Dilan", "Emre", "Freya", "Goran", "Hanne")
    last_names = ("Abel", "Brandt", "Costa", "Dietz", "Engel", "Fuchs")
    places = ("Rostock depot", "Leipzig hub", "Kassel hub", "Ulm delivery base")
    for name, plan, keys, revoked in ACCOUNTS:
        account = Account(name=name, plan=plan)
        account.keys = [ApiKey(digest=key_digest(key)) for key in keys]
        account.keys += [ApiKey(digest=key_digest(key), revoked=True) for key in revoked]
        session.add(account)
        session.flush()
        for index in range(6):
            stops = index % (len(places) + 1)
            parcel = Parcel(
                account_id=account.id,
                recipient=f"{draw.choice(first_names)} {draw.choice(last_names)}",
                postcode=str(draw.randrange(10_000, 99_999)),
                status="booked" if stops == 0 else "delivered" if stops == len(places) else "in_transit",
            )
            started = datetime(2026, 9, 1, 6) + timedelta(minutes=draw.randrange(600))
            parcel.scans = [
                Scan(place=place, scanned_at=started + timedelta(hours=7 * stop))
                for stop, place in enumerate(places[:stops])
            ]
            session.add(parcel)
            session.flush()
            parcel.assign_number()
    session.commit()


def _count_requests_in_flight(app):
    inner = app.wsgi_app

    def counted(environ, start_response):
        global _in_flight  # noqa: PLW0603  one number for the process, as there is one interpreter
        with _in_flight_lock:
            _in_flight += 1
        try:
            _gather()
            return inner(environ, start_response)
        finally:
            with _in_flight_lock:
                _in_flight -= 1

    app.wsgi_app = counted


def expect(count):
    """Let the next `count` requests, to all processes together, wait for each other at the door."""
    (_data_dir / ARRIVED).write_bytes(b"")
    (_data_dir / EXPECTED).write_text(str(count))


def _gather():
    try:
        expected = int((_data_dir / EXPECTED).read_text())
        # The length of the file is how many came: appending is atomic among processes.
        with (_data_dir / ARRIVED).open("ab", buffering=0) as arrived:
            arrived.write(b".")
            for _ in range(GATHER_MS):  # the clocks may stand still
                if os.fstat(arrived.fileno()).st_size >= expected:
                    break
                time.sleep(0.001)
        (_data_dir / EXPECTED).unlink()
    except FileNotFoundError:
        pass  # nothing is announced, or another one that arrived has seen that all are there


def _busy_read(_connection, _cursor, statement, *_rest):
    if _in_flight > 1 and statement.lstrip()[:6].upper() in ("SELECT", "WITH R"):
        time.sleep(BUSY_READ_S)


def footprint():
    """What the app keeps beyond accounts and parcels.

    `rows` and `stored_chars` are of all other tables of the SQLite files in the data directory; `objects` is how many
    Python objects can be reached from the app and from the modules of its package.
    """
    from parcels.extensions import db

    rows, stored_chars = 0, 0
    for path in sorted(Path(db.engine.url.database).parent.iterdir()):
        if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3":
            for row in _other_rows(path):
                rows += 1
                stored_chars += len(repr(row))
    return {"rows": rows, "stored_chars": stored_chars, "objects": _objects_within_reach()}


def _other_rows(path):
    connection = sqlite3.connect(path, timeout=5)
    try:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        for (table,) in tables:
            if table not in DOMAIN_TABLES:
                yield from connection.execute(f'SELECT * FROM "{table}"').fetchall()
    finally:
        connection.close()


def _objects_within_reach():
    gc.collect()
    modules = list(sys.modules.items())
    own = [vars(module) for name, module in modules if name.partition(".")[0] == "parcels"]
    # What other modules hold is not the app's, and would be reached through any function's globals.
    seen = {id(vars(module)) for _, module in modules if hasattr(module, "__dict__")}
    seen -= {id(names) for names in own}
    todo = [current_app._get_current_object(), *own]
    seen.update(map(id, todo))
    count = 0
    while todo:
        count += 1
        for found in gc.get_referents(todo.pop()):
            if id(found) not in seen and not _not_the_apps(found):
                seen.add(id(found))
                todo.append(found)
    return count


def _not_the_apps(found):
    """Whether this leads to what is a library's: its classes and functions are most of what is in reach."""
    if isinstance(found, (type, FunctionType)):
        return str(found.__module__).partition(".")[0] != "parcels"
    # Connections lead to whoever listens to their statements.
    return isinstance(found, (ModuleType, FrameType, sqlite3.Connection))
