"""Stores a register of trees drawn from the grading's seed. The hidden suite draws the same one by `Register(seed)`.

Rows are inserted by table, not through the models.
"""

from __future__ import annotations

import random
from typing import Any

#: What stands in the middle of a name, between the same two words: a tree has each.
IN_NAMES = (
    *("'", "''", '"', "\\'", "');", "' --"),
    *("%", "_", "%%", "_%", "\\%", "\\_"),
    *(
        "\\",
        "\\\\",
        "/",
        "//",
        "!",
        "!%",
        "^",
        "|",
        "~",
        "#",
        "$",
        "@",
        "&",
        "&amp;",
        "<",
        "+",
        "*",
        "?",
        "[",
        "]",
        "-",
    ),
    *(" :", "\\:", " ::", ";", ",", "é"),
)
#: The same for species and parishes.
IN_PLACES = ("'", '"', "%", "_", "\\", "\\%", " :")
FIELDS = ("number", "name", "species", "parish", "girth_cm", "height_cm", "planted_year")


class Register:
    """Rows of both tables, and the words of which texts are made. No word is part of another."""

    def __init__(self, seed: int) -> None:
        rng = self._rng = random.Random(f"register {seed}")
        self._words = self._drawn_words()
        self._numbers = iter(rng.sample(range(100, 9_000), 400))
        self.trees: list[dict[str, Any]] = []
        #: The two words around `IN_NAMES`, around `IN_PLACES` in species, and in parishes.
        self.name_ends, self.species_ends, self.parish_ends = (self.word(), self.word()), self._two(), self._two()
        self.landowners = [
            {
                "id": number,
                "name": f"{self.word().title()} {self.word().title()}",
                "phone": f"0{rng.randrange(10**9, 10**10)}",
            }
            for number in rng.sample(range(1, 500), 6)
        ]
        self.parishes = [self.word().title() for _ in range(4)]
        self.species = [f"{self.word().title()} {self.word()}" for _ in range(5)]
        self.parishes[1], self.species[1] = self.parishes[1].lower(), self.species[1].lower()
        self._ordinary()
        self._special()
        #: Names that only the office knows.
        self.kept_species, self.kept_parish = self.word().title(), self.word().title()
        self._kept()
        rng.shuffle(self.trees)

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

    def _add(self, name: str, species: str, parish: str, **values: Any) -> dict[str, Any]:
        rng = self._rng
        tree = {
            "number": next(self._numbers),
            "name": name,
            "species": species,
            "parish": parish,
            "girth_cm": rng.choice(self._girths),
            "height_cm": rng.choice([None, *self._heights]),
            "planted_year": rng.choice([None, *self._years]),
            "published": True,
            "landowner_id": None,
        }
        self.trees.append(tree | values)
        return self.trees[-1]

    def _ordinary(self) -> None:
        """Some of them equal in each column, some with an owner who agreed."""
        rng = self._rng
        self._girths = rng.sample(range(150, 1_000), 6)
        self._heights = rng.sample(range(500, 4_000), 4)
        self._years = rng.sample(range(1_400, 1_950), 4)
        self.kind = self.word()
        kinds = [self.kind, self.word(), self.word()]
        names = [f"{self.word()} {kinds[place % 3]}".title() for place in range(24)]
        names += [name.swapcase() for name in names[:3]] + [name.upper() for name in names[:3]]
        for place, name in enumerate(names):
            owner = rng.choice(self.landowners)["id"] if place % 3 == 0 else None
            species, parish = self.species[place % 4], self.parishes[place // 2 % 4]
            self._add(name, species, parish, landowner_id=owner)
        self.ordinary = [tree["number"] for tree in self.trees]
        # Two that share a species and a parish with nobody; a third kind of text in the parish's name.
        self.code_parish = f"{self.word().title()}' OR '1'='1"
        for _ in range(2):
            self._add(f"{self.word()} {kinds[1]}", self.species[4], self.code_parish)

    def _special(self) -> None:
        first, last = self.name_ends
        for middle in ("", "7", "77", *IN_NAMES):
            self._add(f"{first}{middle}{last}", self.species[0], self.parishes[0])
        self.places: dict[str, tuple[str, str]] = {}
        for middle in ("7", *IN_PLACES):
            species, parish = middle.join(self.species_ends), middle.join(self.parish_ends)
            self.places[middle] = (species, parish)
            for published in (True, True, False):
                self._add(f"{self.word()} {self.word()}", species, parish, published=published)

    def _kept(self) -> None:
        """Not published: in places that others are in, too, with names that have the same word in them."""
        rng = self._rng
        places = [(rng.choice(self.species), rng.choice(self.parishes)) for _ in range(9)]
        for species, parish in [*places, (self.kept_species, self.parishes[0]), (self.species[0], self.kept_parish)]:
            self._add(
                f"{self.word()} {self.kind}".title(),
                species,
                parish,
                girth_cm=rng.randrange(1_001, 1_400),
                published=False,
                landowner_id=rng.choice(self.landowners)["id"],
            )

    @property
    def published(self) -> list[dict[str, Any]]:
        """As they are shown, by number."""
        public = sorted((tree for tree in self.trees if tree["published"]), key=lambda tree: tree["number"])
        return [{field.removeprefix("planted_"): tree[field] for field in FIELDS} for tree in public]

    @property
    def kept(self) -> list[dict[str, Any]]:
        return [tree for tree in self.trees if not tree["published"]]

    @property
    def secrets(self) -> list[str]:
        """Texts that are in no answer."""
        told = [tree["name"] for tree in self.kept] + [self.kept_species, self.kept_parish]
        return told + [owner[field] for owner in self.landowners for field in ("name", "phone")]


def build(context: Any) -> Any:
    """The candidate's app with the seed's register in its database."""
    register = Register(context.seed)
    create_app = context.load()
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table in ("landowners", "trees"):
            db.session.execute(db.metadata.tables[table].insert(), getattr(register, table))
        db.session.commit()
        db.session.remove()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query."""
    client = app.test_client()
    for path in ("/trees", "/trees.csv", "/species", "/parishes"):
        client.get(path)
    client.get("/trees?q=a&species=b&parish=c&sort=name&direction=desc&page_size=2")
    client.get("/trees.csv?q=a&species=b&parish=c&sort=name&direction=desc")
    client.get("/species?starts=a&limit=3")
    client.get("/parishes?sort=trees&direction=desc")
