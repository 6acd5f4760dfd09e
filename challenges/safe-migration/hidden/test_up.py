"""R1: what the upgrade makes of what wardens typed."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

from mendbox_harness import Register
from tables import as_drawn, girths, lasting, species, visits

from mendbox.testing import requirement


@requirement("R1", "After the upgrade a tree has another species than before, or one that nobody knew.")
def test_every_tree_has_its_species(migrations: Any, database: Any, register: Register) -> None:
    migrations.up()
    assert species(database) == {tree.number: tree.name for tree in register.trees}


@requirement("R1", "A species is listed twice, or in another spelling, or one is listed that is none.")
def test_every_species_is_listed_once(migrations: Any, database: Any, client: Any, register: Register) -> None:
    migrations.up()
    counted = Counter(tree.name for tree in register.trees if tree.name)
    listed = client.get("/species").json["species"]
    assert {entry["name"]: entry["trees"] for entry in listed} == counted
    assert len(listed) == len(counted)
    assert database.value("SELECT count(*) FROM species") == len(counted)


@requirement("R1", "After the upgrade a tree has another girth than was written down, or one that nobody has measured.")
def test_every_tree_has_its_girth(migrations: Any, database: Any, register: Register) -> None:
    migrations.up()
    assert girths(database) == {tree.number: tree.cm for tree in register.trees}


@requirement(
    "R1", "After the upgrade a visit says something else than the warden, or something where the warden said nothing."
)
def test_every_visit_says_what_it_said(migrations: Any, database: Any, register: Register) -> None:
    migrations.up()
    assert visits(database, "state") == as_drawn(register)


@requirement("R1", "A tree that nobody has judged has a state.")
def test_nobody_is_told_of_a_state_that_nobody_saw(
    migrations: Any, client: Any, register: Register, rng: random.Random
) -> None:
    migrations.up()
    for tree in rng.sample(register.unjudged, 3):
        shown = client.get(f"/trees/{tree.number}").json
        assert (shown["number"], shown["parish"], shown["state"]) == (tree.number, tree.parish, None)
        assert [visit["state"] for visit in shown["visits"]] == [None] * len(tree.visits)
        assert (shown["species"], shown["girth_cm"]) == (tree.name, tree.cm)


@requirement("R1", "The upgrade changes something that it has nothing to do with, or loses a tree or a visit.")
def test_nothing_else_changes(migrations: Any, database: Any, register: Register) -> None:
    migrations.up()
    assert lasting(database) == {tree.number: (tree.id, tree.parish, tree.place) for tree in register.trees}
    assert sorted(visit[:3] for visit in visits(database, "id")) == sorted(visit[:3] for visit in as_drawn(register))


@requirement("R1", "A tree that is dangerous is not shown as such after the upgrade.")
def test_dangers_are_shown(migrations: Any, client: Any, register: Register) -> None:
    migrations.up()
    shown = {tree["number"]: tree["state"] for tree in client.get("/trees").json["trees"]}
    assert list(shown) == [tree.number for tree in register.trees]
    for tree in register.trees:
        judged = [visit.state for visit in tree.visits if visit.state]
        if judged and judged[-1] == tree.visits[-1].state == "danger":
            assert shown[tree.number] == "danger"
