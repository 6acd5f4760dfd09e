"""R2: the public sees what is published, whatever it sends."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement

#: `{}` is a word that nothing has.
PROGRAMS = (
    "{}' OR 1=1 --",
    "{}') OR 1=1 --",
    "{}') OR published = 0 /*",
    "{}%') OR published IN (0, 1) OR (name LIKE '%",
    "' OR name LIKE '%{}%' OR '%' = '",
    "{}'; DELETE FROM bells; --",
    "{}\\') OR 1=1 --",
    '{}" OR 1=1 --',
)
UNIONS = (
    "{}' UNION SELECT id, name, phone, '4', 5, 6, 7 FROM owners /*",
    "{}') UNION SELECT id, name, phone, '4', 5, 6, 7 FROM owners /*",
    "{}' UNION SELECT number, name, founder, tower, diameter_mm, weight_kg, cast_year FROM bells /*",
    "{}') UNION SELECT number, name, founder, tower, diameter_mm, weight_kg, cast_year FROM bells /*",
)
EXPRESSIONS = (
    "owner_id",
    "published",
    "(SELECT phone FROM owners WHERE owners.id = owner_id)",
    "CASE WHEN owner_id IS NULL THEN diameter_mm ELSE -diameter_mm END",
    "(SELECT diameter_mm FROM bells WHERE published = 0 LIMIT 1)",
)
SORTS = ("diameter", "founder", "name", "number", "tower", "weight", "year")


@requirement("R2", "Some text in a search brings up what is not public, or an error.")
@pytest.mark.parametrize("parameter", ["q", "founder", "tower"])
def test_a_search_is_only_a_text(ask, register, word, parameter):
    for program in PROGRAMS:
        assert ask.lists(**{parameter: program.format(word())}) == []
    found = ask.lists(**{parameter: register.code_tower})
    assert len(found) == (0 if parameter == "founder" else 2)
    assert ask.lists(q=register.kind.upper())


@requirement("R2", "Some text in a search brings people or bells that are not public into the export, or an error.")
@pytest.mark.parametrize("parameter", ["q", "founder", "tower"])
def test_no_other_table_is_exported(ask, register, word, parameter):
    for program in (*PROGRAMS[:3], *UNIONS):
        assert ask.exports(**{parameter: program.format(word())}) == []
    assert ask.exports(q=register.code_tower[2:])
    assert ask.exports(founder=register.founders[1])


@requirement("R2", "Some text in the search box brings up what is not public, or an error.")
def test_no_other_table_is_offered(ask, register, word):
    for program in (*PROGRAMS, "{}' UNION SELECT name FROM owners --", "{}' UNION SELECT phone FROM owners --"):
        assert ask.offers(program.format(word())) == []
    assert ask.offers(register.founders[1][:4])


@requirement("R2", "A list can be put in order by what is not public.")
def test_no_order_tells_of_owners(ask, rng, register):
    for expression in EXPRESSIONS:
        founder = rng.choice(register.founders)
        ask.refuses("/bells", "sort", expression, SORTS, founder=founder)
        ask.refuses("/bells", "direction", f"desc, {expression}", ("asc", "desc"), sort="name", founder=founder)
        ask.refuses("/towers", "sort", f"max({expression})", ("bells", "diameter", "tower"))
    assert ask.lists(founder=rng.choice(register.founders[:4]), sort="diameter", direction="desc")


@requirement("R2", "How many rows are listed tells of what is not public.")
def test_no_number_of_rows_tells_of_bells(ask, rng, register):
    hidden = "(SELECT count(*) FROM bells WHERE published = 0)"
    for expression in (hidden, f"{rng.randrange(2, 9)}+{hidden}", f"1 -- {hidden}", f"{hidden} OFFSET 1 --"):
        ask.refuses("/bells", "page_size", expression)
        ask.refuses("/bells", "page", expression)
        ask.refuses("/founders", "limit", expression)
    assert ask.lists(tower=register.towers[2])


@requirement("R2", "A list shows or counts what is not public, or leaves out what is.")
def test_lists_have_what_is_published(ask, rng, register):
    assert ask.lists()
    assert ask.exports()
    assert ask.lists(q=register.kind)
    for bell in rng.sample([bell for bell in register.kept if bell["owner_id"]], 3):
        assert bell["number"] not in [row["number"] for row in ask.lists(q=bell["name"][:6])]
        ask.lists(founder=bell["founder"], tower=bell["tower"])
        ask.exports(q=bell["name"][-5:], tower=bell["tower"])
    assert ask.lists(q=register.kept_tower) == ask.lists(founder=register.kept_founder) == []
    assert ask.offers(register.kept_founder) == []
    assert ask.offers("")


@requirement("R2", "A bell that is not published has a page, or one that is published has none.")
def test_pages_of_bells(ask, client, rng, register):
    for number in (*(bell["number"] for bell in rng.sample(register.kept, 3)), rng.randrange(10_000, 10**6)):
        for path in (f"/bells/{number}", f"/bells/{number}/sisters"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert answer.json == {"error": {"code": "bell_not_found", "message": f"There is no bell {number}."}}
    for bell in rng.sample(register.published, 3):
        assert ask.tells(f"/bells/{bell['number']}").json == bell
