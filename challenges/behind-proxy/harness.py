"""Six sites, each an app with settings of its own, over trails and reports drawn from the grading's seed.

Each site's app is at a port of its own, as servers say it in `SERVER_PORT`. The hidden suite draws the same by
`Club(seed)` and plays the proxies; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

SYLLABLES = (
    "al",
    "bru",
    "cor",
    "dal",
    "eng",
    "fir",
    "gra",
    "hol",
    "ist",
    "kar",
    "lo",
    "mer",
    "nes",
    "pra",
    "sel",
    "tor",
)
WAYS = ("{} Loop", "{} Ridge", "Old {} Path", "Round {}", "{} Valley Way", "{} Climb")
KINDS = ("fallen tree", "flooded bridge", "landslip", "missing sign", "wasps")
PLACES = ("behind the {} chapel", "at {} ford", "below {} hut", "two miles after {}", "on the {} side")


def word(rng: random.Random) -> str:
    """A lower-case word."""
    return "".join(rng.choices(SYLLABLES, k=3))


class Trail:
    """A row of `trails`."""

    def __init__(self, number: int, slug: str, name: str) -> None:
        self.id = number
        self.slug = slug
        self.name = name


class Report:
    """A row of `reports`."""

    def __init__(self, rng: random.Random, number: int, trail: Trail, is_open: bool, name: str) -> None:
        self.id = number
        self.trail = trail
        self.kind = rng.choice(KINDS)
        self.place = rng.choice(PLACES).format(name)
        self.address = f"198.18.{rng.randrange(256)}.{rng.randrange(1, 255)}"
        self.created = datetime(2021, 5, 1) + timedelta(minutes=rng.randrange(200_000))
        self.open = is_open

    @property
    def line(self) -> str:
        """As pages tell it."""
        return f"{self.kind}, {self.place}"


class Club:
    """Trails by name, reports by id, and how the sites are set up.

    Each trail has one report or more that is open, and one that isn't. The office's network is `network`, as in
    `10.250.3.` with one number to follow; whatever else is drawn is not in it. `daily` is how many reports an address
    may send within a day. `ports` are the sites' by number of proxies and whether the site is for HTTPS only.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"hiking club {seed}")
        names = [form.format(word(rng).title()) for form in rng.sample(WAYS, 4)]
        slugs = [f"{name.lower().replace(' ', '-')}-{rng.randrange(10, 100)}" for name in names]
        numbers = rng.sample(range(1, 300), len(names))
        trails = [Trail(*row) for row in zip(numbers, slugs, names, strict=True)]
        self.trails = sorted(trails, key=lambda trail: trail.name)
        walked = [*trails, *trails, *rng.choices(trails, k=rng.randrange(2, 6))]
        are_open = [place >= len(trails) for place in range(len(walked))]
        ids = rng.sample(range(1, 900), len(walked))
        near: dict[str, None] = {}
        while len(near) < len(walked):
            near[word(rng).title()] = None
        reports = [Report(rng, *row) for row in zip(ids, walked, are_open, near, strict=True)]
        self.reports = sorted(reports, key=lambda report: report.id)
        self.network = f"10.{rng.randrange(245, 255)}.{rng.randrange(256)}."
        self.daily = rng.randrange(2, 5)
        self.secret = f"{rng.getrandbits(128):032x}"
        sites = [(proxies, https_only) for proxies in (0, 1, 2) for https_only in (False, True)]
        self.ports = dict(zip(sites, rng.sample(range(8000, 8100), len(sites)), strict=True))

    def settings(self, proxies: int, https_only: bool) -> dict[str, Any]:
        """What a site's `create_app` is given."""
        return {
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "SECRET_KEY": self.secret,
            "PROXIES": proxies,
            "HTTPS_ONLY": https_only,
            "OFFICE": [f"{self.network}0/24"],
            "DAILY": self.daily,
        }

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table."""
        reports = [vars(report) | {"trail_id": report.trail.id} for report in self.reports]
        for report in reports:
            del report["trail"]
        return {"trails": [vars(trail) for trail in self.trails], "reports": reports}


class Sites:
    """WSGI: the sites' apps by port."""

    def __init__(self) -> None:
        self.apps: dict[str, Any] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        return self.apps[environ["SERVER_PORT"]](environ, start_response)


_club = Club(0)


def build(context: Any) -> Any:
    """The sites, each with a database of its own in memory."""
    global _club  # noqa: PLW0603  one harness in one process
    _club = Club(context.seed)
    create_app = context.load()
    sites = Sites()
    for (proxies, https_only), port in _club.ports.items():
        app = create_app(_club.settings(proxies, https_only))
        with app.app_context():
            db = app.extensions["sqlalchemy"]
            db.create_all()
            for table, values in _club.rows().items():
                db.session.execute(db.metadata.tables[table].insert(), values)
            db.session.commit()
            db.session.remove()
        sites.apps[str(port)] = app
    return sites


def warm(sites: Any) -> None:
    """Ask once for what many tests ask for, so that no test is the first to compile a query or a template."""
    paths = ["/", "/feed.atom", "/healthz", "/nowhere", f"/trails/{_club.trails[0].slug}/", "/desk/", "/desk/reports"]
    paths += [f"/reports/{_club.reports[0].id}", f"/api/reports/{_club.reports[0].id}", "/desk/mails", "/desk/blocked"]
    office = {"REMOTE_ADDR": f"{_club.network}9"}
    for app in sites.apps.values():
        client = app.test_client()
        for path in paths:
            with suppress(Exception):  # what can't be answered is for the tests to find
                client.get(path, environ_base=office)
        with suppress(Exception):
            client.post("/api/reports", json={"trail": _club.trails[0].slug}, environ_base=office)  # says too little
