import pytest

from trails import create_app
from trails.extensions import db
from trails.seed import add_demo_trails


@pytest.fixture
def make():
    """`make(DAILY=3)` gives a client of an app with these settings and the demo trails."""
    apps = []

    def make(**settings):
        app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": "sqlite://", **settings})
        with app.app_context():
            db.create_all()
            add_demo_trails()
        apps.append(app)
        return app.test_client()

    yield make
    for app in apps:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def client(make):
    return make()
