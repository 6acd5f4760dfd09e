"""The JSON API, under `/api`."""

from flask import Blueprint

from stockroom.api import movements, parts, suppliers

bp = Blueprint("api", __name__, url_prefix="/api")
bp.register_blueprint(parts.bp)
bp.register_blueprint(movements.bp)
bp.register_blueprint(suppliers.bp)
