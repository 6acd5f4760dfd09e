"""R3: connections come back."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement


def unknown(night, rng):
    return night.client.get(f"/nights/{rng.randrange(10_000, 90_000)}"), 404


def unknown_weather(night, rng):
    return night.client.get(f"/nights/{rng.randrange(10_000, 90_000)}/weather"), 404


def unknown_booked(night, rng):
    return night.client.post(f"/nights/{rng.randrange(10_000, 90_000)}/bookings", json=night.wish()), 404


def unknown_booking(night, rng):
    return night.client.delete(f"/bookings/{rng.randrange(10_000, 90_000)}"), 404


def invalid(night, rng):
    return night.book(night.desk.free[1], night.wish() | {"target": rng.choice(["", " ", 5, None])}), 400


def no_json(night, rng):
    return night.client.post(f"/nights/{night.desk.free[1]['id']}/bookings", data=night.wish()), 415


def full(night, rng):
    return night.book(night.desk.full, night.wish()), 409


@requirement("R3", "After requests that ended as an error, there are fewer connections than before.")
@pytest.mark.parametrize(
    "kinds",
    [(unknown, unknown_weather), (unknown_booked, unknown_booking), (invalid, no_json), (full,)],
    ids=["unknown", "unknown_written", "invalid", "full"],
)
def test_after_errors(night, rng, kinds):
    for _ in range(night.desk.connections + 1):
        for ask in kinds:
            answer, status = ask(night, rng)
            assert answer.status_code == status
    assert night.nothing_is_open()
    night.works()


@requirement("R3", "After an error that nobody has foreseen, there are fewer connections than before.")
@pytest.mark.parametrize("when", ["row", "commit"])
def test_after_an_error_that_nobody_has_foreseen(night, when):
    night.database.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no room''; END'"
    )
    kind, timing = {"row": ("", ""), "commit": ("CONSTRAINT", "DEFERRABLE INITIALLY DEFERRED")}[when]
    night.database.execute(
        f"CREATE {kind} TRIGGER refused AFTER INSERT ON bookings {timing} FOR EACH ROW EXECUTE FUNCTION refuse()"
    )
    for _ in range(night.desk.connections + 1):
        assert night.book(night.desk.free[1], night.wish()).status_code >= 500
    assert night.nothing_is_open()
    night.database.execute("DROP TRIGGER refused ON bookings")
    night.works()


@requirement("R3", "After the weather service has failed, there are fewer connections than before.")
def test_after_weather_that_nobody_knows(night):
    number = night.desk.free[1]["id"]
    night.database.execute("UPDATE nights SET date = '2040-01-01' WHERE id = %s", number)
    for _ in range(night.desk.connections + 1):
        assert night.client.get(f"/nights/{number}/weather").status_code == 500
    assert night.nothing_is_open()
    night.database.execute(
        "UPDATE nights SET date = %s::date WHERE id = %s", night.desk.free[1]["date"].isoformat(), number
    )
    night.works()


@requirement("R3", "After requests that were answered, a transaction is left open.")
def test_after_answers(night):
    wish = night.wish()
    for _ in range(night.desk.connections + 1):
        assert night.client.get("/nights").json == {"nights": night.desk.rows()}
    booked = night.book(night.desk.free[1], wish)
    assert booked.json == {"id": booked.json["id"]} | wish
    shown = night.client.get(f"/nights/{night.desk.free[1]['id']}").json
    assert shown["bookings"][-1] == booked.json
    assert night.client.delete(f"/bookings/{booked.json['id']}").status_code == 204
    assert night.client.get(f"/trail?night={night.desk.free[1]['id']}").json == {
        "trail": [{"observer": wish["observer"], "outcome": "booked"}]
    }
    assert night.nothing_is_open()
    assert night.client.get("/nights").json == {"nights": night.desk.rows()}
