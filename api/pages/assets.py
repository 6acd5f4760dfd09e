"""What pages load: the files that `mendbox.frontend` built, under names that have a digest of their content."""

from __future__ import annotations

import gzip
import json
import mimetypes
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from flask import Response, request
from werkzeug.exceptions import NotFound

from api.pages.routing import PageRoutes
from api.routing import PUBLIC, Policy
from runner.errors import PlatformFault

routes = PageRoutes("assets")
_BUILT = Path(__file__).parents[1] / "static" / "built"
_NAME = re.compile(r"[a-z]+-[0-9a-f]{12}\.(?:js|css)")


class PagesNotBuilt(PlatformFault):
    """Scripts and styles were not built when this was set up."""


@cache
def asset_names() -> Mapping[str, str]:
    """By a file's plain name the one that it was built as. Raises PagesNotBuilt."""
    try:
        found = json.loads((_BUILT / "manifest.json").read_text())
        return {str(name): str(built) for name, built in found["files"].items()}
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise PagesNotBuilt("the pages' scripts and styles are not built", hint="run make setup") from error


# Not counted: behind one address there may be many, and a page without its script is none.
@routes.get("/assets/<string:name>", Policy(PUBLIC, counted=False))
def asset(name: str) -> Response:
    """A file that pages load. Its content never changes, so that it is kept for ever."""
    if not _NAME.fullmatch(name) or name not in asset_names().values():
        raise NotFound
    try:
        data = (_BUILT / name).read_bytes()
    except FileNotFoundError as error:
        raise NotFound from error
    response = Response(data, mimetype=mimetypes.guess_type(name)[0])
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Vary"] = "Accept-Encoding"
    if request.accept_encodings["gzip"] > 0:
        response.set_data(_compressed(name, data))
        response.headers["Content-Encoding"] = "gzip"
    return response


@lru_cache(maxsize=16)
def _compressed(name: str, data: bytes) -> bytes:
    """An editor over a slow line is there in a third of the time. Nothing in it is secret, so its size may tell."""
    return gzip.compress(data, mtime=0)
