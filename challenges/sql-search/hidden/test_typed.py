"""R1: what is typed is looked for as it stands."""

from __future__ import annotations

import pytest
from conftest import lower

from mendbox.testing import requirement

QUOTES = ("'", "''", '"', "\\'", "');", "' --")
WILDCARDS = ("%", "_", "%%", "_%")
BACKSLASHES = ("\\%", "\\_", "\\", "\\\\")
COLONS = (" :", "\\:", " ::")
OTHERS = ("/", "//", "!", "^", "|", "~", "#", "$", "@", "&", "&amp;", "<", "+", "*", "?", "[", "]", "-", ";", ",", "é")


@requirement("R1", "A search for something with certain characters in it does not find just what has them.")
@pytest.mark.parametrize("middles", [QUOTES, WILDCARDS, BACKSLASHES, COLONS, OTHERS])
def test_a_character_stands_for_itself(ask, register, middles):
    first, last = register.name_ends
    for middle in middles:
        (found,) = ask.lists(q=f"{first}{middle}{last}")
        assert found["name"] == f"{first}{middle}{last}"
    assert len(ask.lists(q=f"{first[2:]}{middles[0]}{last[:1]}".upper())) >= 1


@requirement("R1", "A search for a single character does not find just what has it somewhere.")
def test_a_single_character_is_a_search_like_others(ask):
    for typed in ("'", "%", "_", "\\", ":", '"', "!", "/", "''", "%%", "\\\\"):
        assert ask.lists(q=typed)
    assert ask.lists(q="' ") == ask.lists(q="'")


@requirement("R1", "A species or a parish that is asked for in full is not the only one found.")
@pytest.mark.parametrize("column", ["species", "parish"])
def test_a_species_or_a_parish_is_named_in_full(ask, register, column):
    for middle, (species, parish) in register.places.items():
        called = species if column == "species" else parish
        assert len(ask.lists(**{column: called.upper()})) == 2, middle
    both = dict(zip(("species", "parish"), register.places["%"], strict=True))
    assert len(ask.lists(q=both["parish"][1:-1], **both)) == 2
    first, last = register.species_ends if column == "species" else register.parish_ends
    for typed in ("%", f"{first}%", f"_{first[1:]}'{last}", f"{first}{last}", f"{first}'", f"'{last}"):
        assert ask.lists(**{column: typed}) == []


@requirement("R1", "The search box offers species that don't start with what was typed, or not all that do.")
def test_species_start_with_what_was_typed(ask, register):
    first, last = register.species_ends
    for middle in register.places:
        assert ask.offers(f"{first}{middle}".upper())
        assert len(ask.offers(f"{first}{middle}{last[:2]}")) == 1
    for typed in ("%", "_", f"%{last}", f"{first[:3]}_", f"{last}'", "\\"):
        assert ask.offers(typed) == []


@requirement("R1", "Capital and small letters are no longer the same, or a place where a search looks was forgotten.")
def test_capital_and_small_letters_are_the_same(ask, rng, register):
    tree = rng.choice([row for row in register.published if row["number"] in register.ordinary])
    for column in ("name", "species", "parish"):
        for typed in (tree[column].upper(), lower(tree[column])[1:], tree[column].swapcase()[:-1]):
            assert tree in ask.lists(q=typed)
    assert tree in ask.lists(species=tree["species"].upper(), parish=lower(tree["parish"]))
    assert tree in ask.lists(q=f"  {tree['name'].upper()} ", species=lower(tree["species"]))
    assert tree["species"] in ask.offers(tree["species"][:4].swapcase())
    other = next(parish for parish in register.parishes if parish != tree["parish"])
    assert tree not in ask.lists(q=tree["name"], parish=other)


@requirement("R1", "A parameter that is empty, or that nobody has, is answered differently.")
def test_what_is_empty_or_unknown(ask, register, word):
    everything = ask.wanted()
    for params in ({"q": ""}, {"q": "  "}, {"q": "", "sort": "", "direction": "", "page": ""}):
        answer = ask.tells("/trees", **params, species="", parish="", page_size="").json
        assert answer == {"trees": everything[:20], "total": len(everything)}
    assert ask.lists(q=word()) == ask.lists(species=word()) == ask.lists(parish=word()) == ask.offers(word()) == []
    assert ask.lists(parish=register.parishes[1][:-1]) == []
    species = sorted({row["species"] for row in everything}, key=lower)
    for params in ({"starts": "", "limit": ""}, {}):
        assert ask.tells("/species", **params).json == {"species": species[:10]}
