"""`/menu`: what the branch bakes."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import session
from ovenboard.models import Product
from ovenboard.pricing import money
from ovenboard.state import here

bp = Blueprint("menu", __name__)


def products() -> dict[str, tuple[int, str, int]]:
    """Id, name and price of every product by its slug. The menu is read often and changes once a season."""
    branch = here()
    if branch.menu is None:
        found = session.scalars(select(Product).order_by(Product.slug)).all()
        branch.menu = dict((each.slug, (each.id, each.name, each.price_cents)) for each in found)
    return branch.menu


def forget() -> None:
    """Call this when the products have changed."""
    here().menu = None


@bp.get("/menu")
def show_menu() -> ResponseReturnValue:
    return {
        "products": [
            {"slug": slug, "name": name, "price_cents": cents, "price": money(cents)}
            for slug, (_, name, cents) in products().items()
        ]
    }
