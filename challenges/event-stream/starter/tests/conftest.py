import pytest

from regatta import create_app
from regatta.cli import add_demo_races
from regatta.extensions import db


@pytest.fixture
def app(tmp_path):
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/regatta.db"})
    with app.app_context():
        db.create_all()
        add_demo_races()
        db.session.remove()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()
