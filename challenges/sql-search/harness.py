"""Stores a register of bells drawn from the grading's seed. The hidden suite draws the same one by `Register(seed)`.

Rows are inserted by table, not through the models.
"""

from __future__ import annotations

import random
from functools import cached_property
from typing import Any

#: What stands in the middle of a name, between the same two words: a bell has each.
IN_NAMES = (
    *("'", "''", '"', "\\'", "');", "' --"),
    *("%", "_", "%%", "_%", "\\%", "\\_", "\\", "\\\\"),
    *("/", "//", "!", "!%", "^", "|", "~", "#", "$", "@", "&", "&amp;", "<", "+", "*", "?", "[", "]", "-"),
    *(" :", "\\:", " ::", ";", ",", "é"),
)
#: The same for founders and towers.
IN_PLACES = ("'", '"', "%", "_", "\\", "\\%", "/", "!", " :")
FIELDS = ("number", "name", "founder", "tower", "diameter_mm", "weight_kg", "cast_year")


class Register:
    """Rows of both tables, and the words of which texts are made. No word is part of another."""

    def __init__(self, seed: int) -> None:
        rng = self._rng = random.Random(f"register {seed}")
        self._words = self._drawn_words()
        self._numbers = iter(rng.sample(range(100, 9_000), 400))
        self.bells: list[dict[str, Any]] = []
        #: The two words around `IN_NAMES`, around `IN_PLACES` in founders, and in towers.
        self.name_ends, self.founder_ends, self.tower_ends = (self.word(), self.word()), self._two(), self._two()
        self.owners = [
            {
                "id": number,
                "name": f"{self.word().title()} {self.word().title()}",
                "phone": f"0{rng.randrange(10**9, 10**10)}",
            }
            for number in rng.sample(range(1, 500), 6)
        ]
        self.towers = [self.word().title() for _ in range(4)]
        self.founders = [f"{self.word().title()} {self.word()}" for _ in range(5)]
        self.towers[1], self.founders[1] = self.towers[1].lower(), self.founders[1].lower()
        self._ordinary()
        self._special()
        #: Names that only the office knows.
        self.kept_founder, self.kept_tower = self.word().title(), self.word().title()
        self._kept()
        rng.shuffle(self.bells)

    def _drawn_words(self) -> list[str]:
        """Of one length, so that none is part of another, and none begins as another does."""
        parts = [first + second for first in "bdfgklmnprst" for second in "aeiou"]
        begun = self._rng.sample([first + second for first in parts for second in parts], 250)
        return [word + self._rng.choice("lnrst") + self._rng.choice("aeiou") for word in begun]

    def word(self) -> str:
        """Another word at each call."""
        return self._words.pop()

    def _two(self) -> tuple[str, str]:
        return self.word().title(), self.word()

    def _add(self, name: str, founder: str, tower: str, **values: Any) -> dict[str, Any]:
        rng = self._rng
        bell = {
            "number": next(self._numbers),
            "name": name,
            "founder": founder,
            "tower": tower,
            "diameter_mm": rng.choice(self._diameters),
            "weight_kg": rng.choice([None, *self._weights]),
            "cast_year": rng.choice([None, *self._years]),
            "published": True,
            "owner_id": None,
        }
        self.bells.append(bell | values)
        return self.bells[-1]

    def _ordinary(self) -> None:
        """Some are equal in each column, some have an owner who agreed. With the rest they fill more than a page."""
        rng = self._rng
        self._diameters = rng.sample(range(450, 1_600), 6)
        self._weights = rng.sample(range(60, 2_600), 4)
        self._years = rng.sample(range(1_400, 1_950), 4)
        self.kind = self.word()
        kinds = [self.kind, self.word(), self.word()]
        names = [f"{self.word()} {kinds[place % 3]}".title() for place in range(40)]
        names += [name.swapcase() for name in names[:3]] + [name.upper() for name in names[:3]]
        for place, name in enumerate(names):
            owner = rng.choice(self.owners)["id"] if place % 3 == 0 else None
            founder, tower = self.founders[place % 4], self.towers[place // 2 % 4]
            self._add(name, founder, tower, owner_id=owner)
        self.ordinary = [bell["number"] for bell in self.bells]
        # Two that share a founder and a tower with nobody; a third kind of text in the tower's name.
        self.code_tower = f"{self.word().title()}' OR '1'='1"
        for _ in range(2):
            self._add(f"{self.word()} {kinds[1]}", self.founders[4], self.code_tower)

    def _special(self) -> None:
        first, last = self.name_ends
        for middle in ("", "7", "77", *IN_NAMES):
            self._add(f"{first}{middle}{last}", self.founders[0], self.towers[0])
        self.places: dict[str, tuple[str, str]] = {}
        for middle in ("7", *IN_PLACES):
            founder, tower = middle.join(self.founder_ends), middle.join(self.tower_ends)
            self.places[middle] = (founder, tower)
            for published in (True, True, False):
                self._add(f"{self.word()} {self.word()}", founder, tower, published=published)

    def _kept(self) -> None:
        """Not published: of founders and towers that others are of, too, with names that have the same word in them."""
        rng = self._rng
        places = [(rng.choice(self.founders), rng.choice(self.towers)) for _ in range(9)]
        for founder, tower in [*places, (self.kept_founder, self.towers[0]), (self.founders[0], self.kept_tower)]:
            self._add(
                f"{self.word()} {self.kind}".title(),
                founder,
                tower,
                diameter_mm=rng.randrange(1_601, 2_000),
                published=False,
                owner_id=rng.choice(self.owners)["id"],
            )

    @cached_property
    def published(self) -> list[dict[str, Any]]:
        """As they are shown, by number."""
        public = sorted((bell for bell in self.bells if bell["published"]), key=lambda bell: bell["number"])
        return [{field.removeprefix("cast_"): bell[field] for field in FIELDS} for bell in public]

    @cached_property
    def kept(self) -> list[dict[str, Any]]:
        return [bell for bell in self.bells if not bell["published"]]

    @cached_property
    def secrets(self) -> list[str]:
        """Texts that are in no answer."""
        told = [bell["name"] for bell in self.kept] + [self.kept_founder, self.kept_tower]
        return told + [owner[field] for owner in self.owners for field in ("name", "phone")]


def build(context: Any) -> Any:
    """The candidate's app with the seed's register in its database."""
    register = Register(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table in ("owners", "bells"):
            db.session.execute(db.metadata.tables[table].insert(), getattr(register, table))
        db.session.commit()
        db.session.remove()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query."""
    client = app.test_client()
    for path in ("/bells", "/bells.csv", "/founders", "/towers"):
        client.get(path)
    client.get("/bells?q=a&founder=b&tower=c&sort=name&direction=desc&page_size=2")
    client.get("/bells.csv?q=a&founder=b&tower=c&sort=name&direction=desc")
    client.get("/founders?starts=a&limit=3")
    client.get("/towers?sort=bells&direction=desc")
