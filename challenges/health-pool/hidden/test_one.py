"""R4: one request, one connection, and no longer than it is needed."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement


@requirement("R4", "Of several bookings at the same moment, some don't come to their end.")
def test_bookings_at_the_same_moment(night):
    free = night.desk.free[0]
    with night.all_in_use() as sent:
        pass
    answers = [request.result() for request in sent]
    assert [answer.status_code for answer in answers] == [201] * night.desk.connections
    shown = night.client.get(f"/nights/{free['id']}").json
    assert shown["free"] == night.desk.row(free, night.desk.connections)["free"]
    observers = {answer.json["observer"] for answer in answers}
    assert observers <= {booking["observer"] for booking in shown["bookings"]}
    trail = night.client.get(f"/trail?night={free['id']}").json["trail"]
    assert {entry["observer"] for entry in trail} == observers
    assert [entry["outcome"] for entry in trail] == ["booked"] * night.desk.connections


@requirement(
    "R4", "Of several tries to book a full night at the same moment, some don't come to their end, or leave no trail."
)
def test_a_full_night_at_the_same_moment(night):
    number = night.desk.full["id"]
    holder = night.database.session()
    holder.execute("SELECT * FROM nights WHERE id = %s FOR UPDATE", number)
    wishes = [night.wish() for _ in range(night.desk.connections)]
    sent = [night.send("POST", f"/nights/{number}/bookings", json=wish) for wish in wishes]
    night.wait(sent)
    holder.rollback()
    assert [(request.result().status_code, request.result().json) for request in sent] == [
        (409, {"error": "full"})
    ] * night.desk.connections
    trail = night.client.get(f"/trail?night={number}").json["trail"]
    assert sorted(entry["observer"] for entry in trail) == sorted(wish["observer"] for wish in wishes)
    assert {entry["outcome"] for entry in trail} == {"full"}


@pytest.fixture
def slow_weather(app):
    app.call("mendbox_harness:hold_weather")
    yield lambda count: app.call("mendbox_harness:until_weather", count, 3.0)
    app.call("mendbox_harness:let_weather_go")


@requirement("R4", "Who waits for the weather service has a connection meanwhile.")
def test_a_slow_weather_service(app, night, slow_weather):
    nights = night.desk.free[: night.desk.connections]
    sent = [night.send("GET", f"/nights/{of['id']}/weather") for of in nights]
    assert slow_weather(len(sent))
    assert night.nothing_is_open()
    assert night.client.get("/nights").json == {"nights": night.desk.rows()}
    app.call("mendbox_harness:let_weather_go")
    assert [request.result().json for request in sent] == [
        {
            "date": of["date"].isoformat(),
            "telescope": of["telescope"],
            "weather": night.desk.skies[of["date"].isoformat()],
        }
        for of in nights
    ]


@requirement("R4", "A single booking, or a try to book a full night, is not answered as before, or leaves no trail.")
def test_one_after_the_other(night):
    wish, other, third = night.wish(), night.wish(), night.wish()
    free = night.desk.free[2]
    assert night.book(free, wish).status_code == 201
    assert night.book(free, third).status_code == 201
    refused = night.book(night.desk.full, other)
    assert (refused.status_code, refused.json) == (409, {"error": "full"})
    assert night.client.get(f"/trail?night={free['id']}").json["trail"] == [
        {"observer": wish["observer"], "outcome": "booked"},
        {"observer": third["observer"], "outcome": "booked"},
    ]
    assert night.client.get(f"/trail?night={night.desk.full['id']}").json["trail"] == [
        {"observer": other["observer"], "outcome": "full"}
    ]


@requirement("R4", "The weather of a night is not told as before.")
def test_the_weather_of_a_night(night, rng):
    of = rng.choice(night.desk.free)
    told = night.client.get(f"/nights/{of['id']}/weather").json
    assert told["weather"] == night.desk.skies[of["date"].isoformat()]
