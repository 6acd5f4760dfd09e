"""R5: the export is the search."""

from __future__ import annotations

from mendbox.testing import requirement

SORTS = ("girth", "height", "name", "number", "parish", "species", "year")


@requirement("R5", "The export does not have just the trees in which what was typed stands.")
def test_the_export_finds_what_the_search_finds(ask, register):
    first, last = register.name_ends
    for middle in ("'", "%", "_", "\\%", "\\", " :", '"', "!", "/"):
        assert len(ask.exports(q=f"{first}{middle}{last}".upper())) == 1
    for species, parish in register.places.values():
        assert len(ask.exports(species=species.upper(), direction="desc")) == 2
        assert len(ask.exports(parish=parish, sort="girth")) == 2
    assert ask.exports(q=f" {register.species[2].upper()[1:]} ", parish=register.parishes[1].upper())
    assert ask.exports(q="_") == ask.lists(q="_")


@requirement("R5", "The export does not refuse as the brief says what the search refuses.")
def test_the_export_refuses_what_the_search_refuses(ask, rng, register, word):
    given = {"parish": rng.choice(register.parishes)}
    for sort in (word(), "landowner_id", "girth_cm", "girth desc", "(SELECT phone FROM landowners)", "1"):
        ask.refuses("/trees.csv", "sort", sort, SORTS, **given)
    for direction in (word(), "desc, landowner_id", "down"):
        ask.refuses("/trees.csv", "direction", direction, ("asc", "desc"), **given)
        ask.refuses("/trees.csv", "direction", direction, ("asc", "desc"), sort="year")
    assert ask.exports(**given, sort="year", direction="desc")


@requirement("R5", "The export is not in the search's order, or is not all of it.")
def test_the_export_has_everything_in_order(ask, rng, register):
    for sort in ("girth", "height", "year", "species", "number"):
        for direction in ("asc", "desc"):
            assert len(ask.exports(sort=sort, direction=direction)) == len(register.published)
    assert ask.exports(parish=register.parishes[2], sort="name", direction="desc")
    answer = ask.tells("/trees.csv", page="2", page_size=str(rng.randrange(1, 9)))
    assert answer.headers["Content-Disposition"] == "attachment; filename=trees.csv"
    assert answer.text == ask.tells("/trees.csv", q=" ", species="", sort="", direction="").text
    assert ask.exports(q="", parish="")
