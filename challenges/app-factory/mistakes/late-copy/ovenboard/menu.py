"""`/menu`: what the branch bakes."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from flask import Blueprint, Flask, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import session
from ovenboard.models import Product
from ovenboard.pricing import money

bp = Blueprint("menu", __name__)
_remembered: WeakKeyDictionary[Flask, dict[str, tuple[int, str, int]]] = WeakKeyDictionary()


def products() -> dict[str, tuple[int, str, int]]:
    """Id, name and price of every product by its slug. The menu is read often and changes once a season."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if app not in _remembered:
        rows = session.scalars(select(Product).order_by(Product.slug))
        _remembered[app] = {product.slug: (product.id, product.name, product.price_cents) for product in rows}
    return _remembered[app]


def forget() -> None:
    """Call this when the products have changed."""
    _remembered.pop(current_app._get_current_object(), None)  # type: ignore[attr-defined]


@bp.get("/menu")
def show_menu() -> ResponseReturnValue:
    return {
        "products": [
            {"slug": slug, "name": name, "price_cents": cents, "price": money(cents)}
            for slug, (_, name, cents) in products().items()
        ]
    }
