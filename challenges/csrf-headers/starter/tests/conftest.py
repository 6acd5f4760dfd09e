import re

import pytest

from kerbside import create_app
from kerbside.extensions import db
from kerbside.seed import store_town


@pytest.fixture
def app(tmp_path):
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'kerbside.db'}"})
    with app.app_context():
        db.create_all()
        store_town("pbkdf2:sha256:500")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def token_on():
    """Gives the token of a page, as the script reads it."""

    def token_on(client, path):
        return re.search(r'<meta name="csrf-token" content="([^"]+)"', client.get(path).text)[1]

    return token_on


@pytest.fixture
def ottilie(client, token_on):
    """Ottilie's browser, signed in."""
    form = {"email": "ottilie@saltholm.example", "password": "cobbles and gulls", "csrf_token": token_on(client, "/login")}
    client.post("/login", data=form)
    return client
