"""Builds the archive and fills it with cores drawn from the grading's seed: no two gradings have the same.

Laboratories and the scanner are the suite's own. They can hold whoever asks about a hole until they are told to let
go, so that requests overlap for certain; no test depends on who is faster. The hidden suite draws the same archive by
`Archive(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import threading
from collections.abc import Callable
from typing import Any

COMPANIES = ("Aurland Minerals", "Skellefte Nickel", "Outokaira Oy", "Rana Zinc", "Kalix Graphite", "Tana Gold")
FIRST = ("Signe", "Tomas", "Aino", "Jalmar", "Ester", "Nils", "Ravna", "Pekka", "Liv", "Otto", "Märta", "Iisak")
LAST = ("Hætta", "Norberg", "Koskela", "Valle", "Strand", "Juntti", "Lampi", "Fors", "Utsi", "Dahl", "Aho", "Bjørk")
FIELDS = ("Storliden", "Kuusijärvi", "Gråberget", "Nattavaara", "Bleikvassli", "Saivo")
ROCKS = ("granite", "greenstone", "gabbro", "schist", "quartzite", "marble", "till", "skarn", "amphibolite")
ELEMENTS = ("Cu", "Ni", "Zn", "Au", "Ag", "Co", "V")
ACTIONS = {"": "viewed", "/log.csv": "exported", "/assays": "asked for assays", "/notes": "read notes"}
#: What is held and not let go goes on after this time: it is too late then for the test that held it.
HOLD_S = 3.0
UNITS = {"m": 1000.0, "ft": 304.8}


class Person:
    """A row of `people`."""

    def __init__(self, number: int, name: str, company: str, company_id: int, token: str) -> None:
        self.id = number
        self.name = name
        self.company = company
        self.company_id = company_id
        self.token = token


class Core:
    """A row of `cores` with those of `intervals`: top, bottom and rock."""

    def __init__(self, number: int, hole: str, field: str, company_id: int, intervals: list[tuple[int, int, str]]):
        self.id = number
        self.hole = hole
        self.field = field
        self.company_id = company_id
        self.intervals = intervals
        self.bottom_mm = intervals[-1][1]


class Archive:
    """Two companies, `one` and `other`, with two people each, and a third with nobody.

    All cores are of one field. `ones` and `others` are the companies' own cores, which nobody else may see; `shared`
    are the first one's, and the other company may see them, too. There are `tables` light tables.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"archive {seed}")
        self.tables = rng.choice((2, 3))
        self.companies = list(zip(rng.sample(range(1, 500), 3), rng.sample(COMPANIES, 3), strict=True))
        ids, first, last = rng.sample(range(1, 900), 4), rng.sample(FIRST, 4), rng.sample(LAST, 4)
        self.people = [
            Person(
                ids[number],
                f"{first[number]} {last[number]}",
                self.companies[number // 2][1],
                self.companies[number // 2][0],
                f"{rng.getrandbits(96):024x}",
            )
            for number in range(4)
        ]
        self.one, self.colleague, self.other, self.rival = self.people

        field, prefix = rng.choice(FIELDS), "".join(rng.sample("ABCDEFGHKLMNPRSTVZ", 2))
        counts = [rng.randrange(2, 5), rng.randrange(2, 5), rng.randrange(2, 5), 1]
        numbers = iter(rng.sample(range(1, 5000), sum(counts)))
        holes = iter(rng.sample(range(100, 1000), sum(counts)))
        owners = [self.companies[0][0], self.companies[1][0], self.companies[0][0], self.companies[2][0]]
        groups = [
            [Core(next(numbers), f"{prefix}-{next(holes)}", field, owner, self._intervals(rng)) for _ in range(count)]
            for count, owner in zip(counts, owners, strict=True)
        ]
        self.ones, self.others, self.shared, self.hidden = groups
        self.cores = [core for group in groups for core in group]

    def _intervals(self, rng: random.Random) -> list[tuple[int, int, str]]:
        depths = [0, *sorted(rng.sample(range(1_000, 400_000), rng.randrange(9, 15)))]
        return [(top, bottom, rng.choice(ROCKS)) for top, bottom in itertools.pairwise(depths)]

    def seen_by(self, person: Person) -> list[Core]:
        """The cores that this person may see, by hole."""
        own = self.ones if person.company_id == self.one.company_id else self.others
        return sorted([*own, *self.shared], key=lambda core: core.hole)

    def owner_of(self, core: Core) -> str:
        return dict(self.companies)[core.company_id]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {
            "companies": [{"id": number, "name": name} for number, name in self.companies],
            "people": [
                {
                    "id": person.id,
                    "name": person.name,
                    "company_id": person.company_id,
                    "token_digest": hashlib.sha256(person.token.encode()).hexdigest(),
                }
                for person in self.people
            ],
            "cores": [
                {
                    "id": core.id,
                    "hole": core.hole,
                    "field": core.field,
                    "company_id": core.company_id,
                    "bottom_mm": core.bottom_mm,
                }
                for core in self.cores
            ],
            "shares": [{"core_id": core.id, "company_id": self.other.company_id} for core in self.shared],
            "intervals": [
                {"core_id": core.id, "top_mm": top, "bottom_mm": bottom, "rock": rock}
                for core in self.cores
                for top, bottom, rock in core.intervals
            ],
        }


def found_by(lab: str, hole: str) -> list[dict[str, Any]]:
    """What a laboratory found in a hole."""
    rng = random.Random(f"{lab} {hole}")
    return [
        {"element": element, "ppm": rng.randrange(1, 9000), "depth_mm": rng.randrange(1000, 90_000)}
        for element in rng.sample(ELEMENTS, 2)
    ]


def lab_names(seed: int) -> list[str]:
    rng = random.Random(f"labs {seed}")
    return [f"{rng.choice(LAST)} {kind}" for kind in ("Assay", "Geochemie")]


def depth(mm: int, unit: str) -> str:
    """A depth as the app shows it."""
    return f"{mm / UNITS[unit]:.2f} {unit}"


class Gate:
    """Holds `count` callers until it is opened. `late` says that some have waited for too long and gone on."""

    def __init__(self, count: int) -> None:
        self.late = False
        self._missing = count
        self._all_there = threading.Event()
        self._open = threading.Event()
        self._lock = threading.Lock()

    def hold(self) -> None:
        with self._lock:
            self._missing -= 1
            if self._missing <= 0:
                self._all_there.set()
        if not self._open.wait(HOLD_S):
            self.late = True

    def until_there(self) -> bool:
        return self._all_there.wait(HOLD_S)

    def let_go(self) -> bool:
        """Gives whether all who came were still held."""
        self._open.set()
        return not self.late


class Services:
    """What laboratories and the scanner were asked, and whom they are to hold or to fail."""

    def __init__(self) -> None:
        self.gates: dict[str, Gate] = {}
        self.failures: dict[str, str] = {}
        self.asked: list[dict[str, Any]] = []

    def comes(self, hole: str, **asked: Any) -> None:
        self.asked.append({"hole": hole, **asked})
        gate = self.gates.get(hole)
        if gate is not None:
            gate.hold()


_services = Services()


class Lab:
    def __init__(self, name: str) -> None:
        self.name = name

    def assays(self, hole: str, *, request_id: str, company: str) -> list[dict[str, Any]]:
        _services.comes(hole, lab=self.name, request_id=request_id, company=company)
        return found_by(self.name, hole)


class Scanner:
    def scan(self, hole: str, top_mm: int, bottom_mm: int, *, table: int, request_id: str) -> str:
        _services.comes(hole, part=[top_mm, bottom_mm], table=table, request_id=request_id)
        if _services.failures.get(hole) == "camera":
            raise OSError("no signal")
        if _services.failures.get(hole) == "unforeseen":
            raise ArithmeticError("nobody has thought of this")
        return picture(hole, top_mm, bottom_mm)


def picture(hole: str, top_mm: int, bottom_mm: int) -> str:
    """The reference of a picture."""
    return f"{hole}.{top_mm * 7 + bottom_mm:x}"


_archive = Archive(0)
_app: Any = None


def build(context: Any) -> Any:
    """The candidate's app on a seeded SQLite file, without an open connection."""
    global _archive, _app, _services  # noqa: PLW0603  one app in one process
    _archive, _services = Archive(context.seed), Services()
    create_app = context.load()
    _app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{context.data_dir / 'coreshed.db'}",
            "LIGHT_TABLES": _archive.tables,
            "LABS": [Lab(name) for name in lab_names(context.seed)],
            "SCANNER": Scanner(),
        }
    )
    with _app.app_context():
        db = _app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in _archive.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return _app


