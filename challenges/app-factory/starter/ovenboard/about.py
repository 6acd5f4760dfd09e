"""`/about`: what customers should know of the branch."""

from __future__ import annotations

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

bp = Blueprint("about", __name__)


@bp.get("/about")
def show_branch() -> ResponseReturnValue:
    config = current_app.config
    return {
        "branch": config["BRANCH"],
        "currency": config["CURRENCY"],
        "max_pieces": config["MAX_PIECES"],
        "delivery": config["DELIVERY"],
    }
