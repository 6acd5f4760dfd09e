"""Builds the hall and fills it with climbers, boulders and notes drawn from the grading's seed.

The hidden suite draws the same hall by `Hall(seed)`. Rows are inserted by table, as they are in production: what was
written years ago was never looked at.
"""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from typing import Any

SYLLABLES = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra", "si", "tu", "ve", "wo")
GRADES = ("4", "5a", "5c", "6a", "6b+", "6c", "7a", "7b+")
WALLS = ("Slab", "Cave", "Comp", "Edge", "Arch")


def word(rng: random.Random) -> str:
    """A lower-case word that nobody knows."""
    return "".join(rng.choices(SYLLABLES, k=4))


class Hall:
    """Rows by table. The last climber of `climbers` has a harmful website, the last of `boulders` a harmful name, and
    the last of `notes`, by that climber and on that boulder, a harmful text; everything else is harmless.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"hall {seed}")
        self.climbers: list[dict[str, Any]] = []
        for number in sorted(rng.sample(range(1, 5_000), rng.randrange(4, 7))):
            name = f"{word(rng).title()} {word(rng).title()}"
            website = f"https://{word(rng)}.example/{word(rng)}?a={word(rng)}&b=1" if rng.random() < 0.7 else None
            self.climbers.append({"id": number, "name": name, "website": website})
        self.harmful_tag = word(rng)
        self.climbers[-1]["website"] = f"\x01java\tscript:{self.harmful_tag}()"

        self.walls = [f"{word(rng).title()} {wall}" for wall in rng.sample(WALLS, 3)]
        day = date(2023, 1, 5) + timedelta(days=rng.randrange(200))
        self.boulders: list[dict[str, Any]] = [
            {
                "id": number,
                "name": f"{word(rng).title()} {word(rng)}",
                "grade": rng.choice(GRADES),
                "wall": self.walls[index % 3],
                "set_on": day + timedelta(days=index),
                "setter_id": rng.choice(self.climbers[:-1])["id"],
            }
            for index, number in enumerate(sorted(rng.sample(range(1, 5_000), rng.randrange(5, 9))))
        ]
        self.boulders[-1]["name"] = f"<{self.harmful_tag}> {word(rng)}"

        moment = datetime(2023, 9, 1, 8, 0) + timedelta(minutes=rng.randrange(10_000))
        self.notes: list[dict[str, Any]] = [
            {
                "id": number,
                "boulder_id": rng.choice(self.boulders[:-1])["id"],
                "climber_id": rng.choice(self.climbers[:-1])["id"],
                "text": f"{word(rng)} {word(rng)}.",
                "written_at": moment + timedelta(minutes=index),
            }
            for index, number in enumerate(sorted(rng.sample(range(1, 5_000), rng.randrange(5, 9))))
        ]
        self.notes[-1].update(
            boulder_id=self.boulders[-1]["id"],
            climber_id=self.climbers[-1]["id"],
            text=f"<{self.harmful_tag} {self.harmful_tag}=1> {word(rng)} &amp; {word(rng)}",
        )
        self.ascents: list[dict[str, Any]] = [
            {
                "id": number,
                "boulder_id": rng.choice(self.boulders)["id"],
                "climber_id": rng.choice(self.climbers)["id"],
                "tries": rng.randrange(1, 40),
            }
            for number in range(1, rng.randrange(8, 14))
        ]

    def climber(self, number: int) -> dict[str, Any]:
        return next(row for row in self.climbers if row["id"] == number)

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table, parents first."""
        return {
            "climbers": self.climbers,
            "boulders": self.boulders,
            "notes": self.notes,
            "ascents": self.ascents,
        }


_hall = Hall(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's hall in its database."""
    global _hall  # noqa: PLW0603  one app in one process
    _hall = Hall(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in _hall.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
    return app


def warm(app: Any) -> None:
    """Ask once for every page, so that no test is the first to compile a template or a query."""
    client = app.test_client()
    boulder, climber = _hall.boulders[0]["id"], _hall.climbers[0]["id"]
    client.post(f"/boulders/{boulder}/notes", data={"climber": "0", "text": "warm"})
    for path in ("/", f"/boulders/{boulder}", f"/boulders/{boulder}/label.txt", "/climbers", f"/climbers/{climber}"):
        client.get(path)
    for path in ("/screen", f"/api/boulders/{boulder}", "/?q=a&wall=b"):
        client.get(path)
