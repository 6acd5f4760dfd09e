from datetime import date, timedelta

import pytest

from lanes import create_app
from lanes.models import Course, Family, db

SOON = date.today() + timedelta(days=30)


@pytest.fixture
def client(tmp_path):
    app = create_app({"TESTING": True, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{tmp_path}/lanes.db"})
    app.instance_path = str(tmp_path)
    with app.app_context():
        db.create_all()
        db.session.add(Family(name="Adeyemi", email="adeyemi@example.org", token="t1"))
        db.session.add(Course(title="Frogs", begins_on=SOON, least_age=5, places=2, price_cents=8000))
        db.session.commit()
    client = app.test_client()
    client.environ_base["HTTP_X_FAMILY_TOKEN"] = "t1"
    yield client
    with app.app_context():
        db.engine.dispose()


def test_a_course_is_found_and_booked(client):
    assert [course["title"] for course in client.get("/courses/search?q=frog").json["courses"]] == ["Frogs"]
    answer = client.post("/bookings", json={"course": 1, "child": "Tunde", "born_on": "2015-04-01"})
    assert answer.status_code == 201
    assert client.get("/bookings").json["bookings"] == [{"id": 1, "course": 1, "child": "Tunde", "paid": False}]
    assert client.get("/bills").json == {"owed_cents": 8000, "bookings": [1]}


def test_too_young(client):
    answer = client.post("/bookings", json={"course": 1, "child": "Ife", "born_on": SOON.isoformat()})
    assert answer.json == {"error": "too-young"}


def test_a_place_is_given_back(client):
    client.post("/bookings", json={"course": 1, "child": "Tunde", "born_on": "2015-04-01"})
    assert client.delete("/bookings/1").status_code == 204
    assert client.get("/bookings").json == {"bookings": []}


def test_nobody(client):
    assert client.get("/me", headers={"X-Family-Token": "no"}).status_code == 401
