"""R6: the object of the day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mendbox.testing import requirement


@pytest.fixture(autouse=True)
def morning(clock, rng):
    """It is seven in the morning of some day."""
    day = datetime(rng.randrange(2027, 2036), rng.randrange(1, 13), rng.randrange(1, 29), 7, tzinfo=UTC)
    clock.freeze(at=day.timestamp())


def both(client):
    """What the screen and the page show: brief and full."""
    answers = [client.get("/today"), client.get("/today/page")]
    assert [answer.status_code for answer in answers] == [200, 200]
    return [answer.json for answer in answers]


@requirement("R6", "The page about the object of the day fails once the screen was on, or shows another object.")
def test_the_screen_and_then_the_page(client, register, clock):
    number = client.get("/today").json["id"]
    shown = [register.brief(number), register.item(number)]

    assert both(client) == shown
    clock.advance(seconds=16 * 3600)
    assert client.get("/today/page").json == register.item(number)
    assert both(client) == shown


@requirement("R6", "The object of the day is not shown as it is in the register now.")
def test_the_object_of_the_day_as_it_is_now(client, hall, register, word):
    number = client.get("/today/page").json["id"]
    title, tag = word(), word()
    case = hall.cases[2]

    changed = client.patch(f"/items/{number}", json={"title": title, "keywords": [tag], "case": case})
    reports = [client.post(f"/items/{number}/reports", json={"text": word()}).json for _ in range(2)]

    assert changed.status_code == 200
    screen, page = both(client)
    assert screen == register.brief(number) | {"title": title}
    place = register.find("cases", case)
    new = {"title": title, "keywords": [tag], "case": {"code": place["code"], "room": place["room"]}}
    before = register.item(number)
    assert page == before | new | {"reports": [*reversed(reports), *before["reports"]]}


@requirement("R6", "An object of the day that was removed is still shown, or no other takes its place for the day.")
def test_another_takes_the_place_of_one_that_was_removed(client, register, clock, word):
    gone = []
    for _ in range(3):
        number = client.get("/today").json["id"]
        assert client.delete(f"/items/{number}").status_code == 204
        gone.append(number)

        left = register.without(items=gone)
        screen, page = both(client)
        assert screen in left.items()
        assert page == left.item(screen["id"])
        for _ in range(2):
            assert client.post("/items", json={"number": word(), "title": word()}).status_code == 201
        clock.advance(seconds=3600)
        assert both(client) == [screen, page]
        for new in client.get("/items").json["items"]:
            if new not in left.items():
                client.delete(f"/items/{new['id']}")


@requirement("R6", "The object of the day is another one before midnight, or the same one the day after.")
def test_the_same_all_day_and_another_one_the_next(client, register, clock, word):
    seen = []
    for _ in range(4):
        screen = client.get("/today").json
        assert screen in register.items()
        assert screen["id"] not in seen[-1:]
        seen.append(screen["id"])
        clock.advance(seconds=24 * 3600)

    screen = client.get("/today").json
    for _ in range(4):
        assert client.post("/items", json={"number": word(), "title": word()}).status_code == 201
        clock.advance(seconds=4 * 3600)
        assert client.get("/today").json == screen
