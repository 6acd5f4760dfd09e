"""Stores accounts and parcels, drawn from the grading's seed, in one SQLite file that all processes of a test share.

Limits, keys, ids, names and parcels are another site's in each grading; the hidden suite draws the same site by
`Site(seed)`. What only the app's side needs is imported where it is used.

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

NAMES = (
    *("Alder Books", "Birch Optics", "Cedar Freight", "Dogwood Tea", "Elm Instruments", "Fir & Sons", "Gorse Garments"),
    *("Hazel Ceramics", "Ivy Outfitters", "Juniper Spirits", "Larch Timber", "Maple Toys", "Oak Stationery"),
)
FIRST_NAMES = ("Ada", "Bruno", "Chiara", "Dilan", "Emre", "Freya", "Goran", "Hanne", "Ilir", "Janne", "Kofi", "Lena")
LAST_NAMES = ("Abel", "Brandt", "Costa", "Dietz", "Engel", "Fuchs", "Gruber", "Horvat", "Ivanov", "Jensen")
TOWNS = ("Rostock", "Leipzig", "Kassel", "Ulm", "Graz", "Brno", "Poznań", "Lübeck", "Trier", "Basel", "Linz")
CHECK_WEIGHTS = (3, 7, 3, 7, 3, 7, 3, 7, 3)
DOMAIN_TABLES = {"accounts", "api_keys", "parcels", "scans"}
EXPECTED, ARRIVED = "expected", "arrived"
BUSY_READ_S = 0.02
#: What is announced and does not come keeps nobody waiting for longer.
GATHER_MS = 2_000


class SeededParcel:
    """A row of `parcels` with those of `scans`: places and times."""

    def __init__(self, number, rng, places):
        digits = f"{number:09d}"
        check = sum(int(digit) * weight for digit, weight in zip(digits, CHECK_WEIGHTS, strict=True)) % 10
        self.id = number
        self.number = f"PX{digits}{check}"
        self.recipient = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
        self.postcode = str(rng.randrange(10_000, 99_999))
        stops = rng.randrange(len(places) + 1)
        self.status = "booked" if stops == 0 else "delivered" if stops == len(places) else "in_transit"
        started = datetime(2026, 3, 1, 6) + timedelta(minutes=rng.randrange(200_000))
        self.scans = [(place, started + timedelta(hours=7 * stop)) for stop, place in enumerate(places[:stops])]


class SeededAccount:
    """A row of `accounts` with its keys and parcels."""

    def __init__(self, number, name, plan, keys, parcels, revoked=()):
        self.id = number
        self.name = name
        self.plan = plan
        self.keys = keys
        self.revoked = revoked
        self.parcels = parcels


class Site:
    """Four accounts: `alder` (two keys, and one that is revoked) and `birch` are basic, `cedar` and `dogwood` business.

    `limits` is the site's RATE_LIMITS: small ones, so that few requests reach them.
    """

    def __init__(self, seed):
        rng = random.Random(f"site {seed}")
        lookup, booking = rng.choice((3, 4)), rng.choice((2, 3))
        self.limits = {
            "lookup": {"basic": lookup, "business": 7 - lookup},
            "booking": {"basic": booking, "business": 5 - booking},
            "public": {"address": rng.choice((2, 3))},
        }
        places = [f"{town} {rng.choice(('depot', 'hub', 'base'))}" for town in rng.sample(TOWNS, 4)]
        numbers = iter(rng.sample(range(1_000, 10**8), 40))
        ids, names = iter(rng.sample(range(10, 10_000), 4)), iter(rng.sample(NAMES, 4))

        def key():
            return f"key-{rng.getrandbits(64):016x}"

        def account(plan, keys=1, revoked=0):
            parcels = [SeededParcel(next(numbers), rng, places) for _ in range(rng.randrange(5, 8))]
            own, old = [key() for _ in range(keys)], [key() for _ in range(revoked)]
            return SeededAccount(next(ids), next(names), plan, own, parcels, old)

        self.alder, self.birch = account("basic", keys=2, revoked=1), account("basic")
        self.cedar, self.dogwood = account("business"), account("business")
        self.accounts = [self.alder, self.birch, self.cedar, self.dogwood]
        rng.shuffle(self.accounts)


_data_dir = Path()
_site = Site(0)
_in_flight = 0
_in_flight_lock = threading.Lock()


def build(context):
    """The app on a seeded SQLite file, without an open connection."""
    global _data_dir, _site
    _data_dir, _site = context.data_dir, Site(context.seed)
    create_app = context.load()
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{context.data_dir / 'app.db'}",
            "RATE_WINDOW_S": 60,
            "RATE_LIMITS": _site.limits,
            "RATE_REDIS_URL": context.redis_url,
        }
    )
    from parcels.extensions import db
    from parcels.models import Account
    from sqlalchemy import event, func, select
    from sqlalchemy.engine import Engine

    with app.app_context():
        db.create_all()
        if not db.session.scalar(select(func.count()).select_from(Account)):
            _store(db.session)
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
    for headers in ({"X-Api-Key": _site.alder.keys[0]}, {"X-Api-Key": "none"}):
        client.get("/api/v1/quota", headers=headers)
    client.get("/healthz")
    from parcels.extensions import db
    from parcels.models import Parcel
    from sqlalchemy import select

    with app.app_context():
        with contextlib.suppress(Exception):  # A submission may keep its parcels in another way.
            number = Parcel.number == _site.alder.parcels[0].number
            len(db.session.scalar(select(Parcel).where(number)).scans)
            owner = Parcel.account_id == _site.alder.id
            db.session.scalars(select(Parcel).where(owner).order_by(Parcel.number)).all()
            parcel = Parcel(account_id=_site.alder.id, recipient="Warm", postcode="20095")
            db.session.add(parcel)
            db.session.flush()
            parcel.assign_number()
            db.session.flush()
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


def _store(session):
    from parcels.models import Account, ApiKey, Parcel, Scan, key_digest

    for seeded in _site.accounts:
        account = Account(id=seeded.id, name=seeded.name, plan=seeded.plan)
        account.keys = [ApiKey(digest=key_digest(key)) for key in seeded.keys]
        account.keys += [ApiKey(digest=key_digest(key), revoked=True) for key in seeded.revoked]
        session.add(account)
        session.flush()
        for each in seeded.parcels:
            parcel = Parcel(
                id=each.id,
                account_id=seeded.id,
                number=each.number,
                recipient=each.recipient,
                postcode=each.postcode,
                status=each.status,
            )
            parcel.scans = [Scan(place=place, scanned_at=at) for place, at in each.scans]
            session.add(parcel)
            session.flush()
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
    from flask import current_app

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
