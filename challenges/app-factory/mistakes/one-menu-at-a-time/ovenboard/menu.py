"""`/menu`: what the branch bakes."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import session
from ovenboard.models import Product
from ovenboard.pricing import money

bp = Blueprint("menu", __name__)


def products() -> dict[str, tuple[int, str, int]]:
    """Id, name and price of every product by its slug. The menu is read often and changes once a season."""
    return _products(current_app._get_current_object())


@lru_cache(maxsize=1)
def _products(app: Flask) -> dict[str, tuple[int, str, int]]:
    rows = session().scalars(select(Product).order_by(Product.slug))
    return {row.slug: (row.id, row.name, row.price_cents) for row in rows}


def forget() -> None:
    """Call this when the products have changed."""
    _products.cache_clear()


@bp.get("/menu")
def show_menu() -> ResponseReturnValue:
    return {
        "products": [
            {"slug": slug, "name": name, "price_cents": cents, "price": money(cents)}
            for slug, (_, name, cents) in products().items()
        ]
    }
