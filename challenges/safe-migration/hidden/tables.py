"""What stands in the tables, before and after."""

from __future__ import annotations

from typing import Any

OLD_COLUMNS = {
    "trees": {"id", "number", "species", "girth", "parish", "place"},
    "visits": {"id", "tree_id", "visited_on", "warden", "result"},
}


def girths(database: Any) -> dict[str, int | None]:
    """Of each tree, by number, after the upgrade."""
    return {row["number"]: row["girth_cm"] for row in database.execute("SELECT number, girth_cm FROM trees")}


def species(database: Any) -> dict[str, str | None]:
    """Of each tree, by number, after the upgrade."""
    rows = database.execute(
        "SELECT t.number, s.name FROM trees t LEFT JOIN species s ON s.id = t.species_id ORDER BY t.number"
    )
    return {row["number"]: row["name"] for row in rows}


def visits(database: Any, column: str) -> list[tuple[str, str, str, str | None]]:
    """Number, day, warden and what `column` says."""
    rows = database.execute(
        f"SELECT t.number, v.visited_on::text AS day, v.warden, v.{column} AS said"
        " FROM visits v JOIN trees t ON t.id = v.tree_id"
    )
    return sorted(((row["number"], row["day"], row["warden"], row["said"]) for row in rows), key=str)


def as_drawn(register: Any) -> list[tuple[str, str, str, str | None]]:
    """What `visits` must give."""
    found = [
        (tree.number, visit.day.isoformat(), visit.warden, visit.state)
        for tree in register.trees
        for visit in tree.visits
    ]
    return sorted(found, key=str)


def lasting(database: Any) -> dict[str, tuple[int, str, str]]:
    """What no revision touches."""
    rows = database.execute("SELECT id, number, parish, place FROM trees")
    return {row["number"]: (row["id"], row["parish"], row["place"]) for row in rows}


def old_texts(database: Any) -> dict[str, tuple[str | None, str | None]]:
    """Species and girth of each tree at revision 0002."""
    rows = database.execute("SELECT number, species, girth FROM trees")
    return {row["number"]: (row["species"], row["girth"]) for row in rows}


def texts_of(register: Any) -> dict[str, tuple[str | None, str | None]]:
    """What `old_texts` must give after a downgrade."""
    return {tree.number: (tree.name, None if tree.cm is None else f"{tree.cm} cm") for tree in register.trees}


def columns(database: Any) -> dict[str, set[str]]:
    """The columns of each table but Alembic's."""
    rows = database.execute(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["table_name"], set()).add(row["column_name"])
    return found


def everything(database: Any) -> dict[str, Any]:
    """All there is at revision 0002, and the revision."""
    return {
        "columns": columns(database),
        "trees": sorted(map(str, database.execute("SELECT * FROM trees"))),
        "visits": sorted(map(str, database.execute("SELECT * FROM visits"))),
        "revision": database.execute("SELECT version_num FROM alembic_version"),
    }
