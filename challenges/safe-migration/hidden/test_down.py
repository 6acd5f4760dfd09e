"""R2: the way back."""

from __future__ import annotations

import random
from typing import Any

from mendbox_harness import Register
from tables import OLD_COLUMNS, as_drawn, columns, girths, lasting, old_texts, species, texts_of, visits

from mendbox.testing import requirement


@requirement("R2", "After the downgrade species or girths are gone, or others than before.")
def test_the_way_back_keeps_species_and_girths(migrations: Any, database: Any, register: Register) -> None:
    migrations.up()
    migrations.down()
    assert old_texts(database) == texts_of(register)


@requirement("R2", "After the downgrade visits don't say what they said.")
def test_the_way_back_keeps_what_visits_say(migrations: Any, database: Any, register: Register) -> None:
    migrations.up()
    migrations.down()
    assert visits(database, "result") == as_drawn(register)


@requirement("R2", "What was added or changed since the upgrade is lost by the downgrade.")
def test_what_came_since_is_kept(
    migrations: Any, database: Any, client: Any, register: Register, rng: random.Random, word: Any
) -> None:
    migrations.up()
    number, kind, cm = f"U-{rng.randrange(100, 1000)}", f"{word()} elm", rng.randrange(50, 500)
    new = {"number": number, "parish": word(), "place": word(), "species": kind, "girth_cm": cm}
    assert client.post("/trees", json=new).status_code == 201
    old, grown, known = rng.sample(register.trees, 3)
    seen = {"visited_on": "2026-09-01", "warden": word(), "state": "watch"}
    for visited in (number, old.number):
        assert client.post(f"/trees/{visited}/visits", json=seen).status_code == 201
    database.execute("UPDATE trees SET girth_cm = %s WHERE number = %s", cm + 1, grown.number)
    database.execute(
        "UPDATE trees SET species_id = (SELECT id FROM species WHERE name = %s) WHERE number = %s", kind, known.number
    )
    migrations.down()
    expected = texts_of(register) | {number: (kind, f"{cm} cm")}
    expected[grown.number] = expected[grown.number][0], f"{cm + 1} cm"
    expected[known.number] = kind, expected[known.number][1]
    assert old_texts(database) == expected
    since = [(visited, "2026-09-01", seen["warden"], "watch") for visited in (number, old.number)]
    assert visits(database, "result") == sorted([*as_drawn(register), *since], key=str)


@requirement("R2", "The second upgrade gives another register than the first.")
def test_up_again_and_again(migrations: Any, database: Any, register: Register) -> None:
    for _ in range(2):
        migrations.up()
        migrations.down()
    migrations.up()
    assert species(database) == {tree.number: tree.name for tree in register.trees}
    assert girths(database) == {tree.number: tree.cm for tree in register.trees}
    assert visits(database, "state") == as_drawn(register)


@requirement("R2", "After the downgrade the tables are not those of revision 0002, or trees or visits are gone.")
def test_the_tables_are_those_of_before(migrations: Any, database: Any, register: Register, word: Any) -> None:
    migrations.up()
    migrations.down()
    assert columns(database) == OLD_COLUMNS
    assert database.value("SELECT version_num FROM alembic_version") == "0002"
    assert lasting(database) == {tree.number: (tree.id, tree.parish, tree.place) for tree in register.trees}
    assert [visit[:3] for visit in visits(database, "result")] != []
    number = word()
    database.execute("INSERT INTO trees (number, parish, place) VALUES (%s, 'P', 'x')", number)
    database.execute("UPDATE visits SET result = NULL")
    assert old_texts(database)[number] == (None, None)


@requirement(
    "R2", "A register in which there is nothing yet can't be upgraded or taken back, or takes no trees afterwards."
)
def test_a_register_without_trees(
    migrations: Any, database: Any, client: Any, register: Register, rng: random.Random, word: Any
) -> None:
    database.execute("DELETE FROM visits")
    database.execute("DELETE FROM trees")
    migrations.up()
    migrations.down()
    migrations.up()
    number, kind, cm = register.trees[0].number, f"{word()} elm", rng.randrange(50, 500)
    new = {"number": number, "parish": word(), "place": word(), "species": kind, "girth_cm": cm}
    assert client.post("/trees", json=new).status_code == 201
    assert client.get("/species").json == {"species": [{"name": kind, "trees": 1}]}
    assert girths(database) == {number: cm}
