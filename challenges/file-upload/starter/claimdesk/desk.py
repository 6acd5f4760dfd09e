"""`/desk/<number>`: the page that adjusters look at."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from claimdesk.lookups import claim_or_404
from claimdesk.serializers import attachment_url

bp = Blueprint("desk", __name__, url_prefix="/desk")


@bp.get("/<number>")
def show_claim(number: str) -> ResponseReturnValue:
    return render_template("claim.html", claim=claim_or_404(number), url_of=attachment_url)
