"""R3: the data of the pages' scripts."""

from __future__ import annotations

import json

import pytest

from mendbox.testing import requirement

END, CAPITALS = "</script><{0} {1}=1>", "{0} </ScRiPt\n> <{1}>"
#: To a browser, no </script> ends a script behind this.
COMMENT = "<!--<script>{0} {1}"
SIGNS = "{0} & &amp; \"{1}\" '<b>' \\ \u2028 ü"


@pytest.fixture
def charted(show, announce, join, climb, word, rng):
    """Makes a boulder and climbers with such names, and ascents; gives the page, and what its data must be."""

    def charted(pattern, *patterns):
        name = pattern.format(word(), word())
        boulder, ascents = announce(name), []
        for climber in patterns:
            ascents.append({"climber": climber.format(word(), word()), "tries": rng.randrange(1, 900)})
            climb(boulder, join(ascents[-1]["climber"]), ascents[-1]["tries"])
        return show(f"/boulders/{boulder}"), {"boulder": name, "ascents": ascents}

    return charted


@requirement("R3", "The chart's data ends in the middle of a name, or is not what is stored.")
def test_no_name_ends_the_charts_data(charted):
    for names in ((END, CAPITALS), (CAPITALS, END)):
        page, expected = charted(*names)

        assert json.loads(page.data("ascents")) == expected
        assert page.one("form", "ascent").one("input", name="tries").get("type") == "number"


@requirement("R3", "The chart's data does not end where it should, because of a name.")
def test_no_name_keeps_the_charts_data_from_ending(charted):
    page, expected = charted(COMMENT, COMMENT)

    assert json.loads(page.data("ascents")) == expected


@requirement("R3", "The chart's data has names that are not as they were written.")
def test_names_in_the_charts_data_are_as_written(charted):
    page, expected = charted(SIGNS, SIGNS, "{0} {1}")

    assert json.loads(page.data("ascents")) == expected


@requirement("R3", "The data for suggestions is not what is stored, or does not end where it should.")
def test_the_suggestions_are_what_is_stored(show, hall, announce, word):
    names = [pattern.format(word(), word()) for pattern in (END, SIGNS, CAPITALS, COMMENT)]
    hall.boulders += [{"id": announce(name), "name": name} for name in names]

    page = show("/")

    suggestions = json.loads(page.data("suggestions"))
    stored = sorted((row["id"], row["name"]) for row in hall.boulders)
    assert sorted((row["id"], row["name"]) for row in suggestions) == stored
    assert {key for row in suggestions for key in row} == {"id", "name"}
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
