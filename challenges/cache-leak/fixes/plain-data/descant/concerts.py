"""What everyone may see: concerts, and what the choir sings."""

from flask import Blueprint, abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from descant import forms, known
from descant.auth import committee_only
from descant.cache import forget
from descant.extensions import db
from descant.models import Concert
from descant.pages import show
from descant.visitors import counted

bp = Blueprint("concerts", __name__)


@bp.get("/")
def home() -> ResponseReturnValue:
    return redirect(url_for("rehearsals.listed" if g.member else "concerts.listed"))


@bp.get("/concerts")
def listed() -> ResponseReturnValue:
    """All concerts, or those of a year."""
    year = request.args.get("year", type=int)
    chosen = [one for one in known.events().values() if not year or one.day.year == year]
    return counted(show("concerts.html", concerts=[_summary(one) | {"pieces": len(one.pieces)} for one in chosen]))


@bp.get("/concerts/<int:number>")
def detail(number: int) -> ResponseReturnValue:
    one = known.events().get(number) or abort(404, "There is no such concert.")
    pieces = known.music()
    programme = [{"title": pieces[each].title, "composer": pieces[each].composer} for each in one.pieces]
    return counted(show("concert.html", **_summary(one), programme=programme, tickets=known.tickets(number)))


@bp.get("/repertoire")
def repertoire() -> ResponseReturnValue:
    """All pieces, or those of some composers."""
    wanted, concerts = request.args.getlist("composer"), known.events().values()
    pieces = [
        {
            "title": piece.title,
            "composer": piece.composer,
            "concerts": [one.title for one in concerts if piece.id in one.pieces],
        }
        for piece in known.music().values()
        if piece.composer in wanted or not wanted
    ]
    return counted(show("repertoire.html", pieces=pieces))


@bp.post("/concerts")
@committee_only
def create() -> ResponseReturnValue:
    concert = Concert(title=forms.text("title"), venue=forms.text("venue"), day=forms.day("day"))
    db.session.add(concert)
    db.session.commit()
    forget("concerts")
    flash(f"{concert.title} is announced.")
    return redirect(url_for("concerts.detail", number=concert.id), 303)


@bp.post("/concerts/<int:number>")
@committee_only
def change(number: int) -> ResponseReturnValue:
    concert = db.session.get(Concert, number) or abort(404, "There is no such concert.")
    concert.title, concert.venue, concert.day = forms.text("title"), forms.text("venue"), forms.day("day")
    db.session.commit()
    forget("concerts")
    flash(f"{concert.title} is changed.")
    return redirect(url_for("concerts.detail", number=number), 303)


def _summary(concert: known.Event) -> dict[str, object]:
    return {
        "concert": concert.id,
        "title": concert.title,
        "venue": concert.venue,
        "day": concert.day.isoformat(),
    }
