"""R2: JSON looks as it did."""

from __future__ import annotations

import pytest
from conftest import as_json, spelt

from mendbox.testing import requirement


@requirement("R2", "Fields of the list are in another order, or letters are not themselves.")
def test_the_list_as_it_is_written(client, evening):
    assert spelt(client.get("/api/items")) == as_json(items=evening.listed())


@requirement("R2", "Fields, days or moments of a thing are written in another way.")
def test_a_thing_as_it_is_written(client, evening):
    item = next(item for item in evening.items if evening.notes_of(item))
    expected = as_json(**evening.shown(item, notes=evening.notes_of(item)))
    assert spelt(client.get(f"/api/items/{item['id']}")) == expected


@requirement("R2", "Amounts are written in another way.")
def test_amounts_as_they_are_written(client, evening):
    answer = client.get("/api/items/{}".format(next(item["id"] for item in evening.items if item["estimate"])))
    shown = {item["id"]: evening.shown(item) for item in evening.items}
    assert answer.json["estimate"] == shown[answer.json["id"]]["estimate"]
    figures = client.get("/api/figures").json["states"]
    assert all(row["estimates"] is None or row["estimates"][-3] == "." for row in figures)
    assert spelt(client.get("/api/figures")).startswith('{"states": [{"state": "given up", "items": ')


@requirement("R2", "What is no JSON is not answered as it was.")
@pytest.mark.parametrize("kind", ["form", "text", "none", "null"])
def test_what_is_no_json(client, evening, terminal, item, rng, kind):
    text = "null" if kind == "null" else f"text={rng.randrange(10**6)}"
    types = {
        "form": "application/x-www-form-urlencoded",
        "text": "text/plain",
        "none": None,
        "null": "application/json",
    }
    for path in ("/api/items", f"/api/items/{item['id']}/notes"):
        answer = terminal.send(path, text, types[kind])
        assert (answer.status_code, spelt(answer)) == (400, as_json(error="JSON, please"))
    assert spelt(client.get(f"/api/items/{item['id']}")) == as_json(**evening.shown(item, notes=evening.notes_of(item)))


@requirement("R2", "JSON that can't be read, or is not what was asked for, is not answered as it was.")
@pytest.mark.parametrize("text", ["{oops", "", "[1]", '"text"', "{}"])
def test_json_that_is_no_use(client, evening, terminal, item, text):
    for path in ("/api/items", f"/api/items/{item['id']}/notes"):
        answer = terminal.send(path, text, "application/json")
        assert (answer.status_code, spelt(answer)) == (400, as_json(error="not understood"))
    assert spelt(client.get(f"/api/items/{item['id']}")) == as_json(**evening.shown(item, notes=evening.notes_of(item)))
