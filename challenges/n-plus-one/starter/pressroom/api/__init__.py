"""The JSON API, under `/api`."""

from flask import Blueprint

bp = Blueprint("api", __name__, url_prefix="/api")

from pressroom.api import authors, posts, tags  # noqa: E402, F401  they register their routes on `bp`
