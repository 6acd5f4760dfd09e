"""Builds the app and fills it with a town drawn from the grading's seed: no two gradings have the same residents.

The hidden suite draws the same one by `Town(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
import sqlite3
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SYLLABLES = (
    "bal",
    "cor",
    "dun",
    "eld",
    "fen",
    "gar",
    "hal",
    "ist",
    "kel",
    "lum",
    "mor",
    "nor",
    "pol",
    "rud",
    "sel",
    "tor",
)
GIVEN = (
    "Ambrose",
    "Bettina",
    "Caspian",
    "Dilara",
    "Ewan",
    "Fatou",
    "Gwen",
    "Hamid",
    "Iseult",
    "Jonas",
    "Keiko",
    "Luca",
)
FAMILY = ("Achterberg", "Bonnici", "Carver", "Dahl", "Evans", "Faye", "Grimm", "Holt", "Imber", "Jovanova")
STREETS = ("Harbour", "Mill", "Abbey", "Station", "Castle", "Market", "Orchard", "Chapel", "Bridge", "Tannery")
LETTERS = "ABCDEFGHJKLMNOPRSTUVWXY"
#: Cheap: the suite signs in often, and what is hashed holds no secret.
METHOD = "pbkdf2:sha256:200"


def draw_plate(rng: random.Random) -> str:
    """A plate that is one."""
    before, after = ("".join(rng.choices(LETTERS, k=count)) for count in (2, 3))
    return f"{before}{rng.randrange(100):02}{after}"


class Zone:
    """A row of `zones`."""

    def __init__(self, number: int, letter: str, name: str, free: int) -> None:
        self.id = number
        self.letter = letter
        self.name = name
        self.free = free


class Resident:
    """A row of `residents`, with two vehicles, two permits and two visits: `me` is what `/api/me` tells of them."""

    def __init__(self, number: int, name: str, email: str, password: str, me: dict[str, Any]) -> None:
        self.id = number
        self.name = name
        self.email = email
        self.password = password
        self.me = me
        self.vehicles, self.permits, self.visits = me["vehicles"], me["permits"], me["visits"]


class Town:
    """Three zones, four residents, and what the app is configured with."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"town {seed}")

        def word() -> str:
            return "".join(rng.sample(SYLLABLES, 3))

        self.maps = f"https://{word()}.{word()}.example"
        self.machine_key = f"{word()} {rng.randrange(10**9)}"
        self.secret_key = f"{word()} {rng.randrange(10**12)}"
        streets = rng.sample(STREETS, 3)
        self.zones = [
            Zone(number, letter, f"{street} {word().title()}", rng.randrange(5, 300))
            for number, letter, street in zip(
                sorted(rng.sample(range(1, 90), 3)), sorted(rng.sample(LETTERS, 3)), streets, strict=True
            )
        ]
        numbers = {
            table: iter(rng.sample(range(1, 900), 12)) for table in ("residents", "vehicles", "permits", "visits")
        }
        domain = f"{word()}.example"
        self.residents = [
            self._resident(rng, {table: (next(left), next(left)) for table, left in numbers.items()}, name, domain)
            for name in (f"{given} {rng.choice(FAMILY)}" for given in rng.sample(GIVEN, 4))
        ]
        self.one, self.other, self.third, self.fourth = self.residents

    def _resident(self, rng: random.Random, numbers: dict[str, tuple[int, int]], name: str, domain: str) -> Resident:
        vehicles = [{"id": number, "plate": draw_plate(rng)} for number in sorted(numbers["vehicles"])]
        permits = [
            {"id": number, "zone": zone.letter, "plate": vehicle["plate"], "state": "valid"}
            for number, zone, vehicle in zip(
                sorted(numbers["permits"]), rng.sample(self.zones, 2), vehicles, strict=True
            )
        ]
        evening = datetime(2090, 1, 1, 18) + timedelta(minutes=rng.randrange(10**6))
        visits = [
            {"id": number, "plate": draw_plate(rng), "until": evening.isoformat(timespec="minutes")}
            for number in sorted(numbers["visits"])
        ]
        given = name.partition(" ")[0].lower()
        password = f"{rng.choice(SYLLABLES)} & {rng.choice(SYLLABLES)} {rng.randrange(10**6)}"
        me = {
            "name": name,
            "reminders": rng.random() < 0.5,
            "vehicles": vehicles,
            "permits": permits,
            "visits": visits,
        }
        return Resident(numbers["residents"][0], name, f"{given}.{rng.randrange(1000)}@{domain}", password, me)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        from werkzeug.security import generate_password_hash

        zones = {zone.letter: zone.id for zone in self.zones}
        return {
            "zones": [vars(zone) for zone in self.zones],
            "residents": [
                {
                    "id": each.id,
                    "email": each.email,
                    "name": each.name,
                    "password_hash": generate_password_hash(each.password, METHOD),
                    "reminders": each.me["reminders"],
                }
                for each in self.residents
            ],
            "vehicles": [vehicle | {"resident_id": each.id} for each in self.residents for vehicle in each.vehicles],
            "permits": [
                {
                    "id": permit["id"],
                    "resident_id": each.id,
                    "zone_id": zones[permit["zone"]],
                    "vehicle_id": vehicle["id"],
                    "state": "valid",
                }
                for each in self.residents
                for permit, vehicle in zip(each.permits, each.vehicles, strict=True)
            ],
            "visits": [
                visit | {"resident_id": each.id, "until": datetime.fromisoformat(visit["until"])}
                for each in self.residents
                for visit in each.visits
            ],
        }


_database = Path()


def build(context: Any) -> Any:
    """The candidate's app on a seeded SQLite file, without an open connection. A file that is there is left alone."""
    global _database  # noqa: PLW0603
    _database = context.data_dir / "kerbside.db"
    town = Town(context.seed)
    app = context.load()(
        {
            "SQLALCHEMY_DATABASE_URI": f"sqlite:///{_database}",
            "SECRET_KEY": town.secret_key,
            "MACHINE_KEY": town.machine_key,
            "MAP_SERVER": town.maps,
        }
    )
    if _database.exists():
        return app
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in town.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query or a template."""
    for template in app.jinja_env.list_templates():
        with suppress(Exception):  # one that can't be compiled is for the page that has it
            app.jinja_env.get_template(template)
    client = app.test_client()
    for path in ("/", "/login", "/permits", "/nowhere", "/api/zones/none", "/static/kerbside.css"):
        with client.get(path):
            pass
    client.post("/login", data={"email": "nobody", "password": "nothing"})
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()


def lose(table: str) -> None:
    """From now on whatever asks for the table fails."""
    connection = sqlite3.connect(_database)
    connection.execute(f'ALTER TABLE "{table}" RENAME TO "{table}_lost"')
    connection.commit()
    connection.close()
