"""Builds the regatta with races drawn from the grading's seed, and listens to it as a server does.

A listener's response is taken piece by piece in a thread of its own, and closed there once the visitor is gone: at the
next piece, or before the first. The suite draws the same races by `Regatta(seed)`; what only the app's side needs is
imported where it is used.
"""

from __future__ import annotations

import random
import threading
from typing import Any

CLASSES = ("Dinghies", "Wooden boats", "Folkboats", "Cutters", "Skerry cruisers", "Yawls", "Gigs", "Ketches", "Dragons")
MARKS = ("Pier", "Lee buoy", "Skerry", "Lighthouse", "Old quay", "Finish", "Weather mark", "Gate", "Bell buoy")
LANDS = ("NOR", "SWE", "DEN", "FIN", "EST", "GER", "POL", "LAT")


class Regatta:
    """Four races, three of which have passings; `busy` has the most, `new` has none. All of it drawn from a seed.

    `heartbeat` is in seconds, and short, since tests wait for some; `backlog` is how many passings may wait, `pool` how
    many connections there are.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"regatta {seed}")
        self.races = [
            {"number": number, "name": name}
            for number, name in zip(sorted(rng.sample(range(10, 900), 4)), rng.sample(CLASSES, 4), strict=True)
        ]
        shuffled = rng.sample(self.races, 4)
        self.busy, self.other, self.third, self.new = (race["number"] for race in shuffled)
        owners = [self.busy] * 9 + [self.other] * 4 + [self.third] * 3
        rng.shuffle(owners)
        number = rng.randrange(1_000, 8_000)
        self.passings: list[dict[str, Any]] = []
        for owner in owners:
            number += rng.randrange(1, 4)
            self.passings.append({"number": number, "race_number": owner} | said(rng))
        self.heartbeat = 0.02 + rng.randrange(5) / 500
        # More than the ten of the starter.
        self.backlog = rng.randrange(12, 18)
        # Two may listen, and a mark report, also where each of them keeps a connection.
        self.pool = rng.randrange(3, 5)

    def of(self, race: int) -> list[dict[str, Any]]:
        """The passings of a race, as the list shows them."""
        return [
            {name: passing[name] for name in ("number", "boat", "mark")}
            for passing in self.passings
            if passing["race_number"] == race
        ]


def said(rng: random.Random) -> dict[str, str]:
    """What a mark reports."""
    return {"boat": f"{rng.choice(LANDS)} {rng.randrange(10_000)}", "mark": f"{rng.choice(MARKS)} {rng.randrange(100)}"}


class Listener(threading.Thread):
    """A visitor and the server between. `pieces` came so far; `ended` and `failed` say how the response ended."""

    def __init__(self, app: Any, path: str, headers: dict[str, str]) -> None:
        super().__init__(daemon=True)
        from werkzeug.test import EnvironBuilder

        self._environ = EnvironBuilder(path=path, headers=headers).get_environ()
        self._app = app
        self._reads = threading.Event()
        self._answered = threading.Event()
        self.left = False
        self.pieces: list[str] = []
        self.status = ""
        self.headers: list[tuple[str, str]] = []
        self.ended = False
        self.failed = ""

    def begin(self, *, reads: bool) -> bool:
        """Ask, and take what comes if it `reads`; gives whether the app has taken the request in three seconds."""
        if reads:
            self._reads.set()
        self.start()
        return self._answered.wait(3.0)

    def read(self) -> None:
        """Take what comes, from now on."""
        self._reads.set()

    def leave(self) -> None:
        """The visitor is gone; the server sees it when it has something to send, or if it had nothing yet."""
        self.left = True
        self._reads.set()

    def _start_response(self, status: str, headers: list[tuple[str, str]], error: Any = None) -> Any:
        self.status, self.headers = status, list(headers)
        return self.pieces.append

    def run(self) -> None:
        try:
            response = self._app.wsgi_app(self._environ, self._start_response)
            self._answered.set()
            try:
                self._reads.wait()
                if not self.left:
                    for piece in response:
                        if self.left:
                            break
                        self.pieces.append(piece.decode())
            finally:
                if hasattr(response, "close"):
                    response.close()
        except Exception as error:
            self.failed = repr(error)
        self.ended = True
        self._answered.set()


#: Of the patient one the heartbeat is so long that nobody lives to see the second.
_PATIENT_S = 3600.0
_apps: dict[str, Any] = {}
_listeners: list[Listener] = []


def listen(path: str, headers: dict[str, str], reads: bool, app: str = "usual") -> int:
    """Begin to listen; gives the listener's number, or -1 if the app does not take the request."""
    listener = Listener(_apps[app], path, headers)
    if not listener.begin(reads=reads):
        return -1
    _listeners.append(listener)
    return len(_listeners) - 1


