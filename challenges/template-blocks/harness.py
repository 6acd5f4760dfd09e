"""Builds the station and fills it with shows, episodes, slots and listeners drawn from the grading's seed.

The hidden suite draws the same station by `Station(seed)`.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

SYLLABLES = ("ba", "do", "fe", "gu", "hi", "jo", "ka", "lu", "mi", "ne", "po", "ra", "si", "tu", "ve", "wo")


def word(rng: random.Random) -> str:
    """A lower-case word that nobody knows."""
    return "".join(rng.choices(SYLLABLES, k=4))


class Station:
    """Rows by table, and some of them by what they are.

    Shows: `mixed` has `plain`, `single`, `zero` and `unknown` (its episodes by those names), `old` has episodes of
    which nothing is known, `bare` has none, that of `silent` is all zeros, `few` has three and `many` thirty. `mixed`
    and `old` share a host.
    Slots of `day`: `first`, then nothing, `dropped`, then nothing, `open` to the end of the day.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"station {seed}")
        self._rng = rng
        self.name = f"Radio {word(rng).title()} {rng.randrange(80, 108)}"
        self.first_day = date(2024, 1, 1) + timedelta(days=rng.randrange(300))

        hosts = [f"{word(rng).title()} {word(rng).title()}" for _ in range(5)]
        numbers = rng.sample(range(1, 5_000), 6)
        self.shows: list[dict[str, Any]] = [
            {
                "id": number,
                "title": f"{word(rng).title()} {word(rng)}",
                "host": host,
                "genre": word(rng),
                "blurb": f"{word(rng).title()} & {word(rng)}.",
            }
            for number, host in zip(numbers, [hosts[0], hosts[0], *hosts[1:]], strict=True)
        ]
        self.mixed, self.old, self.bare, self.silent, self.few, self.many = self.shows
        self.bare["genre"] = self.few["genre"]

        self._numbers = rng.sample(range(1, 5_000), 4 + 2 + 1 + 3 + 30)
        self.episodes: list[dict[str, Any]] = []
        plays = rng.randrange(1_200, 90_000)
        self.plain = self._episode(self.mixed, rng.randrange(61, 70), plays, rng.randrange(6, 11) / 2)
        self.single = self._episode(self.mixed, rng.randrange(20, 60), 1, rng.randrange(2, 6) / 2)
        self.zero = self._episode(self.mixed, 0, 0, 0.0)
        self.unknown = self._episode(self.mixed, None, None, None)
        for _ in range(2):
            self._episode(self.old, None, None, None)
        self._episode(self.silent, 0, 0, 0.0)
        for show, count in ((self.few, 3), (self.many, 30)):
            for _ in range(count):
                self._episode(show, rng.randrange(20, 190), rng.randrange(2, 5_000), rng.randrange(2, 11) / 2)

        self.day = date(2027, 1, 4) + timedelta(days=rng.randrange(300))
        begins = datetime(self.day.year, self.day.month, self.day.day, 6, rng.randrange(60))
        self.first, self.dropped, self.open = (
            {
                "id": number,
                "show_id": show["id"],
                "starts_at": begins + timedelta(hours=hours),
                "minutes": minutes,
            }
            for number, show, hours, minutes in zip(
                sorted(rng.sample(range(1, 5_000), 3)),
                (self.few, self.bare, self.many),
                (0, 4, 9),
                (rng.randrange(61, 180), 0, None),
                strict=True,
            )
        )
        self.slots: list[dict[str, Any]] = [self.first, self.dropped, self.open]

        self.listeners: list[dict[str, Any]] = [
            {"id": number, "name": f"{word(rng).title()} {word(rng).title()}", "pin": f"{rng.randrange(10_000):04}"}
            for number in rng.sample(range(1, 5_000), 3)
        ]
        self.reader, self.other, self.empty = self.listeners
        of_few, of_many = self.of(self.few), self.of(self.many)
        #: What the first two have saved, as ids; the third has saved nothing.
        self.kept = {
            self.reader["id"]: [of_few[0]["id"], of_many[1]["id"], of_many[4]["id"], self.plain["id"]],
            self.other["id"]: [of_few[1]["id"], of_many[2]["id"]],
            self.empty["id"]: [],
        }

    def _episode(
        self, show: dict[str, Any], minutes: int | None, plays: int | None, rating: float | None
    ) -> dict[str, Any]:
        row = {
            "id": self._numbers.pop(),
            "show_id": show["id"],
            "title": f"{word(self._rng).title()} {word(self._rng)}",
            "aired_on": self.first_day + timedelta(days=len(self.episodes)),
            "minutes": minutes,
            "plays": plays,
            "rating": rating,
        }
        self.episodes.append(row)
        return row

    def of(self, show: dict[str, Any]) -> list[dict[str, Any]]:
        """A show's episodes, newest first."""
        return [row for row in reversed(self.episodes) if row["show_id"] == show["id"]]

    def show(self, number: int) -> dict[str, Any]:
        return next(row for row in self.shows if row["id"] == number)

    def episode(self, number: int) -> dict[str, Any]:
        return next(row for row in self.episodes if row["id"] == number)

    def genres(self) -> list[str]:
        return sorted({row["genre"] for row in self.shows})

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table, parents first."""
        saved = [
            {"listener_id": listener, "episode_id": episode}
            for listener, episodes in self.kept.items()
            for episode in episodes
        ]
        return {
            "shows": self.shows,
            "episodes": self.episodes,
            "slots": self.slots,
            "listeners": self.listeners,
            "saved": saved,
        }


def seconds(moment: datetime) -> float:
    """A moment of the schedule, which is in UTC, as seconds since the epoch."""
    return moment.replace(tzinfo=UTC).timestamp()


_station = Station(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's station in its database."""
    global _station  # noqa: PLW0603  one app in one process
    _station = Station(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", "STATION_NAME": _station.name})
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in _station.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
    return app


def add_show(number: int, title: str, genre: str, host: str) -> None:
    """Store another show, as the station's office does. Hidden tests call this."""
    from flask import current_app

    db = current_app.extensions["sqlalchemy"]
    row = {"id": number, "title": title, "host": host, "genre": genre, "blurb": "New."}
    db.session.execute(db.metadata.tables["shows"].insert(), row)
    db.session.commit()


def warm(app: Any) -> None:
    """Ask once for pages, so that no test is the first to compile a template or a query."""
    client = app.test_client()
    show, episode = _station.few["id"], _station.plain["id"]
    client.post("/login", data={"member": str(_station.empty["id"]), "pin": _station.empty["pin"]})
    for path in ("/", "/shows", f"/shows/{show}", f"/shows/{show}/cards", f"/episodes/{episode}", "/schedule"):
        client.get(path)
    for path in ("/saved", "/saved/print", "/login", "/player", "/nowhere"):
        client.get(path)