def hold(hole: str, count: int = 1) -> None:
    """Let laboratories and the scanner hold whoever asks about this hole; `count` callers are expected."""
    _services.gates[hole] = Gate(count)


def until_held(hole: str) -> bool:
    """Wait until all who are expected are held."""
    return _services.gates[hole].until_there()


def let_go(hole: str) -> bool:
    """Gives whether all were held until now."""
    return _services.gates.pop(hole).let_go()


def fail(hole: str, kind: str) -> None:
    """Let the scanner fail at this hole: its `camera`, or in a way `unforeseen`."""
    _services.failures[hole] = kind


def asked(hole: str) -> list[dict[str, Any]]:
    """What laboratories and the scanner were asked about this hole."""
    return [each for each in _services.asked if each["hole"] == hole]


def _in_thread(work: Callable[[], Any]) -> Any:
    """What `work` gives, done by a thread of its own."""
    result: list[Any] = []
    thread = threading.Thread(target=lambda: result.append(work()))
    thread.start()
    thread.join()
    return result[0]


def _environ(asked: dict[str, Any]) -> dict[str, Any]:
    from werkzeug.test import EnvironBuilder

    builder = EnvironBuilder(
        asked["path"],
        method=asked.get("method", "GET"),
        query_string=asked.get("query"),
        headers=asked.get("headers"),
        json=asked.get("json"),
    )
    return builder.get_environ()


def _answer(asked: dict[str, Any]) -> dict[str, Any]:
    from werkzeug.test import run_wsgi_app

    body, status, headers = run_wsgi_app(_app, _environ(asked), buffered=True)
    return {
        "status": int(status.split()[0]),
        "text": b"".join(body).decode(),
        "request_id": headers.get("X-Request-Id"),
    }


def by_one_thread(requests: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers to requests that one thread of the server answers one after another."""
    return _in_thread(lambda: [_answer(asked) for asked in requests])


def while_sending(asked: dict[str, Any], meanwhile: list[dict[str, Any]]) -> str:
    """The text of an answer. When three lines of it are sent, other threads of the server answer other requests."""
    from werkzeug.test import run_wsgi_app

    def send() -> str:
        lines, _, _ = run_wsgi_app(_app, _environ(asked))
        sent, rest = [], iter(lines)
        for line in rest:
            sent.append(line)
            if len(sent) == 3:
                for other in meanwhile:
                    _in_thread(lambda other=other: _answer(other))
        close = getattr(lines, "close", None)
        if close is not None:
            close()
        return b"".join(sent).decode()

    return _in_thread(send)


def warm(app: Any) -> None:
    """Ask once for what is nobody's, and nothing more: who else has asked may be remembered."""
    client = app.test_client()
    for path in ("/about", "/nowhere"):
        client.get(path)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
