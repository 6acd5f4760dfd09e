"""Builds a pharmacy with patients, prescriptions and orders drawn from the grading's seed.

Wholesaler and mail server are the suite's own: they do what the suite has told them, and remember what they were asked.
The hidden suite draws the same pharmacy by `Pharmacy(seed)`; what only the app's side needs is imported where it is
used.
"""

from __future__ import annotations

import hashlib
import logging
import random
import string
import threading
from typing import Any

HOSTS = ("example.org", "example.net", "post.example", "mail.example.com")
FIRST = ("ines", "noor", "tomas", "lena", "osei", "mirja", "pavel", "aoife", "hugo", "samira", "jonas", "wanda")
MEDICINES = ("Metformin", "Ramipril", "Levothyroxine", "Amlodipine", "Sertraline", "Salbutamol", "Omeprazole")
PLACES = ("Quay", "Mill", "Station", "Chapel", "Orchard", "Bridge")
SYLLABLES = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra")
#: What is held and not let go goes on after this time: it is too late then for the test that held it.
HOLD_S = 3.0
#: Most libraries have their loggers when they are imported, before an app is made.
LIBRARIES = {name: logging.getLogger(name) for name in ("wholesale.http", "postbox")}


class Patient:
    """A row of `patients`."""

    def __init__(self, number: int, rng: random.Random) -> None:
        self.id = number
        self.nhn = str(rng.randrange(10**9, 10**10))
        self.email = f"{rng.choice(FIRST)}.{word(rng)}{rng.randrange(10, 99)}@{rng.choice(HOSTS)}"

    @property
    def grouped(self) -> str:
        return f"{self.nhn[:3]} {self.nhn[3:6]} {self.nhn[6:]}"


class Pharmacy:
    """Each patient has a prescription with repeats left, and an order of it. `patients[0]` has a link."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"pharmacy {seed}")
        self.name = f"{rng.choice(PLACES)} Street Pharmacy {rng.randrange(2, 90)}"
        self.wholesaler_key = wholesaler_key(rng)
        self.other_key = wholesaler_key(rng)
        self.token = token(rng)
        self.prescriber_id = rng.randrange(1, 500)
        self.link_key = link_key(rng)
        count = rng.randrange(4, 7)
        self.patients = [Patient(number, rng) for number in sorted(rng.sample(range(1, 5_000), count))]
        self.prescriptions = [
            {
                "id": number,
                "patient_id": patient.id,
                "prescriber_id": self.prescriber_id,
                "medicine": f"{rng.choice(MEDICINES)} {rng.randrange(5, 500)} mg",
                "ean": str(rng.randrange(10**12, 10**13)),
                "packs": rng.randrange(1, 9),
                "repeats_left": rng.randrange(6, 10),
                "reminder_due": True,
            }
            for number, patient in zip(sorted(rng.sample(range(1, 9_000), count)), self.patients, strict=True)
        ]
        numbers = rng.sample(range(10_000_000, 100_000_000), count)
        self.orders = [
            {
                "id": index,
                "number": f"R-{number}",
                "prescription_id": prescription["id"],
                "note": word(rng),
                "state": "placed",
            }
            for index, (number, prescription) in enumerate(zip(numbers, self.prescriptions, strict=True), 1)
        ]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {
            "prescribers": [{"id": self.prescriber_id, "name": "Dr Osei", "token_digest": _digest(self.token)}],
            "patients": [{"id": each.id, "nhn": each.nhn, "email": each.email} for each in self.patients],
            "prescriptions": self.prescriptions,
            "links": [{"id": 1, "key_digest": _digest(self.link_key), "patient_id": self.patients[0].id}],
            "orders": self.orders,
        }


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def word(rng: random.Random) -> str:
    """A word that nobody knows, and that no test is given twice: some tests draw dozens and count where one stands."""
    return "".join(rng.choices(SYLLABLES, k=7))


def characters(rng: random.Random, count: int) -> str:
    """Letters and digits."""
    return "".join(rng.choices(string.ascii_letters + string.digits, k=count))


def token(rng: random.Random) -> str:
    """A prescriber's token."""
    return f"rx_{characters(rng, 40)}"


def link_key(rng: random.Random) -> str:
    """The key of a patient's link."""
    return f"rk_{characters(rng, 32)}"


