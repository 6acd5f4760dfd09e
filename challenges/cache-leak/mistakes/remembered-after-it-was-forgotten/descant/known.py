"""All that pages are made of, by topic. Rows are read whole: a choir has few of anything."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from descant.box_office import tickets_left
from descant.cache import recall
from descant.extensions import db
from descant.models import Answer, Concert, Member, Notice, Piece, Rehearsal


@dataclass(frozen=True)
class Singer:
    id: int
    name: str
    voice: str
    phone: str
    role: str
    paid: bool


@dataclass(frozen=True)
class Event:
    id: int
    title: str
    venue: str
    day: date
    pieces: tuple[int, ...]


@dataclass(frozen=True)
class Music:
    id: int
    title: str
    composer: str


@dataclass(frozen=True)
class Evening:
    id: int
    starts_at: datetime
    place: str
    concert: int


@dataclass(frozen=True)
class Sheet:
    text: str
    voice: str | None
    author: int


def everybody() -> dict[int, Singer]:
    """Members by number, those who have left too."""

    def ask() -> dict[int, Singer]:
        rows = db.session.scalars(select(Member).order_by(Member.name, Member.id))
        return {row.id: Singer(row.id, row.name, row.voice, row.phone, row.role, row.paid) for row in rows}

    return recall("members", ask)


def singers() -> list[Singer]:
    """Members who have not left, by name."""
    return [one for one in everybody().values() if one.role != "left"]


def events() -> dict[int, Event]:
    """Concerts by number, the first one first."""

    def ask() -> dict[int, Event]:
        rows = db.session.scalars(select(Concert).order_by(Concert.day, Concert.id))
        return {
            row.id: Event(row.id, row.title, row.venue, row.day, tuple(piece.id for piece in row.pieces))
            for row in rows
        }

    return recall("concerts", ask)


def music() -> dict[int, Music]:
    """Pieces by number, by composer and title."""

    def ask() -> dict[int, Music]:
        rows = db.session.scalars(select(Piece).order_by(Piece.composer, Piece.title, Piece.id))
        return {row.id: Music(row.id, row.title, row.composer) for row in rows}

    return recall("pieces", ask)


def evenings() -> dict[int, Evening]:
    """Rehearsals by number, the first one first."""

    def ask() -> dict[int, Evening]:
        rows = db.session.scalars(select(Rehearsal).order_by(Rehearsal.starts_at, Rehearsal.id))
        return {row.id: Evening(row.id, row.starts_at, row.place, row.concert_id) for row in rows}

    return recall("rehearsals", ask)


def answers() -> dict[int, dict[int, bool]]:
    """Who comes, by rehearsal and member."""

    def ask() -> dict[int, dict[int, bool]]:
        said: dict[int, dict[int, bool]] = {}
        for row in db.session.execute(select(Answer.rehearsal_id, Answer.member_id, Answer.coming)):
            said.setdefault(row.rehearsal_id, {})[row.member_id] = row.coming
        return said

    return recall("answers", ask)


def sheets() -> list[Sheet]:
    """Notices, the newest first."""

    def ask() -> list[Sheet]:
        return [
            Sheet(row.text, row.voice, row.author_id)
            for row in db.session.execute(select(Notice).order_by(Notice.id.desc())).scalars()
        ]

    return recall("notices", ask)


def tickets(number: int) -> int:
    """How many tickets the box office had left; aborts with 503 when it can't be reached."""
    return recall(f"tickets for {number}", lambda: tickets_left(number))
