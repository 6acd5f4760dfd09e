"""R3: what can't be read."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from mendbox_harness import Register, Tree
from tables import everything, girths, lasting, visits

from mendbox.testing import requirement

NUMBER = re.compile(r"T-\d{4}")


def write_girth(database: Any, tree: Any, text: str) -> None:
    database.execute("UPDATE trees SET girth = %s WHERE number = %s", text, tree.number)


def write_result(database: Any, tree: Any, text: str) -> None:
    database.execute(
        "UPDATE visits SET result = %s WHERE id = (SELECT min(id) FROM visits WHERE tree_id = %s)", text, tree.id
    )


def without_danger(register: Register) -> list[Tree]:
    """The trees with visits of which none says so."""
    return [tree for tree in register.trees if tree.visits and all(visit.state != "danger" for visit in tree.visits)]


@requirement(
    "R3", "A girth that can't be read is guessed at, or the tree is not named, or something has changed all the same."
)
@pytest.mark.parametrize(
    "form", ["ca. {} ft", "about {}", "{}-{}", "-{}", "1_{}", "{}.5 cm", "1.2{} m", "{} mm", "{} m 5", "m"]
)
def test_a_girth_that_cannot_be_read(
    migrations: Any, database: Any, register: Register, rng: random.Random, form: str
) -> None:
    tree = rng.choice(register.trees)
    write_girth(database, tree, form.replace("{}", str(rng.randrange(100, 900))))
    before = everything(database)
    assert set(NUMBER.findall(migrations.refused())) == {tree.number}
    assert everything(database) == before
    write_girth(database, tree, "7,5 m")
    migrations.up()
    assert girths(database) == {each.number: each.cm for each in register.trees} | {tree.number: 750}


@requirement(
    "R3", "A result that can't be read is guessed at, or the tree is not named, or something has changed all the same."
)
def test_a_result_that_cannot_be_read(
    migrations: Any, database: Any, register: Register, rng: random.Random, word: Any
) -> None:
    tree = rng.choice(without_danger(register))
    write_result(database, tree, word())
    before = everything(database)
    assert set(NUMBER.findall(migrations.refused())) == {tree.number}
    assert everything(database) == before
    write_result(database, tree, "danger")
    migrations.up()
    shown = [visit[3] for visit in visits(database, "state") if visit[0] == tree.number]
    assert "danger" in shown


@requirement("R3", "A danger that was written a little differently is neither read as one nor refused.")
@pytest.mark.parametrize("written", [" danger", "danger ", "Danger", "DANGER"])
def test_a_danger_is_not_lost(
    migrations: Any, database: Any, register: Register, rng: random.Random, written: str
) -> None:
    tree = rng.choice(without_danger(register))
    write_result(database, tree, written)
    before = everything(database)
    said = migrations.tried()
    if said is None:  # read with spaces and capitals as those of species are: nothing is lost
        assert "danger" in [visit[3] for visit in visits(database, "state") if visit[0] == tree.number]
        assert lasting(database) == {each.number: (each.id, each.parish, each.place) for each in register.trees}
    else:
        assert set(NUMBER.findall(said)) == {tree.number}
        assert everything(database) == before


@requirement("R3", "Not all trees are named for which something can't be read, or others are.")
def test_all_of_them_are_named(
    migrations: Any, database: Any, register: Register, rng: random.Random, word: Any
) -> None:
    visited = [tree for tree in register.trees if tree.visits]
    results = rng.sample(visited, 3)
    unread = rng.sample(register.trees, 4)
    for tree in results:
        write_result(database, tree, word())
    for tree in unread:
        write_girth(database, tree, f"{rng.randrange(2, 30)} ft")
    before = everything(database)
    assert set(NUMBER.findall(migrations.refused())) == {tree.number for tree in (*results, *unread)}
    assert everything(database) == before


@requirement("R3", "A register in which everything can be read is not upgraded.")
def test_what_can_be_read_is_not_refused(
    migrations: Any, database: Any, register: Register, rng: random.Random
) -> None:
    tree, other = rng.sample(register.trees, 2)
    write_girth(database, tree, f"{rng.randrange(30, 900)} cm")
    write_girth(database, other, "")
    migrations.up()
    assert database.value("SELECT version_num FROM alembic_version") != "0002"
    assert lasting(database) == {each.number: (each.id, each.parish, each.place) for each in register.trees}
