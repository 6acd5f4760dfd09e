import pytest

from coldframe import create_app
from coldframe.cli import add_demo_products
from coldframe.extensions import db
from coldframe.mail import LogMailer
from coldframe.payments import SandboxProvider


@pytest.fixture
def provider():
    return SandboxProvider()


@pytest.fixture
def mailer():
    return LogMailer()


@pytest.fixture
def app(provider, mailer):
    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "PAYMENT_PROVIDER": provider,
            "MAILER": mailer,
        }
    )
    with app.app_context():
        db.create_all()
        add_demo_products()
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def order(client):
    def place(card="tok_visa"):
        lines = [{"sku": "KALE-03", "quantity": 2}, {"sku": "BEAN-01", "quantity": 1}]
        return client.post("/orders", json={"email": "ines@example.org", "card": card, "lines": lines}).json["number"]

    return place


@pytest.fixture
def run_jobs(client):
    return lambda: client.post("/internal/run-jobs").json["ran"]
