"""What everyone may see: concerts, and what the choir sings."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import extract, select

from descant import forms
from descant.auth import committee_only
from descant.box_office import tickets_left
from descant.cache import cached
from descant.extensions import db
from descant.models import Concert, Piece
from descant.pages import show
from descant.visitors import counted

bp = Blueprint("concerts", __name__)


@bp.get("/")
@cached
def home() -> ResponseReturnValue:
    return redirect(url_for("rehearsals.listed" if g.member else "concerts.listed"))


@bp.get("/concerts")
@cached
def listed() -> ResponseReturnValue:
    """All concerts, or those of a year."""
    query = select(Concert).order_by(Concert.day, Concert.id)
    if year := request.args.get("year", type=int):
        query = query.where(extract("year", Concert.day) == year)
    concerts = [_summary(concert) | {"pieces": len(concert.pieces)} for concert in db.session.scalars(query)]
    return counted(show("concerts.html", concerts=concerts))


@bp.get("/concerts/<int:number>")
@cached
def detail(number: int) -> ResponseReturnValue:
    concert = _find(number)
    programme = [{"title": piece.title, "composer": piece.composer} for piece in concert.pieces]
    page = _summary(concert) | {"programme": programme, "tickets": tickets_left(number)}
    return counted(show("concert.html", **page))


@cached
@bp.get("/repertoire")
def repertoire() -> ResponseReturnValue:
    """All pieces, or those of some composers."""
    query = select(Piece).order_by(Piece.composer, Piece.title, Piece.id)
    if composers := request.args.getlist("composer"):
        query = query.where(Piece.composer.in_(composers))
    pieces = [
        {"title": piece.title, "composer": piece.composer, "concerts": [concert.title for concert in piece.concerts]}
        for piece in db.session.scalars(query)
    ]
    return counted(show("repertoire.html", pieces=pieces))


@bp.post("/concerts")
@committee_only
def create() -> ResponseReturnValue:
    concert = Concert(title=forms.text("title"), venue=forms.text("venue"), day=forms.day("day"))
    db.session.add(concert)
    db.session.commit()
    flash(f"{concert.title} is announced.")
    return redirect(url_for("concerts.detail", number=concert.id), 303)


@bp.post("/concerts/<int:number>")
@committee_only
def change(number: int) -> ResponseReturnValue:
    concert = _find(number)
    concert.title, concert.venue, concert.day = forms.text("title"), forms.text("venue"), forms.day("day")
    db.session.commit()
    flash(f"{concert.title} is changed.")
    return redirect(url_for("concerts.detail", number=number), 303)


def _find(number: int) -> Concert:
    return db.session.get(Concert, number) or abort(404, "There is no such concert.")


def _summary(concert: Concert) -> dict[str, object]:
    return {
        "concert": concert.id,
        "title": concert.title,
        "venue": concert.venue,
        "day": concert.day.isoformat(),
    }
