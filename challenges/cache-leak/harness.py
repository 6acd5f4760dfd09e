"""Builds the site and fills it with a choir drawn from the grading's seed, and stands in for the box office.

The hidden suite draws the same choir by `Choir(seed)`; what only the app's side needs is imported where it is used.
"""

from __future__ import annotations

import random
import threading
from datetime import date, datetime, timedelta
from typing import Any

FIRST = (
    *("Aila", "Birk", "Carys", "Dario", "Edda", "Fionn", "Greta", "Hamza", "Ilse", "Jarek", "Kaya", "Leif", "Mona"),
    *("Nils", "Orla", "Pavel", "Runa", "Sami", "Tilda", "Uwe"),
)
LAST = ("Ashby", "Bruun", "Czerny", "Dunmore", "Ek", "Farrow", "Gallas", "Holm", "Isaksen", "Juhl", "Krantz", "Lund")
COMPOSERS = ("Byrd", "Tallis", "Schütz", "Mendelssohn", "Rheinberger", "Pärt", "Poulenc", "Nystedt", "Boulanger")
WORDS = ("Stella", "Ave", "Cantate", "Silence", "Evening", "Psalm", "Winter", "River", "Lux", "Carol", "Nox", "Gloria")
PLACES = ("school hall", "vestry", "old mill", "town library", "chapel", "fire station")
VOICES = ("soprano", "alto", "tenor", "bass")
#: A request that is held at the box office goes on by itself after this time.
HOLD_S = 1.5


class Member:
    """A row of `members`."""

    def __init__(self, number: int, name: str, voice: str, rng: random.Random) -> None:
        self.id = number
        self.name = name
        self.voice = voice
        self.phone = f"0{rng.randrange(10**8, 10**9)}"
        self.pin = f"{rng.randrange(10**6):06}"
        self.role = "singer"
        self.paid = rng.random() < 0.5


class Concert:
    """A row of `concerts`; `pieces` are titles by composer."""

    def __init__(self, number: int, title: str, venue: str, day: date) -> None:
        self.id = number
        self.title = title
        self.venue = venue
        self.day = day
        self.pieces: list[Piece] = []


class Piece:
    """A row of `pieces`."""

    def __init__(self, number: int, title: str, composer: str) -> None:
        self.id = number
        self.title = title
        self.composer = composer


class Rehearsal:
    """A row of `rehearsals`; `answers` holds who has said that they come, or don't."""

    def __init__(self, number: int, starts_at: datetime, place: str, concert: Concert) -> None:
        self.id = number
        self.starts_at = starts_at
        self.place = place
        self.concert = concert
        self.answers: dict[Member, bool] = {}


class Notice:
    """A row of `notices`."""

    def __init__(self, text: str, voice: str | None, author: Member) -> None:
        self.text = text
        self.voice = voice
        self.author = author


