"""R6: every bell is listed with its sisters, whatever its founder and its tower are called."""

from __future__ import annotations

from mendbox.testing import requirement


def sisters(ask, bell):
    """Whether a bell's sisters are listed; gives them."""
    expected = [
        row
        for row in ask.wanted(sort="diameter", direction="desc")
        if (row["founder"], row["tower"]) == (bell["founder"], bell["tower"]) and row["number"] != bell["number"]
    ]
    assert ask.tells(f"/bells/{bell['number']}/sisters").json == {"bells": expected}
    return expected


@requirement(
    "R6", "A bell whose founder or tower has certain characters in its name has no sisters, or the wrong ones."
)
def test_names_with_signs_in_them_have_sisters(ask, register):
    for place in register.places.values():
        for bell in [row for row in register.published if (row["founder"], row["tower"]) == place]:
            assert len(sisters(ask, bell)) == 1


@requirement("R6", "What a tower is called decides about more than the bells of that tower.")
def test_a_tower_is_only_a_text(ask, register):
    bells = [row for row in register.published if row["tower"] == register.code_tower]
    assert [sisters(ask, bell) for bell in bells] == [[bells[1]], [bells[0]]]


@requirement("R6", "A bell's sisters are not those of the same founder in the same tower, or not in their order.")
def test_sisters_come_by_diameter(ask, rng, register):
    ordinary = [row for row in register.published if row["number"] in register.ordinary]
    found = [sisters(ask, bell) for bell in ordinary if bell["tower"] != register.towers[0]]
    assert any(found)
    busiest = next(row for row in ordinary if row["tower"] == register.towers[0])
    sisters(ask, busiest)
    many = rng.choice([row for row in register.published if row["name"].startswith(register.name_ends[0])])
    assert len(sisters(ask, many)) > 20
