import pytest

from vellum import create_app
from vellum.cli import add_demo_bureau
from vellum.extensions import db


@pytest.fixture
def app():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
        add_demo_bureau()
        db.session.remove()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def as_user(app):
    """Gives a client that the gateway has signed in: `as_user("quay").get("/documents")`."""

    def as_user(login):
        client = app.test_client()
        client.environ_base["HTTP_X_VELLUM_USER"] = login
        return client

    return as_user
