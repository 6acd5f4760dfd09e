from datetime import date

import pytest

from skerry import create_app
from skerry.extensions import db
from skerry.seed import add_demo_station


@pytest.fixture
def app():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
        add_demo_station(date(2026, 11, 2))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def una(client):
    """Una's browser, signed in."""
    assert client.post("/login", data={"member": "1", "pin": "1111"}).status_code == 303
    return client
