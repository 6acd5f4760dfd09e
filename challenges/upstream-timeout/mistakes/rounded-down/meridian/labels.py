"""Prices and labels."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify, request

from meridian import carrier
from meridian.extensions import db
from meridian.models import Label
from meridian.orders import order_or_404, shown

blueprint = Blueprint("labels", __name__, url_prefix="/orders/<int:number>")

SERVICES = ("standard", "express")


@blueprint.get("/rates")
def show_rates(number: int):
    return jsonify(rates=carrier.rates(order_or_404(number).grams))


@blueprint.post("/label")
def buy_label(number: int):
    order = order_or_404(number)
    body = request.get_json()
    if not isinstance(body, dict) or body.get("service") not in SERVICES:
        abort(400)
    if order.label:
        return jsonify(shown(order))
    sold = carrier.sell_label(order, body["service"])
    order.labels.append(Label(number=sold["label"], service=sold["service"], price_cents=sold["price_cents"]))
    order.label_key = None
    db.session.commit()
    return jsonify(shown(order)), 201


@blueprint.delete("/label")
def cancel_label(number: int):
    order = order_or_404(number)
    if order.label is None:
        return jsonify(error="no-label"), 404
    carrier.cancel_label(order.label.number)
    order.label.cancelled = True
    db.session.commit()
    return jsonify(shown(order))
