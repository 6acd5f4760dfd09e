"""R3: a list is sorted by what the README names."""

from __future__ import annotations

import itertools

import pytest
from conftest import lower

from mendbox.testing import requirement

SORTS = ("girth", "height", "name", "number", "parish", "species", "year")
DIRECTIONS = ("asc", "desc")
PARISH_SORTS = ("girth", "parish", "trees")


@pytest.fixture
def parishes(register):
    """The parishes' figures by name."""
    rows = register.published
    figures = []
    for parish in sorted({row["parish"] for row in rows}, key=lower):
        girths = [row["girth_cm"] for row in rows if row["parish"] == parish]
        figures.append({"parish": parish, "trees": len(girths), "girth_cm": max(girths)})
    return figures


@requirement("R3", "A list is not in the order that was asked for.")
@pytest.mark.parametrize("sorts", [("name", "species", "parish"), ("number", "girth"), ("height", "year")])
def test_a_list_is_sorted(ask, register, sorts):
    for sort, direction in itertools.product(sorts, ("asc", "desc", "")):
        listed = ask.tells("/trees", sort=sort, direction=direction, page_size="100").json["trees"]
        expected = ask.wanted(sort=sort, direction=direction or "asc")
        if sort == "name":  # some names of the others differ in a sign, which has no place in an alphabet
            listed, expected = (
                [row for row in rows if row["number"] in register.ordinary] for rows in (listed, expected)
            )
        assert listed == expected


@requirement("R3", "A list is not in the same order over all its pages.")
def test_the_order_goes_over_all_pages(ask, rng):
    for sort, direction in (("height", "asc"), ("girth", "desc")):
        size = rng.randrange(17, 30)
        expected = ask.wanted(sort=sort, direction=direction)
        listed = []
        for page in range(1, len(expected) // size + 2):
            answer = ask.tells("/trees", sort=sort, direction=direction, page_size=str(size), page=str(page)).json
            assert answer["total"] == len(expected)
            assert len(answer["trees"]) <= size
            listed += answer["trees"]
        assert listed == expected
    expected = ask.wanted(direction="desc")
    assert ask.tells("/trees", direction="desc").json == {"trees": expected[:20], "total": len(expected)}


@requirement("R3", "A sort that the README does not name is not refused as the brief says.")
def test_an_unknown_sort_is_refused(ask, rng, register, word):
    given = {"species": rng.choice(register.species), "direction": "desc"}
    columns = ("girth_cm", "planted_year", "landowner_id", "published", "trees")
    for sort in (word(), *columns, "girth,name", "girth desc", "-girth", "1", "girth ", "name--", "'girth'", '"girth"'):
        ask.refuses("/trees", "sort", sort, SORTS, **given)
    ask.refuses("/trees", "sort", "grith", SORTS)
    assert ask.lists(**given, sort=rng.choice(["girth", "year"]))


@requirement("R3", "A direction that there is none of is not refused as the brief says.")
def test_an_unknown_direction_is_refused(ask, rng, register, word):
    given = {"parish": rng.choice(register.parishes)}
    for direction in (word(), "descending", "desc, name", "down", "-1", "desc ", "asc --", ","):
        ask.refuses("/trees", "direction", direction, DIRECTIONS, **given)
        ask.refuses("/trees", "direction", direction, DIRECTIONS, **given, sort="girth")
    assert ask.lists(**given, sort="height", direction="desc")


@requirement("R3", "The parishes are not in the order that was asked for.")
def test_parishes_are_sorted(ask, parishes):
    for direction in ("asc", "desc", ""):
        turned = -1 if direction == "desc" else 1
        by_trees = sorted(parishes, key=lambda row, turned=turned: turned * row["trees"])
        by_girth = sorted(parishes, key=lambda row, turned=turned: turned * row["girth_cm"])
        for sort, expected in (("parish", parishes[::turned]), ("trees", by_trees), ("girth", by_girth)):
            answer = ask.tells("/parishes", sort=sort, direction=direction)
            assert answer.json == {"parishes": expected}, (sort, direction)
    assert ask.tells("/parishes", direction="desc").json == {"parishes": parishes[::-1]}
    assert ask.tells("/parishes", sort="").json == ask.tells("/parishes").json == {"parishes": parishes}


@requirement(
    "R3", "The parishes are put in an order that the README does not name, or an error is not as it should be."
)
def test_parishes_refuse_other_orders(ask, parishes, word):
    for sort in (word(), "girth_cm", "max(girth_cm)", "name", "parish desc", "1", "count(*)"):
        ask.refuses("/parishes", "sort", sort, PARISH_SORTS)
    for direction in (word(), "descending", "desc, trees"):
        ask.refuses("/parishes", "direction", direction, DIRECTIONS)
        ask.refuses("/parishes", "direction", direction, DIRECTIONS, sort="trees")
    by_trees = ask.tells("/parishes", sort="trees", direction="desc").json["parishes"]
    assert by_trees == sorted(parishes, key=lambda row: -row["trees"])
