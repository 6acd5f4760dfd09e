"""`/claims/<number>/files/<name>`: the photos themselves."""

from __future__ import annotations

import os

from flask import Blueprint
from flask.typing import ResponseReturnValue

from claimdesk.errors import ApiError
from claimdesk.lookups import claim_or_404
from claimdesk.storage import PHOTO, full_path, send

bp = Blueprint("files", __name__)


@bp.get("/claims/<number>/files/<path:name>")
def show_file(number: str, name: str) -> ResponseReturnValue:
    folder = os.path.realpath(full_path(claim_or_404(number).number))
    path = os.path.realpath(os.path.join(folder, name))
    if not path.startswith(folder + os.sep) or not os.path.isfile(path):
        raise ApiError(404, "file_not_found", f"Claim {number} has no file {name}.")
    return send(path, PHOTO)
