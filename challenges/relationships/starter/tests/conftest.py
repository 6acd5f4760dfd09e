import pytest

from weavers import create_app
from weavers.extensions import db
from weavers.seed import add_demo_register


@pytest.fixture
def app():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
        add_demo_register()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def id_of(client):
    """Gives the id of the object with a number."""
    return lambda number: {item["number"]: item["id"] for item in client.get("/items").json["items"]}[number]
