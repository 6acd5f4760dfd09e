"""R3: a list is sorted by what the README names, and by nothing else."""

from __future__ import annotations

import itertools

import pytest
from conftest import lower

from mendbox.testing import requirement

SORTS = ("diameter", "founder", "name", "number", "tower", "weight", "year")
DIRECTIONS = ("asc", "desc")
TOWER_SORTS = ("bells", "diameter", "tower")


@pytest.fixture
def towers(register):
    """The towers' figures by name."""
    rows = register.published
    figures = []
    for tower in sorted({row["tower"] for row in rows}, key=lower):
        diameters = [row["diameter_mm"] for row in rows if row["tower"] == tower]
        figures.append({"tower": tower, "bells": len(diameters), "diameter_mm": max(diameters)})
    return figures


@requirement("R3", "A list is not in the order that was asked for.")
@pytest.mark.parametrize("sorts", [("name", "founder", "tower"), ("number", "diameter"), ("weight", "year")])
def test_a_list_is_sorted(ask, register, sorts):
    for sort, direction in itertools.product(sorts, ("asc", "desc", "")):
        listed = ask.tells("/bells", sort=sort, direction=direction, page_size="100").json["bells"]
        expected = ask.wanted(sort=sort, direction=direction or "asc")[:100]
        if sort == "name":  # some names of the others differ in a sign, which has no place in an alphabet
            listed, expected = (
                [row for row in rows if row["number"] in register.ordinary] for rows in (listed, expected)
            )
        assert listed == expected


@requirement("R3", "A list is not in the same order over all its pages.")
def test_the_order_goes_over_all_pages(ask, rng):
    for sort, direction in (("weight", "asc"), ("diameter", "desc")):
        size = rng.randrange(17, 30)
        expected = ask.wanted(sort=sort, direction=direction)
        listed = []
        for page in range(1, len(expected) // size + 2):
            answer = ask.tells("/bells", sort=sort, direction=direction, page_size=str(size), page=str(page)).json
            assert answer["total"] == len(expected)
            assert len(answer["bells"]) <= size
            listed += answer["bells"]
        assert listed == expected
    expected = ask.wanted(direction="desc")
    assert ask.tells("/bells", direction="desc").json == {"bells": expected[:20], "total": len(expected)}


@requirement("R3", "A sort that the README does not name is not refused as the brief says.")
def test_an_unknown_sort_is_refused(ask, rng, register, word):
    given = {"founder": rng.choice(register.founders), "direction": "desc"}
    columns = ("diameter_mm", "cast_year", "owner_id", "published", "bells")
    written = ("NAME", "Year", "year,name", "year desc", "-year", "1", "year ", "name--", "'weight'", '"weight"')
    for sort in (word(), *columns, *written):
        ask.refuses("/bells", "sort", sort, SORTS, **given)
    ask.refuses("/bells", "sort", "heaviest", SORTS)
    assert ask.lists(**given, sort=rng.choice(["diameter", "year"]))


@requirement("R3", "A direction that there is none of is not refused as the brief says.")
def test_an_unknown_direction_is_refused(ask, rng, register, word):
    given = {"tower": rng.choice(register.towers)}
    for direction in (word(), "descending", "DESC", "desc, name", "down", "-1", "desc ", "asc --", ","):
        ask.refuses("/bells", "direction", direction, DIRECTIONS, **given)
        ask.refuses("/bells", "direction", direction, DIRECTIONS, **given, sort="diameter")
    assert ask.lists(**given, sort="weight", direction="desc")


@requirement("R3", "The towers are not in the order that was asked for.")
def test_towers_are_sorted(ask, towers):
    for direction in ("asc", "desc", ""):
        turned = -1 if direction == "desc" else 1
        by_bells = sorted(towers, key=lambda row, turned=turned: turned * row["bells"])
        by_diameter = sorted(towers, key=lambda row, turned=turned: turned * row["diameter_mm"])
        for sort, expected in (("tower", towers[::turned]), ("bells", by_bells), ("diameter", by_diameter)):
            answer = ask.tells("/towers", sort=sort, direction=direction)
            assert answer.json == {"towers": expected}, (sort, direction)
    assert ask.tells("/towers", direction="desc").json == {"towers": towers[::-1]}
    assert ask.tells("/towers", sort="").json == ask.tells("/towers").json == {"towers": towers}


@requirement("R3", "The towers are put in an order that the README does not name, or an error is not as it should be.")
def test_towers_refuse_other_orders(ask, towers, word):
    for sort in (word(), "diameter_mm", "max(diameter_mm)", "name", "Tower", "tower desc", "1", "count(*)"):
        ask.refuses("/towers", "sort", sort, TOWER_SORTS)
    for direction in (word(), "descending", "desc, bells"):
        ask.refuses("/towers", "direction", direction, DIRECTIONS)
        ask.refuses("/towers", "direction", direction, DIRECTIONS, sort="bells")
    by_bells = ask.tells("/towers", sort="bells", direction="desc").json["towers"]
    assert by_bells == sorted(towers, key=lambda row: -row["bells"])
