"""What there is for everyone."""

from __future__ import annotations

import inspect

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from interloan.extensions import db
from interloan.models import Library

bp = Blueprint("index", __name__)


@bp.get("/")
def show_index() -> ResponseReturnValue:
    """Say what there is."""
    operations = []
    for rule in current_app.url_map.iter_rules():
        text = inspect.getdoc(current_app.view_functions[rule.endpoint]) or ""
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            operations.append({"method": method, "path": rule.rule, "summary": text.partition("\n")[0]})
    operations.sort(key=lambda operation: (operation["path"], operation["method"]))
    return {"service": current_app.config["SERVICE_NAME"], "operations": operations}


@bp.get("/libraries")
def list_libraries() -> ResponseReturnValue:
    """List the libraries."""
    libraries = db.session.scalars(select(Library).order_by(Library.code))
    return {"libraries": [{"code": library.code, "name": library.name} for library in libraries]}
