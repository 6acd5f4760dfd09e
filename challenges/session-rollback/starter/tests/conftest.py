import pytest

from milkround import create_app
from milkround.database import db
from milkround.seed import add_demo_farms


@pytest.fixture
def app(tmp_path):
    app = create_app({"TESTING": True, "DATABASE_URL": f"sqlite:///{tmp_path / 'milk.db'}"})
    with app.app_context():
        db.create_all()
        add_demo_farms()
    yield app
    with app.app_context():
        db.dispose()


@pytest.fixture
def client(app):
    return app.test_client()
