"""`/claims`: what is claimed, and what was sent in for it."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from claimdesk.extensions import db
from claimdesk.lookups import claim_or_404
from claimdesk.models import Claim
from claimdesk.serializers import claim_detail, claim_summary

bp = Blueprint("claims", __name__, url_prefix="/claims")


@bp.get("")
def list_claims() -> ResponseReturnValue:
    claims = db.session.scalars(select(Claim).order_by(Claim.number))
    return {"claims": [claim_summary(claim) for claim in claims]}


@bp.get("/<number>")
def show_claim(number: str) -> ResponseReturnValue:
    return claim_detail(claim_or_404(number))
