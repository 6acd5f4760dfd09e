"""Builds the catalogue and fills it with a collection drawn from the grading's seed: no two gradings have the same.

The sections are at drawn paths. Below which path the app is, the hidden suite decides with each request. It draws the
same bank by `Bank(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from typing import Any

SECTIONS = {"wild": "Wild species", "crops": "Crop varieties"}
BANKS = ("Lyngen Seed Vault", "Ostrobothnia Gene Bank", "Skagen Seed Library", "Fjell Field Station", "Ness Arboretum")
SYLLABLES = ("al", "ber", "dan", "es", "fin", "gor", "hav", "is", "jot", "kel", "lun", "mos", "nes", "or", "pil", "sel")
GENERA = {
    "wild": (
        "Saxifraga",
        "Draba",
        "Carex",
        "Silene",
        "Salix",
        "Viola",
        "Luzula",
        "Oxyria",
        "Dryas",
        "Ranunculus",
        "Poa",
    ),
    "crops": (
        "Hordeum",
        "Avena",
        "Secale",
        "Brassica",
        "Pisum",
        "Vicia",
        "Allium",
        "Daucus",
        "Humulus",
        "Linum",
        "Beta",
    ),
}
EPITHETS = (
    "alpina",
    "nivalis",
    "rotundifolia",
    "vulgaris",
    "arctica",
    "minor",
    "sativa",
    "borealis",
    "repens",
    "dubia",
)
AMPERSAND = "{} & Fjord"
PLACES = ("{} #2", "{} + Os", "Øvre {}", "{}/{}", "100 % {}", "{}, {}", "{}; Nord", "{}=Sør", "{}?")
PURPOSES = ("sowing", "germination test", "exchange", "DNA", "duplicate")


class Box:
    """A row of `boxes`."""

    def __init__(self, number: int, code: str, level: int) -> None:
        self.id = number
        self.code = code
        self.level = level


class Accession:
    """A row of `accessions`."""

    def __init__(self, section: str, number: str, taxon: str, origin: str, grams: int, box: Box) -> None:
        self.id = 0
        self.section = section
        self.number = number
        self.taxon = taxon
        self.origin = origin
        self.grams = grams
        self.box = box

    @property
    def old(self) -> bool:
        """Whether it is from before 1970."""
        return "/" in self.number


class Bank:
    """Two sections of twelve to fifteen accessions, in seven boxes on five levels, two of them below ground.

    In each section some numbers are of the older kind. `twins` are pairs of a wild species and a crop of the same
    number, one of either kind, and lie in `upper_boxes`. `zero_boxes` have codes that begin with a zero, `deep_boxes`
    lie below ground; each box has something in it. In each section two or more accessions are from every one of
    `places`, one at least with a number of the newer kind. `old_addresses` are pairs of a path and an accession.
    """

    def __init__(self, seed: int) -> None:
        rng = self._rng = random.Random(f"seed bank {seed}")
        self.name = rng.choice(BANKS)
        words = iter(self._words(12))
        self.paths = {"wild": f"/{next(words)}", "crops": f"/{next(words)}/{next(words)}-{rng.randrange(10, 99)}"}

        below, above = [-level for level in rng.sample(range(1, 10), 2)], rng.sample(range(1, 8), 2)
        codes = [f"{code:03}" for code in (rng.randrange(1, 10), rng.randrange(10, 100))]
        codes += [str(code) for code in rng.sample(range(100, 1000), 5)]
        ids = rng.sample(range(1, 500), len(codes))
        self.boxes = [
            Box(number, code, level)
            for number, code, level in zip(ids, codes, [*above, *below, *above, 0], strict=True)
        ]
        self.zero_boxes, self.deep_boxes, self.upper_boxes = self.boxes[:2], self.boxes[2:4], self.boxes[4:]

        # Numbers of the older kind end in 1 to 994, and no two are the same.
        new = [f"{1970 + number // 10_000}-{number % 10_000:04}" for number in rng.sample(range(500_000), 40)]
        old = [f"{35 + number // 1_000}/{max(number % 1_000, 1)}" for number in rng.sample(range(0, 35_000, 7), 20)]
        self.twins: list[tuple[Accession, Accession]] = []
        self.accessions: list[Accession] = []
        shared = [new.pop(), old.pop()]
        self.places = [
            place.format(*(next(words).title() for _ in range(2))) for place in (AMPERSAND, *rng.sample(PLACES, 3))
        ]
        by_section = {}
        for section in SECTIONS:
            olds = rng.randrange(3, 5)
            count = rng.randrange(12, 16)
            numbers = [*shared, *(old.pop() for _ in range(olds)), *(new.pop() for _ in range(count - olds - 2))]
            pairs = [(genus, epithet) for genus in GENERA[section] for epithet in EPITHETS]
            taxa = [" ".join(pair) for pair in rng.sample(pairs, count)]
            origins = [*self.places, *(f"{place} III" for place in rng.choices(self.places, k=count - 8))]
            rng.shuffle(origins)
            origins += self.places  # of the last four, whose numbers are new
            boxes = [*self.zero_boxes, *self.deep_boxes, *rng.choices(self.boxes, k=count - 7), self.upper_boxes[0]]
            rng.shuffle(boxes)
            boxes = [*self.upper_boxes[1:], *boxes]  # the first two are the twins
            by_section[section] = [
                Accession(section, number, taxon, origin, rng.randrange(40, 900), box)
                for number, taxon, origin, box in zip(numbers, taxa, origins, boxes, strict=True)
            ]
            self.accessions += by_section[section]
        self.twins = list(zip(by_section["wild"][:2], by_section["crops"][:2], strict=True))
        rng.shuffle(self.accessions)
        for accession, number in zip(
            self.accessions, sorted(rng.sample(range(1, 900), len(self.accessions))), strict=True
        ):
            accession.id = number
        cited = [*self.twins[0], *self.twins[1], *rng.sample(self.accessions, 3)]
        self.old_addresses = [
            (f"katalog/{rng.randrange(100, 1000)}/{word}.html", accession)
            for accession, word in zip(cited, self._words(len(cited)), strict=True)
        ]

    def _words(self, count: int) -> list[str]:
        """Different lower-case words."""
        words: dict[str, None] = {}
        while len(words) < count:
            words["".join(self._rng.choices(SYLLABLES, k=4))] = None
        return list(words)

    def of(self, section: str) -> list[Accession]:
        """The accessions of a section, by number."""
        return sorted((each for each in self.accessions if each.section == section), key=lambda each: each.number)

    def page_of(self, accession: Accession) -> str:
        """The path of an accession's page, relative to where the app is."""
        return f"{self.paths[accession.section]}/{accession.number}"

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        return {
            "boxes": [vars(box) for box in self.boxes],
            "accessions": [
                {key: value for key, value in vars(each).items() if key != "box"} | {"box_id": each.box.id}
                for each in self.accessions
            ],
            "old_addresses": [
                {"id": number, "path": path.removeprefix("katalog/"), "accession_id": accession.id}
                for number, (path, accession) in enumerate(self.old_addresses, 1)
            ],
        }


_bank = Bank(0)


def build(context: Any) -> Any:
    """The candidate's app with the seed's collection in its database."""
    global _bank  # noqa: PLW0603  one app in one process
    _bank = Bank(context.seed)
    create_app = context.load()
    app = create_app(
        {"SQLALCHEMY_DATABASE_URI": "sqlite://", "BANK_NAME": _bank.name, "SECTION_PATHS": dict(_bank.paths)}
    )
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in _bank.rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
    return app


def warm(app: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query or a template."""
    client = app.test_client()
    known = next(each for each in _bank.accessions if not each.old)
    paths = ["/", "/sitemap.txt", "/store/", f"/store/boxes/{_bank.upper_boxes[0].code}", "/api/accessions", "/nowhere"]
    paths += [f"{path}/" for path in _bank.paths.values()]
    paths += [_bank.page_of(known), f"{_bank.page_of(known)}/label", f"/store/levels/{_bank.upper_boxes[0].level}"]
    for path in paths:
        client.get(path)
