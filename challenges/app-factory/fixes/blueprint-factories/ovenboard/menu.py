"""`/menu`: what the branch bakes."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from ovenboard.db import Database
from ovenboard.models import Product
from ovenboard.pricing import Pricing


class Menu:
    """The products of a branch, remembered until they change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._products: dict[str, tuple[int, str, int]] | None = None

    def products(self) -> dict[str, tuple[int, str, int]]:
        """Id, name and price of every product by its slug. The menu is read often and changes once a season."""
        if self._products is None:
            rows = self._database.session.scalars(select(Product).order_by(Product.slug))
            self._products = {row.slug: (row.id, row.name, row.price_cents) for row in rows}
        return self._products

    def forget(self) -> None:
        """Call this when the products have changed."""
        self._products = None


def blueprint(menu: Menu, pricing: Pricing) -> Blueprint:
    """The routes of a branch with this menu."""
    bp = Blueprint("menu", __name__)

    @bp.get("/menu")
    def show_menu() -> ResponseReturnValue:
        return {
            "products": [
                {"slug": slug, "name": name, "price_cents": cents, "price": pricing.money(cents)}
                for slug, (_, name, cents) in menu.products().items()
            ]
        }

    return bp
