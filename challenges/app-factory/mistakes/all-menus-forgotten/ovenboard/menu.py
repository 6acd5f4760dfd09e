"""`/menu`: what the branch bakes."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import session
from ovenboard.models import Product
from ovenboard.pricing import money

_remembered: dict[str, dict[str, tuple[int, str, int]]] = {}

bp = Blueprint("menu", __name__)


def products() -> dict[str, tuple[int, str, int]]:
    """Id, name and price of every product by its slug. The menu is read often and changes once a season."""
    key = current_app.config["DATABASE_URL"]
    if key not in _remembered:
        rows = session().scalars(select(Product).order_by(Product.slug))
        _remembered[key] = {row.slug: (row.id, row.name, row.price_cents) for row in rows}
    return _remembered[key]


def forget() -> None:
    """Call this when the products have changed."""
    _remembered.clear()


@bp.get("/menu")
def show_menu() -> ResponseReturnValue:
    return {
        "products": [
            {"slug": slug, "name": name, "price_cents": cents, "price": money(cents)}
            for slug, (_, name, cents) in products().items()
        ]
    }
