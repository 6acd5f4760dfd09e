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


@requirement("R1", "A founder or a tower that is asked for in full is not the only one found.")
@pytest.mark.parametrize("column", ["founder", "tower"])
def test_a_founder_or_a_tower_is_named_in_full(ask, register, column):
    for middle, (founder, tower) in register.places.items():
        called = founder if column == "founder" else tower
        assert len(ask.lists(**{column: called.upper()})) == 2, middle
    both = dict(zip(("founder", "tower"), register.places["%"], strict=True))
    assert len(ask.lists(q=both["tower"][1:-1], **both)) == 2
    first, last = register.founder_ends if column == "founder" else register.tower_ends
    for typed in ("%", f"{first}%", f"_{first[1:]}'{last}", f"{first}{last}", f"{first}'", f"'{last}"):
        assert ask.lists(**{column: typed}) == []
    for typed in (f" {first}'{last}", f"{first}'{last} "):
        assert ask.lists(**{column: typed}) == []


@requirement("R1", "The search box offers founders whose names don't start with what was typed, or not all that do.")
def test_founders_start_with_what_was_typed(ask, register):
    first, last = register.founder_ends
    for middle in register.places:
        assert ask.offers(f"{first}{middle}".upper())
        assert len(ask.offers(f"{first}{middle}{last[:2]}")) == 1
    for typed in ("%", "_", f"%{last}", f"{first[:3]}_", f"{last}'", "\\", f" {first}"):
        assert ask.offers(typed) == []


@requirement("R1", "Capital and small letters are no longer the same, or a place where a search looks was forgotten.")
def test_capital_and_small_letters_are_the_same(ask, rng, register):
    bell = rng.choice([row for row in register.published if row["number"] in register.ordinary])
    for column in ("name", "founder", "tower"):
        for typed in (bell[column].upper(), lower(bell[column])[1:], bell[column].swapcase()[:-1]):
            assert bell in ask.lists(q=typed)
    assert bell in ask.lists(founder=bell["founder"].upper(), tower=lower(bell["tower"]))
    assert bell in ask.lists(q=f"  {bell['name'].upper()} ", founder=lower(bell["founder"]))
    assert bell["founder"] in ask.offers(bell["founder"][:4].swapcase())
    other = next(tower for tower in register.towers if tower != bell["tower"])
    assert bell not in ask.lists(q=bell["name"], tower=other)


@requirement("R1", "A search finds what stands in no name, in no founder's name and in no tower's.")
def test_one_text_is_looked_at_at_a_time(ask, rng, register):
    bell = rng.choice([row for row in register.published if row["number"] in register.ordinary])
    for between in ("", " ", ", ", "|"):
        for one, other in (("name", "founder"), ("founder", "tower"), ("name", "tower")):
            typed = f"{bell[one][-4:]}{between}{bell[other][:4]}"
            assert bell not in ask.lists(q=typed)
            assert bell not in ask.exports(q=typed)
    assert bell in ask.lists(q=bell["name"][-4:])


@requirement("R1", "A parameter that is empty, or that nobody has, is answered differently.")
def test_what_is_empty_or_unknown(ask, register, word):
    everything = ask.wanted()
    for params in ({"q": ""}, {"q": "  "}, {"q": "", "sort": "", "direction": "", "page": ""}):
        answer = ask.tells("/bells", **params, founder="", tower="", page_size="").json
        assert answer == {"bells": everything[:20], "total": len(everything)}
    assert ask.lists(q=word()) == ask.lists(founder=word()) == ask.lists(tower=word()) == ask.offers(word()) == []
    assert ask.lists(tower=register.towers[1][:-1]) == []
    founders = sorted({row["founder"] for row in everything}, key=lower)
    for params in ({"starts": "", "limit": ""}, {}):
        assert ask.tells("/founders", **params).json == {"founders": founders[:10]}
