"""`/menu`: what the branch bakes."""

from __future__ import annotations

from functools import lru_cache

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import session
from ovenboard.models import Product
from ovenboard.pricing import money

bp = Blueprint("menu", __name__)


@lru_cache(maxsize=1)
def products() -> dict[str, tuple[int, str, int]]:
    """Id, name and price of every product by its slug. The menu is read often and changes once a season."""
    rows = session.scalars(select(Product).order_by(Product.slug))
    return {product.slug: (product.id, product.name, product.price_cents) for product in rows}


def forget() -> None:
    """Call this when the products have changed."""
    products.cache_clear()


@bp.get("/menu")
def show_menu() -> ResponseReturnValue:
    return {
        "products": [
            {"slug": slug, "name": name, "price_cents": cents, "price": money(cents)}
            for slug, (_, name, cents) in products().items()
        ]
    }
