"""`/products`: what is sold."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from coldframe.extensions import db
from coldframe.models import Product

bp = Blueprint("products", __name__, url_prefix="/products")


@bp.get("")
def list_products() -> ResponseReturnValue:
    products = db.session.scalars(select(Product).order_by(Product.sku))
    return {
        "products": [
            {"sku": product.sku, "name": product.name, "price_cents": product.price_cents} for product in products
        ]
    }
