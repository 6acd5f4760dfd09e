import pytest

from belfry import create_app
from belfry.cli import add_demo_register
from belfry.extensions import db


@pytest.fixture
def client():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
        add_demo_register()
        db.session.remove()
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()
