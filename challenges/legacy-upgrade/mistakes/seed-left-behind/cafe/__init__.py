"""The book of a repair café."""

from flask import Flask
from sqlalchemy import text

from cafe import account, database, errors, items, pages
from cafe.encoding import CafeProvider


def create_app(config=None):
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY="on the counter",
        DATABASE_URL="sqlite:///cafe.db",
        KIOSK_KEY="kiosk",
    )
    app.config.update(config or {})
    app.json = CafeProvider(app)
    database.init_app(app)
    errors.init_app(app)
    pages.init_app(app)
    app.register_blueprint(items.blueprint)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(pages.blueprint)

    @app.before_request
    def read_rates():
        """What an hour costs is in the database, and doesn't change during an evening: read at the first request."""
        if "RATES" not in app.config:
            with app.engine.connect() as connection:
                rows = connection.execute(text("SELECT kind, cents FROM rates"))
                app.config["RATES"] = {kind: cents for kind, cents in rows}

    return app
