"""R5: the export is the search."""

from __future__ import annotations

from mendbox.testing import requirement

SORTS = ("diameter", "founder", "name", "number", "tower", "weight", "year")


@requirement("R5", "The export does not have just the bells in which what was typed stands.")
def test_the_export_finds_what_the_search_finds(ask, register):
    first, last = register.name_ends
    for middle in ("'", "%", "_", "\\%", "\\", " :", '"', "!", "/"):
        assert len(ask.exports(q=f"{first}{middle}{last}".upper())) == 1
    for founder, tower in register.places.values():
        assert len(ask.exports(founder=founder.upper(), direction="desc")) == 2
        assert len(ask.exports(tower=tower, sort="diameter")) == 2
    assert ask.exports(q=f" {register.founders[2].upper()[1:]} ", tower=register.towers[1].upper())
    assert ask.exports(q="_") == ask.lists(q="_")


@requirement("R5", "The export does not refuse as the brief says what the search refuses.")
def test_the_export_refuses_what_the_search_refuses(ask, rng, register, word):
    given = {"tower": rng.choice(register.towers)}
    for sort in (word(), "owner_id", "diameter_mm", "diameter desc", "(SELECT phone FROM owners)", "1"):
        ask.refuses("/bells.csv", "sort", sort, SORTS, **given)
    for direction in (word(), "desc, owner_id", "down"):
        ask.refuses("/bells.csv", "direction", direction, ("asc", "desc"), **given)
        ask.refuses("/bells.csv", "direction", direction, ("asc", "desc"), sort="year")
    assert ask.exports(**given, sort="year", direction="desc")


@requirement("R5", "The export is not in the search's order, or is not all of it.")
def test_the_export_has_everything_in_order(ask, rng, register):
    for sort in ("diameter", "weight", "year", "founder", "number"):
        for direction in ("asc", "desc"):
            assert len(ask.exports(sort=sort, direction=direction)) == len(register.published)
    assert ask.exports(tower=register.towers[2], sort="name", direction="desc")
    answer = ask.tells("/bells.csv", page="2", page_size=str(rng.randrange(1, 9)))
    assert answer.headers["Content-Disposition"] == "attachment; filename=bells.csv"
    assert answer.text == ask.tells("/bells.csv", q=" ", founder="", sort="", direction="").text
    assert ask.exports(q="", tower="")
