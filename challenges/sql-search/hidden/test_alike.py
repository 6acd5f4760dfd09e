"""R6: every tree has others alike, whatever its species and parish are called."""

from __future__ import annotations

from mendbox.testing import requirement


def alike(ask, tree):
    """Whether those alike are listed; gives them."""
    expected = [
        row
        for row in ask.wanted(sort="girth", direction="desc")
        if (row["species"], row["parish"]) == (tree["species"], tree["parish"]) and row["number"] != tree["number"]
    ]
    assert ask.tells(f"/trees/{tree['number']}/alike").json == {"trees": expected}
    return expected


@requirement("R6", "A species or a parish with certain characters in its name has no trees alike, or the wrong ones.")
def test_names_with_signs_in_them_have_trees_alike(ask, register):
    for place in register.places.values():
        for tree in [row for row in register.published if (row["species"], row["parish"]) == place]:
            assert len(alike(ask, tree)) == 1


@requirement("R6", "What a parish is called decides about more than the trees of that parish.")
def test_a_parish_is_only_a_text(ask, register):
    trees = [row for row in register.published if row["parish"] == register.code_parish]
    assert [alike(ask, tree) for tree in trees] == [[trees[1]], [trees[0]]]


@requirement("R6", "Trees alike are not those of the same species in the same parish, or not in their order.")
def test_trees_alike_come_by_girth(ask, rng, register):
    ordinary = [row for row in register.published if row["number"] in register.ordinary]
    found = [alike(ask, tree) for tree in ordinary if tree["parish"] != register.parishes[0]]
    assert any(found)
    busiest = next(row for row in ordinary if row["parish"] == register.parishes[0])
    alike(ask, busiest)
    many = rng.choice([row for row in register.published if row["name"].startswith(register.name_ends[0])])
    assert len(alike(ask, many)) > 20
