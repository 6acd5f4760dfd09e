"""Builds the dispatch desk with orders drawn from the grading's seed; gives it a carrier, a clock and a way to wait.

The carrier keeps its books, its plans and the time in a file, so that two processes of the app have the same one. Times
are seconds of the clock it gives. The suite draws the same desk by `Desk(seed)`; what only the app's side needs is
imported where it is used.
"""

from __future__ import annotations

import json as json_module
import random
import threading
from pathlib import Path
from typing import Any

CUSTOMERS = (
    "School",
    "Observatory",
    "Chart Shop",
    "Hotel",
    "Museum",
    "Library",
    "Yacht Club",
    "Planetarium",
    "Bookshop",
)
PLACES = ("Ostrava", "Lund", "Porto", "Galway", "Trieste", "Bergen", "Ghent", "Turku", "Cadiz", "Leeds", "Graz", "Brno")
STATES = ("announced", "collected", "in depot", "under way", "in customs", "delivered", "held")

#: How long the carrier takes for an answer when it is well.
QUICK_S = 0.125
#: What a call without any limit costs when no answer comes.
FOR_EVER_S = 3_600.0


class Desk:
    """Twelve orders, `labelled` of them with a label, `bare` without; limits; prices. All drawn from a seed.

    `timeout`, `deadline` and `pause` are in seconds. Three calls that hang don't fit in the deadline, two do.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"desk {seed}")
        numbers = sorted(rng.sample(range(2_000, 9_000), 12))
        labels = rng.sample(range(10_000, 90_000), 6)
        self.orders: list[dict[str, Any]] = [
            {
                "id": place,
                "number": number,
                "customer": f"{rng.choice(PLACES)} {rng.choice(CUSTOMERS)}",
                "grams": 50 * rng.randrange(10, 500),
            }
            for place, number in zip(rng.sample(range(1, 500), 12), numbers, strict=True)
        ]
        self.labelled = sorted(rng.sample(self.orders, 6), key=lambda order: order["number"])
        self.bare = [order for order in self.orders if order not in self.labelled]
        self.labels = [
            {
                "id": number // 10,
                "order_id": order["id"],
                "number": f"GP{number}",
                "service": rng.choice(("standard", "express")),
                "price_cents": 10 * rng.randrange(60, 300),
                "cancelled": False,
            }
            for order, number in zip(self.labelled, labels, strict=True)
        ]
        self.states = {label["number"]: rng.choice(STATES) for label in self.labels}
        self.next_label = rng.randrange(100_000, 900_000)
        self.step = rng.randrange(3, 60)
        self.timeout = 2.5 + rng.randrange(9) / 16
        self.deadline = 2.25 * self.timeout + 0.5 + rng.randrange(3) / 16
        self.pause = float(rng.randrange(20, 90))
        self.rate = rng.randrange(2, 9)

    def price(self, service: str, grams: int) -> int:
        """What the carrier takes, in cents."""
        return (400 if service == "standard" else 1_100) + self.rate * (grams // 100)

    def rates(self, grams: int) -> list[dict[str, Any]]:
        return [
            {"service": service, "price_cents": self.price(service, grams), "days": days}
            for service, days in (("standard", 3), ("express", 1))
        ]

    def shown(self, order: dict[str, Any], label: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
        """An order as the desk shows it."""
        said = label and {name: label[name] for name in ("number", "service", "price_cents")}
        return {name: order[name] for name in ("number", "customer", "grams")} | {"label": said} | more


class Carrier:
    """The transport: does what the plan says of the next call that it fits, or else answers as documented.

    A plan is a dict: `what` is `unreached`, `silent` (it did nothing), `lost` (it did all) or `said`; the last has a
    `status`, `headers` and a `body`. `takes` is how long it takes to answer, `on` the method that it is for, or none.
    """

    def __init__(self, file: Path, desk: Desk) -> None:
        self._file = file
        self._desk = desk
        self._alone = threading.Lock()

    def begin(self) -> None:
        """Nothing was asked for yet."""
        desk = self._desk
        self.write(
            {
                "now": 5_000.0,
                "plan": [],
                "calls": [],
                "waits": [],
                "keys": {},
                "labels": {
                    label["number"]: {"reference": str(order["number"]), "state": desk.states[label["number"]]}
                    for order, label in zip(desk.labelled, desk.labels, strict=True)
                },
                "sold": 0,
            }
        )

    def read(self) -> dict[str, Any]:
        return json_module.loads(self._file.read_text())

    def write(self, books: dict[str, Any]) -> None:
        self._file.write_text(json_module.dumps(books))

    def clock(self) -> float:
        return self.read()["now"]

    def wait(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("nobody waits less than no time")
        with self._alone:
            books = self.read()
            books["waits"].append({"at": books["now"], "seconds": float(seconds)})
            books["now"] += float(seconds)
            self.write(books)

    def __call__(
        self,
        method: str,
        path: str,
        *,
        query: Any = None,
        json: Any = None,
        headers: Any = None,
        timeout: float | None = None,
    ) -> Any:
        from carrierlink import NoAnswer, NotReached, Reply

        if timeout is not None and timeout <= 0:
            raise ValueError("a timeout is more than no time")
        with self._alone:
            books = self.read()
            given = {str(name).lower(): str(value) for name, value in dict(headers or {}).items()}
            call = {
                "method": method,
                "path": path,
                "query": {name: str(value) for name, value in dict(query or {}).items()},
                "json": json,
                "timeout": timeout,
                "key": given.get("idempotency-key"),
                "at": books["now"],
            }
            books["calls"].append(call)
            planned = next((plan for plan in books["plan"] if plan["on"] in ("", method)), None)
            if planned is not None:
                planned["times"] -= 1
                books["plan"] = [plan for plan in books["plan"] if plan["times"]]
            what = planned or {"what": "well", "takes": QUICK_S}
            takes = what["takes"]
            status, said, sent = 200, {}, {"content-type": "application/json"}
            if what["what"] == "said":
                status, said, sent = what["status"], what["body"], sent | what["headers"]
            elif what["what"] in ("well", "slow", "lost"):
                status, said = self._do(books, call)
            if what["what"] in ("silent", "lost"):
                takes = FOR_EVER_S
            limit = FOR_EVER_S if timeout is None else timeout
            late = takes > limit or what["what"] in ("silent", "lost")
            books["now"] += limit if late else takes
            call["until"] = books["now"]
            self.write(books)
        if what["what"] == "unreached":
            raise NotReached("carrier.example:443: connection refused")
        if late:
            raise NoAnswer(f"{method} {path}: timed out")
        content = said if isinstance(said, str) else json_module.dumps(said)
        return Reply(status, sent, content.encode())

    def _do(self, books: dict[str, Any], call: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """What the documentation says of the call."""
        method, path, json = call["method"], call["path"], call["json"]
        if (method, path) == ("GET", "/rates"):
            return 200, {"rates": self._desk.rates(int(call["query"]["grams"]))}
        if (method, path) == ("POST", "/labels"):
            key = call["key"]
            if key is not None and not 1 <= len(key) <= 64:
                return 400, {"reason": "a key has 1 to 64 characters"}
            if key not in books["keys"] or key is None:
                number = f"GP{self._desk.next_label + self._desk.step * books['sold']}"
                books["sold"] += 1
                books["labels"][number] = {"reference": json["reference"], "state": "announced"}
                sold = {
                    "label": number,
                    "service": json["service"],
                    "price_cents": self._desk.price(json["service"], json["grams"]),
                }
                if key is None:
                    return 201, sold
                books["keys"][key] = sold
            return 201, books["keys"][key]
        label = path.removeprefix("/labels/")
        if method not in ("GET", "DELETE") or label not in books["labels"]:
            return 404, {}
        if method == "DELETE":
            books["labels"][label]["state"] = "cancelled"
        return 200, {"label": label, "state": books["labels"][label]["state"]}


_carrier: list[Carrier] = []


def plan(plans: list[dict[str, Any]]) -> None:
    """Add to what goes wrong."""
    books = _carrier[0].read()
    books["plan"] += plans
    _carrier[0].write(books)


def well() -> None:
    """Nothing goes wrong any more."""
    books = _carrier[0].read()
    books["plan"] = []
    _carrier[0].write(books)


def later(seconds: float) -> None:
    """Let time pass."""
    books = _carrier[0].read()
    books["now"] += seconds
    _carrier[0].write(books)


def books() -> dict[str, Any]:
    """What the carrier knows."""
    return _carrier[0].read()


def build(context: Any) -> Any:
    """The candidate's app with the seed's orders, and this carrier."""
    desk = Desk(context.seed)
    file = Path(context.data_dir) / "carrier.json"
    began = file.exists()  # so it is where a second process of the same desk is built anew
    carrier = Carrier(file, desk)
    _carrier[:] = [carrier]
    app = context.load()(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{context.data_dir}/desk.db",
            "CARRIER_TIMEOUT": desk.timeout,
            "CARRIER_DEADLINE": desk.deadline,
            "CARRIER_PAUSE": desk.pause,
            "CARRIER_TRANSPORT": carrier,
            "CLOCK": carrier.clock,
            "WAIT": carrier.wait,
        }
    )
    from sqlalchemy import insert

    if began:
        return app
    carrier.begin()
    db = app.extensions["sqlalchemy"]
    with app.app_context():
        db.create_all()
        with db.engine.begin() as connection:
            connection.execute(insert(db.metadata.tables["orders"]), desk.orders)
            connection.execute(insert(db.metadata.tables["labels"]), desk.labels)
        db.session.remove()
        db.engine.dispose()
    return app
