"""Builds the clinic and fills it with animals and appointments drawn from the grading's seed.

The hidden suite draws the same clinic by `Clinic(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

FIRST = ("Ada", "Bruno", "Cleo", "Dario", "Enid", "Finn", "Greta", "Hugo", "Iris", "Jonas", "Kira", "Levi", "Mona")
LAST = ("Arnold", "Birk", "Costa", "Dahl", "Ebert", "Farrow", "Grau", "Holt", "Ivers", "Juhl", "Kemp", "Lund", "Moss")
ANIMALS = ("Acorn", "Basil", "Clover", "Domino", "Echo", "Fudge", "Ginger", "Hazel", "Inky", "Juno", "Kiwi", "Löwe")
SPECIES = ("dog", "cat", "rabbit", "parrot", "tortoise", "ferret", "goat")
PLACES = ("Hollow", "Marsh", "Quarry", "Orchard", "Chapel", "Harbour")
REASONS = ("vaccination", "limping", "teeth", "check-up", "cough", "stitches", "diet", "itching")
ROOMS = ("North hall", "Yard", "Annexe", "Gate house", "Upper floor")
SYLLABLES = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra")


class Clinic:
    """Vets, animals, appointments, desks and laboratory results as rows, drawn from a seed.

    `full` is an appointment whose vet has the next one as well and is free after it. `results` are the laboratory's by
    what they are: some of them are falsy, some look like envelopes; `waiting` is not ready.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"clinic {seed}")
        self.name = f"{rng.choice(PLACES)} {rng.choice(('Lane', 'Street', 'Bridge'))} {rng.randrange(2, 90)}"
        self.pin = f"{rng.randrange(10_000):04}"
        self.most_bytes = rng.randrange(1_500, 3_000)

        def ids(count: int) -> list[int]:
            return sorted(rng.sample(range(1, 5_000), count))

        count = rng.randrange(3, 6)
        self.vets = [
            {"id": number, "code": code, "name": f"{first} {last}"}
            for number, code, first, last in zip(
                ids(count),
                rng.sample([f"{a}{b}" for a in "BDGKMRT" for b in "AEHIOU"], count),
                rng.sample(FIRST, count),
                rng.sample(LAST, count),
                strict=True,
            )
        ]
        count = rng.randrange(6, 10)
        kinds = rng.sample(SPECIES, 3)
        chips = rng.sample(range(10**14, 10**15), count)
        self.animals = [
            {
                "id": number,
                "name": name,
                "species": kinds[index % 3],
                "owner": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
                "chip": str(chips[index]) if index % 2 else None,
                "version": rng.randrange(1, 60),
            }
            for index, (number, name) in enumerate(zip(ids(count), rng.sample(ANIMALS, count), strict=True))
        ]
        self.desks = [
            {"id": number, "code": code, "room": room}
            for number, code, room in zip(ids(2), (word(rng), word(rng)), rng.sample(ROOMS, 2), strict=True)
        ]
        self.appointments = self._draw_appointments(rng, ids(rng.randrange(8, 12)))
        self.full = self.appointments[0]
        self._draw_results(rng)

    def _draw_appointments(self, rng: random.Random, numbers: list[int]) -> list[dict[str, Any]]:
        monday = datetime(2026, 11, 2) + timedelta(days=7 * rng.randrange(20))
        start = monday + timedelta(days=rng.randrange(5), minutes=30 * rng.randrange(18, 30))
        busy = rng.choice(self.vets)["id"]
        slots = [(busy, start), (busy, start + timedelta(minutes=30))]
        while len(slots) < len(numbers):
            time = monday + timedelta(days=rng.randrange(5), minutes=30 * rng.randrange(18, 34))
            slot = (rng.choice(self.vets)["id"], time)
            if slot not in slots and slot != (busy, start + timedelta(minutes=60)):
                slots.append(slot)
        return [
            {
                "id": number,
                "animal_id": rng.choice(self.animals)["id"],
                "vet_id": vet,
                "starts_at": time,
                "reason": rng.choice(REASONS),
            }
            for number, (vet, time) in zip(numbers, slots, strict=True)
        ]

    def _draw_results(self, rng: random.Random) -> None:
        value = rng.randrange(1, 400) / 10
        contents: dict[str, Any] = {
            "plain": {"glucose": value, "unit": "mmol/l", "notes": [word(rng), None]},
            "ok and data": {"ok": True, "data": {"glucose": value, "by": word(rng)}},
            "ok and error": {"ok": False, "error": {"code": word(rng), "message": f"Sample {word(rng)} was dry."}},
            "list": [rng.randrange(100), word(rng), {"ok": True}],
            "text": f"see {word(rng)}",
            "zero": 0,
            "false": False,
            "null": None,
            "empty": [],
        }
        refs = rng.sample(range(100, 10_000), len(contents) + 1)
        self.results = {
            kind: {"ref": f"L-{number}", "ready": True, "wait_s": 60, "content": content}
            for number, (kind, content) in zip(refs, contents.items(), strict=False)
        }
        self.waiting = {"ref": f"L-{refs[-1]}", "ready": False, "wait_s": rng.randrange(61, 3_000), "content": None}

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        results = [*self.results.values(), self.waiting]
        return {
            "vets": self.vets,
            "animals": self.animals,
            "desks": self.desks,
            "appointments": self.appointments,
            "lab_results": [row | {"id": number} for number, row in enumerate(results, 1)],
        }


def word(rng: random.Random) -> str:
    """A word that nobody knows."""
    return "".join(rng.choices(SYLLABLES, k=4))


_clinic = Clinic(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's clinic in its database."""
    global _clinic  # noqa: PLW0603  one app in one process
    _clinic = Clinic(context.seed)
    create_app = context.load()
    app = create_app(
        {
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "CLINIC_NAME": _clinic.name,
            "DESK_PIN": _clinic.pin,
            "MAX_CONTENT_LENGTH": _clinic.most_bytes,
        }
    )
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in _clinic.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query or a template."""
    client = app.test_client()
    animal, appointment = _clinic.animals[0]["id"], _clinic.full["id"]
    paths = ["/", "/nowhere", "/api/vets", "/api/animals", f"/api/animals/{animal}", "/api/appointments"]
    paths += [f"/api/appointments/{appointment}", f"/api/lab/{_clinic.results['plain']['ref']}"]
    for path in paths:
        client.get(path)
    taken = {"animal": animal, "vet": "none", "starts_at": "2026-11-02T09:00", "reason": "warm"}
    client.post("/api/appointments", json=taken)


def lose(table: str) -> None:
    """Make every query for a table fail, as a database in trouble would. Hidden tests call this."""
    from flask import current_app
    from sqlalchemy import text

    db = current_app.extensions["sqlalchemy"]
    db.session.execute(text(f"DROP TABLE {table}"))
    db.session.commit()
