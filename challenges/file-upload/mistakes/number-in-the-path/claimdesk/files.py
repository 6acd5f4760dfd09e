"""`/claims/<number>/files/<name>`: the photos themselves."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from claimdesk.errors import ApiError
from claimdesk.storage import full_path, send

bp = Blueprint("files", __name__)


@bp.get("/claims/<number>/files/<path:name>")
def show_file(number: str, name: str) -> ResponseReturnValue:
    path = safe_join(str(full_path(number)), name)
    if path is None or not Path(path).is_file():
        raise ApiError(404, "file_not_found", f"Claim {number} has no file {name}.")
    return send(Path(path), "photo")