def wholesaler_key(rng: random.Random) -> str:
    """A key that is written differently in a URL."""
    return f"{characters(rng, 9)}/{characters(rng, 9)} {characters(rng, 9)}+{characters(rng, 9)}=="


class Gate:
    """Holds whoever comes until it is opened. `late` says that somebody has waited for too long and gone on."""

    def __init__(self) -> None:
        self.late = False
        self.there = threading.Event()
        self.opened = threading.Event()

    def hold(self) -> None:
        self.there.set()
        if not self.opened.wait(HOLD_S):
            self.late = True


class Partners:
    """What wholesaler and mail server are to do, by number of the pack and by address, and what they were asked."""

    def __init__(self) -> None:
        self.told: dict[str, dict[str, Any]] = {}
        self.gates: dict[str, Gate] = {}
        self.orders: list[dict[str, Any]] = []
        self.mails: list[dict[str, str]] = []

    def do(self, name: str, log: str) -> None:
        """Do what was told for a number or an address. `warns`: a library of theirs writes to the log `log`."""
        gate = self.gates.get(name)
        if gate is not None:
            gate.hold()
        told = self.told.get(name, {})
        if "warns" in told:
            template, *values = told["warns"]
            LIBRARIES[log].warning(template, *values)
        if "raises" in told:
            raise _exception(told)


def _exception(told: dict[str, Any]) -> Exception:
    from pestle.partners import OutOfStock, WholesalerDown

    kinds = {each.__name__: each for each in (OutOfStock, WholesalerDown, OSError, LookupError, ArithmeticError)}
    error: Exception = kinds[told["raises"]](told["text"])
    if "note" in told:
        error.add_note(told["note"])
    if "cause" in told:
        error.__cause__ = _exception(told["cause"])
    return error


_partners = Partners()


class Wholesaler:
    def order(self, ean: str, packs: int, *, patient: str, key: str) -> str:
        _partners.orders.append({"ean": ean, "packs": packs, "patient": patient, "key": key})
        _partners.do(ean, "wholesale.http")
        return reference(ean, packs)


class Mailer:
    def send(self, to: str, subject: str, text: str) -> None:
        _partners.do(to, "postbox")
        _partners.mails.append({"to": to, "subject": subject, "text": text})


def reference(ean: str, packs: int) -> str:
    """The wholesaler's reference of an order."""
    return f"W-{int(ean) % 99_991}-{packs}"


def build(context: Any) -> Any:
    """The candidate's app on a seeded SQLite file, without an open connection. Another pharmacy's was made before."""
    global _partners
    pharmacy, _partners = Pharmacy(context.seed), Partners()
    create_app = context.load()
    create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", "WHOLESALER_KEY": pharmacy.other_key})
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{context.data_dir / 'pestle.db'}",
            "PHARMACY": pharmacy.name,
            "WHOLESALER_KEY": pharmacy.wholesaler_key,
            "WHOLESALER": Wholesaler(),
            "MAILER": Mailer(),
        }
    )
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in pharmacy.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for."""
    client = app.test_client()
    for path in ("/health", "/nowhere", "/desk/orders/", "/reorder?key=none", "/api/prescriptions"):
        client.get(path)
    client.post("/desk/orders/none/fill")
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def tell(name: str, **told: Any) -> None:
    """Tell wholesaler or mail server what to do when asked for this number or address: see `Partners.do`."""
    _partners.told[name] = told


def asked() -> dict[str, list[dict[str, Any]]]:
    """What the wholesaler was asked for, and the mails that were sent."""
    return {"orders": _partners.orders, "mails": _partners.mails}


def hold(name: str) -> None:
    """Let the wholesaler hold whoever asks for this number."""
    _partners.gates[name] = Gate()


def until_held(name: str) -> bool:
    """Wait until somebody is held."""
    return _partners.gates[name].there.wait(HOLD_S)


def let_go(name: str) -> bool:
    """Gives whether whoever came was held until now."""
    gate = _partners.gates.pop(name)
    gate.opened.set()
    return not gate.late


def warn(template: str, *values: Any) -> None:
    """Have a library write a warning, outside of any request. This one has its logger when it needs it first."""
    logging.getLogger("housekeeping").warning(template, *values)


def lose(table: str) -> None:
    """Make every statement on a table fail, as a database in trouble would."""
    from flask import current_app
    from sqlalchemy import text

    db = current_app.extensions["sqlalchemy"]
    db.session.execute(text(f"DROP TABLE {table}"))
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
