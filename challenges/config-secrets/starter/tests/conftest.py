import secrets

import pytest

from gangway import create_app
from gangway.models import db


@pytest.fixture
def environ(tmp_path):
    return {
        "GANGWAY_DATABASE": str(tmp_path / "office.db"),
        "GANGWAY_SECRET_KEY": secrets.token_hex(32),
        "GANGWAY_PAYMENTS_KEY": secrets.token_hex(32),
    }


@pytest.fixture
def app(environ):
    app = create_app(environ)
    app.test_cli_runner().invoke(args=["seed"], catch_exceptions=False)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def clerk(client):
    client.post("/login", json={"badge": "4711"})
    return client
