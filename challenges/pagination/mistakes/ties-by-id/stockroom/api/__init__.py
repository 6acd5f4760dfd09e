"""The JSON API, under `/api`."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from stockroom.api import movements, parts, suppliers
from stockroom.paging import InvalidPage, NoSuchPage

bp = Blueprint("api", __name__, url_prefix="/api")
bp.register_blueprint(parts.bp)
bp.register_blueprint(movements.bp)
bp.register_blueprint(suppliers.bp)


@bp.errorhandler(InvalidPage)
def invalid_page(error: InvalidPage) -> ResponseReturnValue:
    return {"error": {"code": "invalid_parameter", "message": str(error)}}, 400


@bp.errorhandler(NoSuchPage)
def no_such_page(error: NoSuchPage) -> ResponseReturnValue:
    return {"error": {"code": "page_not_found", "message": str(error)}}, 404