def read(number: int) -> None:
    _listeners[number].read()


def leave(number: int) -> None:
    _listeners[number].leave()


def heard(number: int) -> dict[str, Any]:
    """What a listener has so far."""
    listener = _listeners[number]
    ended = listener.ended  # first: when it has ended, the text is all that there will be
    return {
        "text": "".join(listener.pieces),
        "status": listener.status,
        "headers": {name.lower(): value for name, value in listener.headers},
        "ended": ended,
        "failed": listener.failed,
    }


def report_to_patient(path: str, body: dict[str, str]) -> dict[str, Any]:
    """A mark reports something to the app with the long heartbeat; gives the answer."""
    return _apps["patient"].test_client().post(path, json=body).get_json()


class Connections:
    """How many connections of an engine are in use, whatever pool it has."""

    def __init__(self, engine: Any) -> None:
        from sqlalchemy import event

        self._lock = threading.Lock()
        self._count = 0
        event.listen(engine, "checkout", lambda *_: self._add(1))
        event.listen(engine, "checkin", lambda *_: self._add(-1))

    def _add(self, count: int) -> None:
        with self._lock:
            self._count += count

    def in_use(self) -> int:
        with self._lock:
            return self._count


_connections: list[Connections] = []


def connections_in_use() -> int:
    return _connections[0].in_use()


def report_meanwhile(moment: str, path: str, body: dict[str, str]) -> None:
    """A mark reports something once, at the next such moment: `read`, just before passings are asked for, or `given`.

    The latter is when the app gives a connection back.
    """
    from sqlalchemy import event

    app = _apps["usual"]
    with app.app_context():
        engine = app.extensions["sqlalchemy"].engine
    armed = [True]

    def send() -> None:
        app.test_client().post(path, json=body)

    def report() -> None:
        if armed:
            armed.clear()
            reporter = threading.Thread(target=send, daemon=True)
            reporter.start()
            # Who has listeners wait while it looks into the database has the mark wait as well: not for ever.
            reporter.join(1.0)

    def on_statement(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT") and "passings" in statement:
            report()

    if moment == "read":
        event.listen(engine, "before_cursor_execute", on_statement)
    else:
        event.listen(engine, "checkin", lambda *_: report())


def build(context: Any) -> Any:
    """The candidate's app with the seed's races."""
    regatta = Regatta(context.seed)
    config = {
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{context.data_dir}/regatta.db",
        "DB_POOL": regatta.pool,
        "HEARTBEAT": regatta.heartbeat,
        "BACKLOG": regatta.backlog,
    }
    # The usual one comes last, so that what a module keeps of the settings is of that.
    _apps["patient"] = context.load()(config | {"HEARTBEAT": _PATIENT_S})
    _apps["usual"] = app = context.load()(config)
    _listeners.clear()
    from sqlalchemy import insert

    db = app.extensions["sqlalchemy"]
    with app.app_context():
        db.create_all()
        with db.engine.begin() as connection:
            connection.execute(insert(db.metadata.tables["races"]), regatta.races)
            connection.execute(insert(db.metadata.tables["passings"]), regatta.passings)
        db.session.remove()
        db.engine.dispose()
        _connections[:] = [Connections(db.engine)]
    return app
