"""`/api/v1/openapi.json` and the page that shows it, `/api/v1/docs`. All that the page loads comes from here."""

from __future__ import annotations

import importlib.util
import mimetypes
from pathlib import Path
from typing import Any

from flask import Response, current_app, jsonify, url_for
from markupsafe import escape
from werkzeug.exceptions import NotFound

from api.routing import PUBLIC, Doc, Policy, Routes

routes = Routes("docs", "Operations")

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
#: What the page loads: name in the URL → where it is. Nothing else of these folders is served.
_OWN = Path(__file__).with_name("static")
_SWAGGER = "flask_openapi_swagger"
_ASSETS = {
    "docs.js": (None, "docs.js"),
    "swagger-ui.css": (_SWAGGER, "css/swagger-ui.css"),
    "swagger-ui-bundle.js": (_SWAGGER, "js/swagger-ui-bundle.js"),
    "swagger.svg": (_SWAGGER, "images/swagger.svg"),
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mendbox API</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="{style}">
</head>
<body data-document="{document}">
<main id="docs"><p>This page shows <a href="{document}">{document}</a> and needs JavaScript for it.</p></main>
<script src="{bundle}"></script>
<script src="{start}"></script>
</body>
</html>
"""

_JSON: dict[str, Any] = {
    "description": "The OpenAPI 3.1 document",
    "content": {"application/json": {"schema": {"type": "object"}}},
}
_HTML: dict[str, Any] = {
    "description": "A page for people",
    "content": {"text/html": {"schema": {"type": "string"}}},
}


@routes.get("/openapi.json", Policy(PUBLIC), Doc({200: _JSON}))
def openapi_document() -> Response:
    """Read this document."""
    return jsonify(current_app.api_doc)  # type: ignore[attr-defined]  # the app is a flask_openapi.OpenAPI


@routes.get("/docs", Policy(PUBLIC), Doc({200: _HTML}))
def docs_page() -> Response:
    """Read this document as a page."""
    page = _PAGE.format(
        document=escape(url_for("docs.openapi_document")),
        icon=_asset_url("swagger.svg"),
        style=_asset_url("swagger-ui.css"),
        bundle=_asset_url("swagger-ui-bundle.js"),
        start=_asset_url("docs.js"),
    )
    response = Response(page, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = _CSP
    return response


@routes.blueprint.route("/docs/assets/<string:name>")
def docs_asset(name: str) -> Response:
    """A file that the page loads."""
    if name not in _ASSETS:
        raise NotFound
    package, path = _ASSETS[name]
    folder = _OWN if package is None else _package_folder(package) / "templates" / "swagger"
    response = Response((folder / path).read_bytes(), mimetype=mimetypes.guess_type(path)[0])
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


routes.policies["docs.docs_asset"] = Policy(PUBLIC)


def _asset_url(name: str) -> str:
    return str(escape(url_for("docs.docs_asset", name=name)))


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise NotFound
    return Path(spec.origin).parent
