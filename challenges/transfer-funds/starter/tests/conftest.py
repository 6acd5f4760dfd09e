import pytest

from millrace import create_app
from millrace.extensions import db
from millrace.seed import add_demo_exchange


@pytest.fixture
def app():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
        add_demo_exchange()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def balance(client):
    return lambda number: client.get(f"/accounts/{number}").json["balance"]
