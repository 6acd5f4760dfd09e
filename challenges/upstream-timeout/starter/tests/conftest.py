import json

import pytest
from carrierlink import Reply

from meridian import create_app
from meridian.cli import add_demo_orders
from meridian.extensions import db


class Carrier:
    """A carrier that is well. `calls` are methods and paths; `now` is the time that `CLOCK` tells."""

    def __init__(self):
        self.calls = []
        self.now = 100.0

    def clock(self):
        return self.now

    def wait(self, seconds):
        self.now += seconds

    def __call__(self, method, path, *, query=None, json=None, headers=None, timeout=None):
        self.calls.append(f"{method} {path}")
        self.now += 0.25
        if method == "POST":
            sold = {"label": f"ML{len(self.calls)}", "service": json["service"], "price_cents": 690}
            return self.reply(201, sold)
        if path == "/rates":
            return self.reply(200, {"rates": [{"service": "standard", "price_cents": 690, "days": 3}]})
        state = "cancelled" if method == "DELETE" else "announced"
        return self.reply(200, {"label": path.rpartition("/")[2], "state": state})

    @staticmethod
    def reply(status, said):
        return Reply(status, {"content-type": "application/json"}, json.dumps(said).encode())


@pytest.fixture
def carrier():
    return Carrier()


@pytest.fixture
def client(carrier):
    app = create_app(
        {
            "TESTING": True,
            "SQLALCHEMY_DATABASE_URI": "sqlite://",
            "CARRIER_TRANSPORT": carrier,
            "CLOCK": carrier.clock,
            "WAIT": carrier.wait,
        }
    )
    with app.app_context():
        db.create_all()
        add_demo_orders()
        db.session.remove()
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()
