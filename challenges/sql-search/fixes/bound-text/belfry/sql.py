"""All SQL of the register, as constants. Whatever comes from outside goes in as a bound parameter.

`!` escapes in patterns: it has no meaning of its own anywhere else.
"""

from __future__ import annotations

FILTERS = """
    published
    AND (name LIKE :anywhere ESCAPE '!' OR founder LIKE :anywhere ESCAPE '!' OR tower LIKE :anywhere ESCAPE '!')
    AND founder LIKE :founder ESCAPE '!'
    AND tower LIKE :tower ESCAPE '!'
"""
SELECTED = "SELECT number, name, founder, tower, diameter_mm, weight_kg, cast_year AS year FROM bells"
COUNT = "SELECT count(*) FROM bells WHERE " + FILTERS

#: A whole clause for each sort and direction: nothing is put together from what was sent.
BELLS_BY = {
    ("number", "asc"): "number",
    ("number", "desc"): "number DESC",
    ("name", "asc"): "name COLLATE NOCASE, number",
    ("name", "desc"): "name COLLATE NOCASE DESC, number",
    ("founder", "asc"): "founder COLLATE NOCASE, number",
    ("founder", "desc"): "founder COLLATE NOCASE DESC, number",
    ("tower", "asc"): "tower COLLATE NOCASE, number",
    ("tower", "desc"): "tower COLLATE NOCASE DESC, number",
    ("diameter", "asc"): "diameter_mm, number",
    ("diameter", "desc"): "diameter_mm DESC, number",
    ("weight", "asc"): "weight_kg NULLS LAST, number",
    ("weight", "desc"): "weight_kg DESC NULLS LAST, number",
    ("year", "asc"): "cast_year NULLS LAST, number",
    ("year", "desc"): "cast_year DESC NULLS LAST, number",
}
LISTED = {key: f"{SELECTED} WHERE {FILTERS} ORDER BY {clause}" for key, clause in BELLS_BY.items()}
PAGES = {key: f"{statement} LIMIT :size OFFSET :skipped" for key, statement in LISTED.items()}

SISTERS = f"""
    {SELECTED} WHERE published AND founder = :founder AND tower = :tower AND number <> :number
    ORDER BY diameter_mm DESC, number
"""

FOUNDERS = """
    SELECT DISTINCT founder FROM bells WHERE published AND founder LIKE :begins ESCAPE '!'
    ORDER BY founder COLLATE NOCASE LIMIT :most
"""

FIGURES = """
    SELECT tower, count(*) AS bells, max(diameter_mm) AS diameter_mm FROM bells WHERE published
    GROUP BY tower ORDER BY
"""
TOWERS_BY = {
    ("tower", "asc"): "tower COLLATE NOCASE",
    ("tower", "desc"): "tower COLLATE NOCASE DESC",
    ("bells", "asc"): "count(*), tower COLLATE NOCASE",
    ("bells", "desc"): "count(*) DESC, tower COLLATE NOCASE",
    ("diameter", "asc"): "max(diameter_mm), tower COLLATE NOCASE",
    ("diameter", "desc"): "max(diameter_mm) DESC, tower COLLATE NOCASE",
}
TOWERS = {key: FIGURES + clause for key, clause in TOWERS_BY.items()}


def literally(typed: str) -> str:
    """A pattern that matches this text and no other."""
    for special in "!%_":
        typed = typed.replace(special, "!" + special)
    return typed
