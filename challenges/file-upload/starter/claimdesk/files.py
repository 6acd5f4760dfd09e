"""`/claims/<number>/files/<name>`: the photos themselves."""

from __future__ import annotations

import os

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from claimdesk.errors import ApiError
from claimdesk.storage import full_path

bp = Blueprint("files", __name__)


@bp.get("/claims/<number>/files/<path:name>")
def show_file(number: str, name: str) -> ResponseReturnValue:
    path = full_path(f"{number}/{name}")
    if not os.path.isfile(path):
        raise ApiError(404, "file_not_found", f"Claim {number} has no file {name}.")
    return send_file(path)
