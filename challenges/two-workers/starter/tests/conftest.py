import pytest

from bloomhall import create_app
from bloomhall.extensions import db
from bloomhall.seed import add_demo_lots


@pytest.fixture
def app(tmp_path):
    database = f"sqlite:///{tmp_path / 'bloomhall.db'}"
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": database, "DATA_DIR": str(tmp_path)})
    with app.app_context():
        db.create_all()
        add_demo_lots()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()
