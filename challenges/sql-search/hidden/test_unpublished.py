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
    "{}'; DELETE FROM trees; --",
    "{}\\') OR 1=1 --",
    '{}" OR 1=1 --',
)
UNIONS = (
    "{}' UNION SELECT id, name, phone, '4', 5, 6, 7 FROM landowners /*",
    "{}') UNION SELECT id, name, phone, '4', 5, 6, 7 FROM landowners /*",
    "{}' UNION SELECT number, name, species, parish, girth_cm, height_cm, planted_year FROM trees /*",
    "{}') UNION SELECT number, name, species, parish, girth_cm, height_cm, planted_year FROM trees /*",
)
EXPRESSIONS = (
    "landowner_id",
    "published",
    "(SELECT phone FROM landowners WHERE landowners.id = landowner_id)",
    "CASE WHEN landowner_id IS NULL THEN girth_cm ELSE -girth_cm END",
    "(SELECT girth_cm FROM trees WHERE published = 0 LIMIT 1)",
)
SORTS = ("girth", "height", "name", "number", "parish", "species", "year")


@requirement("R2", "Some text in a search brings up what is not public, or an error.")
@pytest.mark.parametrize("parameter", ["q", "species", "parish"])
def test_a_search_is_only_a_text(ask, register, word, parameter):
    for program in PROGRAMS:
        assert ask.lists(**{parameter: program.format(word())}) == []
    found = ask.lists(**{parameter: register.code_parish})
    assert len(found) == (0 if parameter == "species" else 2)
    assert ask.lists(q=register.kind.upper())


@requirement("R2", "Some text in a search brings people or trees that are not public into the export, or an error.")
@pytest.mark.parametrize("parameter", ["q", "species", "parish"])
def test_no_other_table_is_exported(ask, register, word, parameter):
    for program in (*PROGRAMS[:3], *UNIONS):
        assert ask.exports(**{parameter: program.format(word())}) == []
    assert ask.exports(q=register.code_parish[2:])
    assert ask.exports(species=register.species[1])


@requirement("R2", "Some text in the search box brings up what is not public, or an error.")
def test_no_other_table_is_offered(ask, register, word):
    for program in (*PROGRAMS, "{}' UNION SELECT name FROM landowners --", "{}' UNION SELECT phone FROM landowners --"):
        assert ask.offers(program.format(word())) == []
    assert ask.offers(register.species[1][:4])


@requirement("R2", "A list can be put in order by what is not public.")
def test_no_order_tells_of_owners(ask, rng, register):
    for expression in EXPRESSIONS:
        species = rng.choice(register.species)
        ask.refuses("/trees", "sort", expression, SORTS, species=species)
        ask.refuses("/trees", "direction", f"desc, {expression}", ("asc", "desc"), sort="name", species=species)
        ask.refuses("/parishes", "sort", f"max({expression})", ("girth", "parish", "trees"))
    assert ask.lists(species=rng.choice(register.species[:4]), sort="girth", direction="desc")


@requirement("R2", "How many rows are listed tells of what is not public.")
def test_no_number_of_rows_tells_of_trees(ask, rng, register):
    hidden = "(SELECT count(*) FROM trees WHERE published = 0)"
    for expression in (hidden, f"{rng.randrange(2, 9)}+{hidden}", f"1 -- {hidden}", f"{hidden} OFFSET 1 --"):
        ask.refuses("/trees", "page_size", expression)
        ask.refuses("/trees", "page", expression)
        ask.refuses("/species", "limit", expression)
    assert ask.lists(parish=register.parishes[2])


@requirement("R2", "A list shows or counts what is not public, or leaves out what is.")
def test_lists_have_what_is_published(ask, rng, register):
    assert ask.lists()
    assert ask.exports()
    assert ask.lists(q=register.kind)
    for tree in rng.sample([tree for tree in register.kept if tree["landowner_id"]], 3):
        assert tree["number"] not in [row["number"] for row in ask.lists(q=tree["name"][:6])]
        ask.lists(species=tree["species"], parish=tree["parish"])
        ask.exports(q=tree["name"][-5:], parish=tree["parish"])
    assert ask.lists(q=register.kept_parish) == ask.lists(species=register.kept_species) == []
    assert ask.offers(register.kept_species) == []
    assert ask.offers("")


@requirement("R2", "A tree that is not published has a page, or one that is published has none.")
def test_pages_of_trees(ask, client, rng, register):
    for number in (*(tree["number"] for tree in rng.sample(register.kept, 3)), rng.randrange(10_000, 10**6)):
        for path in (f"/trees/{number}", f"/trees/{number}/alike"):
            answer = client.get(path)
            assert answer.status_code == 404
            assert answer.json == {"error": {"code": "tree_not_found", "message": f"There is no tree {number}."}}
    for tree in rng.sample(register.published, 3):
        assert ask.tells(f"/trees/{tree['number']}").json == tree
