import pytest

from descant import create_app
from descant.extensions import db
from descant.seed import add_demo_choir


@pytest.fixture
def app(tmp_path):
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path / 'descant.db'}"})
    with app.app_context():
        db.create_all()
        add_demo_choir()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    """A visitor's browser."""
    return app.test_client()


@pytest.fixture
def sign_in(app):
    """Signs a member in, by number; gives their browser."""

    def sign_in(number):
        client = app.test_client()
        assert client.post("/login", data={"member": number, "pin": f"{number}" * 4}).status_code == 303
        return client

    return sign_in
