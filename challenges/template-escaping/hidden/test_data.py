"""R3: the data of the pages' scripts."""

from __future__ import annotations

import json

import pytest

from mendbox.testing import requirement

#: Names that can keep a script from ending where it should.
HARMS = {
    "end": "</script><{0} {1}=1>",
    "capitals": "{0} </ScRiPt\n> <{1}>",
    "comment": "<!--<script>{0} {1}",
    "signs": "{0} & &amp; \"{1}\" '<b>' \\ \u2028 ü",
}


@requirement("R3", "The chart's data is not what is stored, or ends in the middle of a name.")
@pytest.mark.parametrize("kind", sorted(HARMS))
def test_the_charts_data_is_what_is_stored(show, hall, announce, join, climb, word, rng, kind):
    a, b = word(), word()
    name = HARMS[kind].format(a, b)
    boulder, climber, tries = announce(name), join(f"{b} {name}"), rng.randrange(1, 900)
    climb(boulder, climber, tries)
    climb(boulder, hall.climbers[1]["id"], tries + 1)

    page = show(f"/boulders/{boulder}")

    assert json.loads(page.data("ascents")) == {
        "boulder": name,
        "ascents": [
            {"climber": f"{b} {name}", "tries": tries},
            {"climber": hall.climbers[1]["name"], "tries": tries + 1},
        ],
    }
    assert page.one("form", "ascent").one("input", name="tries").get("type") == "number"


@requirement("R3", "The data for suggestions is not what is stored, or ends in the middle of a name.")
@pytest.mark.parametrize("kind", sorted(HARMS))
def test_the_suggestions_are_what_is_stored(show, hall, announce, word, kind):
    a, b = word(), word()
    name = HARMS[kind].format(a, b)
    new = {"id": announce(name), "name": name}

    page = show("/")

    suggestions = json.loads(page.data("suggestions"))
    assert new in suggestions
    stored = [*hall.boulders, new]
    assert sorted(suggestions, key=lambda row: row["id"]) == sorted(
        ({"id": row["id"], "name": row["name"]} for row in stored), key=lambda row: row["id"]
    )
    assert len(page.all("tr", "boulder")) == len(stored)


@requirement("R3", "The data of boulders with plain names has changed.")
def test_the_data_of_plain_names_is_as_before(show, hall):
    names = {climber["id"]: climber["name"] for climber in hall.climbers}

    for boulder in hall.boulders[:3]:
        ascents = [row for row in hall.ascents if row["boulder_id"] == boulder["id"]]
        assert json.loads(show(f"/boulders/{boulder['id']}").data("ascents")) == {
            "boulder": boulder["name"],
            "ascents": [{"climber": names[row["climber_id"]], "tries": row["tries"]} for row in ascents],
        }

    found = json.loads(show("/", wall=hall.walls[0]).data("suggestions"))
    on_wall = [row for row in hall.boulders if row["wall"] == hall.walls[0]]
    assert found == [
        {"id": row["id"], "name": row["name"]} for row in sorted(on_wall, key=lambda row: (row["name"], row["id"]))
    ]
