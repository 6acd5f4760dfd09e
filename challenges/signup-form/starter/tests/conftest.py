import pytest

from longtable import create_app
from longtable.extensions import db
from longtable.seed import add_demo_table


@pytest.fixture
def app():
    app = create_app(
        {"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://", "PIN_HASH": "pbkdf2:sha256:600"},
    )
    with app.app_context():
        db.create_all()
        add_demo_table()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def listed(client):
    """Gives the kitchen's list, by handle."""
    return lambda: {member["handle"]: member for member in client.get("/desk/members.json").json["members"]}
