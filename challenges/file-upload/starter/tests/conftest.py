import pytest

from claimdesk import create_app
from claimdesk.cli import add_demo_claims
from claimdesk.extensions import db


@pytest.fixture
def app(tmp_path):
    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "EVIDENCE_DIR": str(tmp_path / "evidence"),
        }
    )
    with app.app_context():
        db.create_all()
        add_demo_claims()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()
