import pytest

from allotment import create_app
from allotment.extensions import db
from allotment.seed import store_association


@pytest.fixture
def app(tmp_path):
    database = f"sqlite:///{tmp_path / 'allotment.db'}"
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": database, "PASSWORD_METHOD": "pbkdf2:sha256:500"})
    with app.app_context():
        db.create_all()
        store_association()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def ada(client):
    """Ada's browser, signed in."""
    client.post("/login", data={"email": "ada@riverside.example", "password": "Runner beans!"})
    return client
