import pytest

from wardrobe import create_app
from wardrobe.extensions import db
from wardrobe.seed import add_demo_wardrobe


@pytest.fixture
def app():
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://"})
    with app.app_context():
        db.create_all()
        add_demo_wardrobe()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()
