"""The library's loans and late fees."""

from flask import Flask

from library.models import db, init_db
from library.views import bp


def create_app(config=None):
    """Make the app; `config` overrides the defaults."""
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///library.db"
    app.config.from_mapping(config or {})
    db.init_app(app)
    app.register_blueprint(bp)
    app.cli.command("init-db")(init_db)
    return app
