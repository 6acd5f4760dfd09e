"""R4 and R5: what the database keeps to, and how many statements it takes."""

from __future__ import annotations

import random
from typing import Any

import pytest
from mendbox_harness import Register
from tables import girths, lasting, species, visits

from mendbox.testing import CallFailed, requirement

#: Enough for several statements for each different text, and far fewer than there are trees or visits.
MOST_STATEMENTS = 500
MORE = 800
_MORE_TREES = """
    INSERT INTO trees (number, species, girth, parish, place)
    SELECT 'X-' || n, t.species, t.girth, t.parish, t.place || ' ' || n
    FROM generate_series(1, %s) AS n
    JOIN (SELECT *, row_number() OVER (ORDER BY number) AS nth FROM trees) AS t
        ON t.nth = 1 + mod(n, (SELECT count(*) FROM trees))
"""
_MORE_VISITS = """
    INSERT INTO visits (tree_id, visited_on, warden, result)
    SELECT id, DATE '2025-05-05', 'X', CASE WHEN mod(id, 3) = 0 THEN 'watch' END FROM trees WHERE number ~ '^X-'
"""


def asked_for(queries: Any) -> list[str]:
    """The statements but for the server's own, by which it checks each row that has a foreign key."""
    return [text for text in queries if not (" FROM ONLY " in text and text.endswith(" FOR KEY SHARE OF x"))]


def refused(database: Any, statement: str, *values: Any) -> str:
    """What the server says of a statement that must fail."""
    with pytest.raises(CallFailed) as caught:
        database.execute(statement, *values)
    return str(caught.value)


@requirement("R4", "After the upgrade the tables are not those of the models.")
def test_tables_and_models_agree(migrations: Any, app: Any, database: Any, register: Register) -> None:
    migrations.up()
    assert app.call("mendbox_harness:differences") == []
    assert set(species(database)) == {tree.number for tree in register.trees}


@requirement(
    "R4", "After the upgrade the database takes a species twice, one that is not there, or a state that is none."
)
def test_the_database_keeps_to_it(
    migrations: Any, database: Any, register: Register, rng: random.Random, word: Any
) -> None:
    migrations.up()
    tree = rng.choice([tree for tree in register.trees if tree.visits])
    assert "unique" in refused(
        database, "INSERT INTO species (name) VALUES (%s)", rng.choice(list(register.names.values()))
    )
    assert "foreign key" in refused(database, "UPDATE trees SET species_id = 99999 WHERE number = %s", tree.number)
    assert "check constraint" in refused(
        database, "UPDATE visits SET state = %s WHERE tree_id = %s", word()[:8], tree.id
    )
    assert "null" in refused(database, "INSERT INTO species (name) VALUES (NULL)")


@requirement("R4", "After the upgrade the database fills in what nobody said.")
def test_nothing_is_filled_in(
    migrations: Any, database: Any, client: Any, register: Register, rng: random.Random, word: Any
) -> None:
    migrations.up()
    number, tree = word(), rng.choice(register.unjudged)
    database.execute("INSERT INTO trees (number, parish, place) VALUES (%s, 'P', 'x')", number)
    database.execute("INSERT INTO visits (tree_id, visited_on, warden) VALUES (%s, '2026-10-10', 'W')", tree.id)
    assert (girths(database)[number], species(database)[number]) == (None, None)
    assert {visit[3] for visit in visits(database, "state") if visit[0] == tree.number} == {None}
    assert client.get(f"/trees/{tree.number}").json["state"] is None


@requirement("R4", "After the upgrade something no longer holds that held before it.")
def test_what_held_before_still_holds(migrations: Any, database: Any, register: Register, rng: random.Random) -> None:
    migrations.up()
    tree = rng.choice(register.trees)
    again = "INSERT INTO trees (number, parish, place) VALUES (%s, 'P', 'x')"
    assert "unique" in refused(database, again, tree.number)
    visit = "INSERT INTO visits (tree_id, visited_on, warden) VALUES (%s, '2026-10-10', 'W')"
    assert "foreign key" in refused(database, visit, 99999)
    assert "null" in refused(database, "UPDATE trees SET parish = NULL WHERE number = %s", tree.number)
    found = {
        row["indexname"] for row in database.execute("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
    }
    assert {"ix_trees_parish", "ix_visits_tree_id"} <= found
    assert lasting(database)[tree.number] == (tree.id, tree.parish, tree.place)


@requirement("R5", "A large register takes a statement for each tree or visit, or is not read rightly.")
def test_statements_do_not_grow_with_the_register(
    migrations: Any, database: Any, queries: Any, register: Register
) -> None:
    database.execute(_MORE_TREES, MORE)
    database.execute(_MORE_VISITS)
    with queries() as asked:
        migrations.up()
    assert len(asked_for(asked)) < MOST_STATEMENTS
    found = girths(database)
    count = len(register.trees)
    by_number = sorted(register.trees, key=lambda tree: tree.number)
    assert [found[f"X-{n}"] for n in range(1, MORE + 1)] == [by_number[n % count].cm for n in range(1, MORE + 1)]
    named = species(database)
    assert [named[f"X-{n}"] for n in range(1, MORE + 1)] == [by_number[n % count].name for n in range(1, MORE + 1)]
    assert database.value("SELECT count(*) FROM visits WHERE state = 'watch' AND warden = 'X'") == database.value(
        "SELECT count(*) FROM trees WHERE number ~ '^X-' AND mod(id, 3) = 0"
    )


@requirement("R5", "Not every tree of a large register is there after the upgrade.")
def test_a_large_register_is_complete(migrations: Any, database: Any, register: Register) -> None:
    database.execute(_MORE_TREES, MORE)
    before = lasting(database)
    migrations.up()
    assert lasting(database) == before
    assert len(before) == len(register.trees) + MORE
