"""`/menu`: what the branch bakes."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import session
from ovenboard.models import Product
from ovenboard.pricing import money

KEY = "ovenboard_menu"

bp = Blueprint("menu", __name__)


def products() -> dict[str, tuple[int, str, int]]:
    """Id, name and price of every product by its slug. The menu is read often and changes once a season."""
    if KEY not in current_app.extensions:
        rows = session().scalars(select(Product).order_by(Product.slug))
        current_app.extensions[KEY] = {row.slug: (row.id, row.name, row.price_cents) for row in rows}
    return current_app.extensions[KEY]


def forget() -> None:
    """Call this when the products have changed."""
    current_app.extensions.pop(KEY, None)


@bp.get("/menu")
def show_menu() -> ResponseReturnValue:
    return {
        "products": [
            {"slug": slug, "name": name, "price_cents": cents, "price": money(cents)}
            for slug, (_, name, cents) in products().items()
        ]
    }
