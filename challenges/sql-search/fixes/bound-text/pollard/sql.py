"""All SQL of the register, as constants. Whatever comes from outside goes in as a bound parameter.

`!` escapes in patterns: it has no meaning of its own anywhere else.
"""

from __future__ import annotations

FILTERS = """
    published
    AND (name LIKE :anywhere ESCAPE '!' OR species LIKE :anywhere ESCAPE '!' OR parish LIKE :anywhere ESCAPE '!')
    AND species LIKE :species ESCAPE '!'
    AND parish LIKE :parish ESCAPE '!'
"""
SELECTED = "SELECT number, name, species, parish, girth_cm, height_cm, planted_year AS year FROM trees"
COUNT = "SELECT count(*) FROM trees WHERE " + FILTERS

#: A whole clause for each sort and direction: nothing is put together from what was sent.
TREES_BY = {
    ("number", "asc"): "number",
    ("number", "desc"): "number DESC",
    ("name", "asc"): "name COLLATE NOCASE, number",
    ("name", "desc"): "name COLLATE NOCASE DESC, number",
    ("species", "asc"): "species COLLATE NOCASE, number",
    ("species", "desc"): "species COLLATE NOCASE DESC, number",
    ("parish", "asc"): "parish COLLATE NOCASE, number",
    ("parish", "desc"): "parish COLLATE NOCASE DESC, number",
    ("girth", "asc"): "girth_cm, number",
    ("girth", "desc"): "girth_cm DESC, number",
    ("height", "asc"): "height_cm NULLS LAST, number",
    ("height", "desc"): "height_cm DESC NULLS LAST, number",
    ("year", "asc"): "planted_year NULLS LAST, number",
    ("year", "desc"): "planted_year DESC NULLS LAST, number",
}
LISTED = {key: f"{SELECTED} WHERE {FILTERS} ORDER BY {clause}" for key, clause in TREES_BY.items()}
PAGES = {key: f"{statement} LIMIT :size OFFSET :skipped" for key, statement in LISTED.items()}

ALIKE = f"""
    {SELECTED} WHERE published AND species = :species AND parish = :parish AND number <> :number
    ORDER BY girth_cm DESC, number
"""

SPECIES = """
    SELECT DISTINCT species FROM trees WHERE published AND species LIKE :begins ESCAPE '!'
    ORDER BY species COLLATE NOCASE LIMIT :most
"""

FIGURES = """
    SELECT parish, count(*) AS trees, max(girth_cm) AS girth_cm FROM trees WHERE published
    GROUP BY parish ORDER BY
"""
PARISHES_BY = {
    ("parish", "asc"): "parish COLLATE NOCASE",
    ("parish", "desc"): "parish COLLATE NOCASE DESC",
    ("trees", "asc"): "count(*), parish COLLATE NOCASE",
    ("trees", "desc"): "count(*) DESC, parish COLLATE NOCASE",
    ("girth", "asc"): "max(girth_cm), parish COLLATE NOCASE",
    ("girth", "desc"): "max(girth_cm) DESC, parish COLLATE NOCASE",
}
PARISHES = {key: FIGURES + clause for key, clause in PARISHES_BY.items()}


def literally(typed: str) -> str:
    """A pattern that matches this text and no other."""
    for special in "!%_":
        typed = typed.replace(special, "!" + special)
    return typed