class Choir:
    """Eight members or more, three concerts in two years, six pieces, three rehearsals and some notices.

    `alto` and `tenor` sing, `other_alto` and `bass` too; `chair` and `treasurer` are the committee, one soprano and one
    bass. Of the concerts `spring` and `summer` are in the first year, `late` in the second one. Of `rehearsals` the
    first has an answer of everybody's, the second none, the last some.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(f"choir {seed}")
        names = [f"{first} {rng.choice(LAST)}" for first in rng.sample(FIRST, 6 + rng.randrange(2, 6))]
        numbers = rng.sample(range(100, 1000), len(names))
        voices = ["alto", "alto", "tenor", "bass", "soprano", "bass", *rng.choices(VOICES, k=len(names) - 6)]
        self.members = [
            Member(number, name, voice, rng) for number, name, voice in zip(numbers, names, voices, strict=True)
        ]
        self.alto, self.other_alto, self.tenor, self.bass, self.chair, self.treasurer = self.members[:6]
        self.chair.role = self.treasurer.role = "committee"
        self.alto.paid = self.tenor.paid = False

        self.year = rng.randrange(2027, 2060)
        days = [date(self.year, month, rng.randrange(1, 28)) for month in (4, 7)] + [date(self.year + 1, 2, 3)]
        self.concerts = [
            Concert(number, f"{title} {rng.randrange(100, 1000)}", f"{rng.choice(PLACES)} {rng.randrange(100)}", day)
            for number, title, day in zip(sorted(rng.sample(range(1, 900), 3)), rng.sample(WORDS, 3), days, strict=True)
        ]
        self.spring, self.summer, self.late = self.concerts
        self.pieces = [
            Piece(number, f"{rng.choice(WORDS)} {rng.randrange(100, 1000)}", composer)
            for number, composer in zip(rng.sample(range(1, 900), 6), rng.sample(COMPOSERS, 3) * 2, strict=True)
        ]
        for concert, count in zip(self.concerts, (3, 2, 2), strict=True):
            concert.pieces = sorted(rng.sample(self.pieces, count), key=lambda piece: piece.id)

        evening = datetime(self.year, 3, 1, 19, 30) + timedelta(days=rng.randrange(10))
        self.rehearsals = [
            Rehearsal(number, evening + timedelta(days=7 * week), f"{rng.choice(PLACES)} {rng.randrange(100)}", concert)
            for week, (number, concert) in enumerate(
                zip(rng.sample(range(1, 900), 3), (self.spring, self.spring, self.summer), strict=True)
            )
        ]
        for member in self.members:
            self.rehearsals[0].answers[member] = rng.random() < 0.5
            if rng.random() < 0.5:
                self.rehearsals[2].answers[member] = rng.random() < 0.5
        self.rehearsals[0].answers[self.alto] = self.rehearsals[0].answers[self.chair] = True
        self.rehearsals[0].answers[self.tenor] = False
        #: The oldest first.
        self.notices = [
            Notice(f"{rng.choice(WORDS)} {rng.randrange(10**6)}", voice, author)
            for voice, author in zip(
                (None, "alto", "tenor", None), rng.sample((self.chair, self.treasurer) * 2, 4), strict=True
            )
        ]

    def rows(self) -> dict[str, list[dict[str, Any]]]:
        """Everything, by table, parents first."""
        columns = ("id", "name", "voice", "phone", "pin", "role", "paid")
        return {
            "members": [{column: getattr(member, column) for column in columns} for member in self.members],
            "concerts": [
                {"id": one.id, "title": one.title, "venue": one.venue, "day": one.day} for one in self.concerts
            ],
            "pieces": [{"id": piece.id, "title": piece.title, "composer": piece.composer} for piece in self.pieces],
            "programme": [
                {"concert_id": concert.id, "piece_id": piece.id}
                for concert in self.concerts
                for piece in concert.pieces
            ],
            "rehearsals": [
                {"id": one.id, "starts_at": one.starts_at, "place": one.place, "concert_id": one.concert.id}
                for one in self.rehearsals
            ],
            "answers": [
                {"rehearsal_id": one.id, "member_id": member.id, "coming": coming}
                for one in self.rehearsals
                for member, coming in one.answers.items()
            ],
            "notices": [
                {"text": notice.text, "voice": notice.voice, "author_id": notice.author.id} for notice in self.notices
            ],
        }


def tickets(seed: int, concert_id: int) -> int:
    """How many tickets of a concert are left, until more are sold."""
    return random.Random(f"tickets {seed} {concert_id}").randrange(1000, 10_000)


class Gate:
    """Keeps one request waiting: at the box office, or in the database between concerts and their pieces."""

    def __init__(self) -> None:
        self.closed_at = ""
        self.held = threading.Event()
        self.open = threading.Event()

    def pass_through(self, place: str) -> None:
        if self.closed_at == place:
            self.closed_at = ""
            self.held.set()
            self.open.wait(HOLD_S)


class BoxOffice:
    """Says how many tickets are left; can be away or fail."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.sold: dict[int, int] = {}
        self.asked: dict[int, int] = {}
        self.fault = ""

    def __call__(self, concert_id: int) -> int:
        self.asked[concert_id] = self.asked.get(concert_id, 0) + 1
        _gate.pass_through("box office")
        if self.fault == "away":
            raise ConnectionError("no route to the box office")
        if self.fault == "broken":
            raise ValueError("the box office talks nonsense")
        return tickets(self.seed, concert_id) - self.sold.get(concert_id, 0)


_box_office = BoxOffice(0)
_gate = Gate()


def _before_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
    if statement.startswith("SELECT") and "programme" in statement:
        _gate.pass_through("database")


def build(context: Any) -> Any:
    """The candidate's app on a seeded SQLite file, without an open connection."""
    global _box_office, _gate
    from sqlalchemy import Engine, event

    _box_office, _gate = BoxOffice(context.seed), Gate()
    if not event.contains(Engine, "before_cursor_execute", _before_statement):
        event.listen(Engine, "before_cursor_execute", _before_statement)
    create_app = context.load()
    config = {
        "SECRET_KEY": f"choir {context.seed}",
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{context.data_dir / 'descant.db'}",
        "BOX_OFFICE": _box_office,
    }
    app = create_app(config)
    with app.app_context():
        db = app.extensions["sqlalchemy"]
        db.create_all()
        for table, values in Choir(context.seed).rows().items():
            db.session.execute(db.metadata.tables[table].insert(), values)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return app


def warm(app: Any) -> None:
    """Ask once for pages that nobody may see, so that no test is the first to compile a template or a query.

    What is kept of it is old when the tests begin: they let an hour pass first.
    """
    client = app.test_client()
    choir = Choir(_box_office.seed)
    client.post("/login", data={"member": choir.chair.id, "pin": choir.chair.pin})
    paths = ["/concerts", f"/concerts/{choir.late.id}", "/repertoire", "/rehearsals", "/members", "/notices", "/me"]
    for path in (*paths, f"/rehearsals/{choir.rehearsals[0].id}", "/dues", "/nowhere"):
        client.get(path)
    with app.app_context():
        app.extensions["sqlalchemy"].engine.dispose()
    _box_office.asked.clear()


def sell(concert_id: int, count: int) -> None:
    """Sell tickets, without telling anybody."""
    _box_office.sold[concert_id] = _box_office.sold.get(concert_id, 0) + count


def asked(concert_id: int) -> int:
    """How often the box office was asked about a concert."""
    return _box_office.asked.get(concert_id, 0)


def fail(fault: str) -> None:
    """Be `away` or `broken` from now on, or in order again (empty)."""
    _box_office.fault = fault


def hold(place: str) -> None:
    """Hold whoever comes to the `box office`, or to the `database` for pieces, next."""
    _gate.closed_at = place


def until_held() -> bool:
    """Wait until somebody is held."""
    return _gate.held.wait(HOLD_S)


def let_go() -> None:
    """Let them go on."""
    _gate.open.set()
