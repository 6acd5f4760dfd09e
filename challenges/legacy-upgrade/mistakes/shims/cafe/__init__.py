"""The book of a repair café."""

import cafe.compat
from flask import Flask

from cafe import account, database, errors, items, pages
from cafe.encoding import CafeEncoder


def create_app(config=None):
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="on the counter",
        DATABASE_URL="sqlite:///cafe.db",
        KIOSK_KEY="kiosk",
        # The terminal on the counter shows answers as they come: names first, letters as people write them.
        JSON_SORT_KEYS=False,
        JSON_AS_ASCII=False,
    )
    app.config.update(config or {})
    app.json_encoder = CafeEncoder
    database.init_app(app)
    errors.init_app(app)
    pages.init_app(app)
    app.register_blueprint(items.blueprint)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(pages.blueprint)

    @app.before_first_request
    def read_rates():
        """What an hour costs is in the database, and doesn't change during an evening."""
        app.config["RATES"] = dict(database.engine().execute("SELECT kind, cents FROM rates").fetchall())

    return app
