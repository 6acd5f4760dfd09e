"""The book of a repair café."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response

from cafe import account, database, errors, items, pages, rates
from cafe.encoding import CafeJSON


class CompleteResponse(Response):
    """Redirects have complete addresses: small machines follow them."""

    autocorrect_location_header = True


class Cafe(Flask):
    json_provider_class = CafeJSON
    response_class = CompleteResponse


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Cafe(__name__)
    app.config.update(SECRET_KEY="on the counter", DATABASE_URL="sqlite:///cafe.db", KIOSK_KEY="kiosk")
    app.config.update(config or {})
    for part in (database, errors, pages, rates):
        part.init_app(app)
    for blueprint in (items.blueprint, account.blueprint, pages.blueprint):
        app.register_blueprint(blueprint)
    return app
