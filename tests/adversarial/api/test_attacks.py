"""Every attack fails, and succeeds once the one mitigation that should stop it is gone: so each test can fail."""

from __future__ import annotations

import re

import pytest

from tests.adversarial.api.arena import Arena, Attack
from tests.adversarial.api.attacks import ATTACKS, TABLE

EACH = [pytest.param(attack, id=attack.name) for attack in ATTACKS]


@pytest.mark.parametrize("attack", EACH)
def test_it_is_stopped(arena: Arena, attack: Attack) -> None:
    assert not attack.run(arena)


@pytest.mark.parametrize("attack", EACH)
def test_without_its_mitigation_it_succeeds(arena: Arena, attack: Attack) -> None:
    attack.off(arena)

    assert attack.run(arena)


def test_names_are_given_once_and_every_attack_says_what_it_is() -> None:
    names = [line["name"] for line in TABLE]
    assert len(set(names)) == len(names) >= 35
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in names)
    assert all(value.strip() for line in TABLE for value in line.values())
