import pytest

from interloan import create_app
from interloan.cli import add_demo_libraries
from interloan.extensions import db


@pytest.fixture
def app():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
        add_demo_libraries()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def bearing():
    """The headers of a request with a token."""
    tokens = {
        "office": "office1.0f6f1c2e3a",
        "desk": "fendesk.5d41402abc",
        "reader": "fenread.7d793037a0",
        "other desk": "moordesk.2b00042f7b",
    }
    return lambda who, **more: {"Authorization": f"Bearer {tokens[who]}"} | more
