from datetime import date

import pytest

from library import create_app
from library.models import Loan, db


@pytest.fixture
def client():
    app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://", "TESTING": True})
    with app.app_context():
        db.create_all()
        db.session.add(Loan(title="Emma", reader="Sofia", due=date(2026, 5, 4)))
        db.session.commit()
    return app.test_client()
