"""What holds of the attack suite itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from runner.attacks.finder import AttackInvalid, find_attacks, read_attack
from runner.attacks.mitigations import MITIGATIONS
from runner.attacks.model import Threat
from tests.adversarial.weaknesses import WEAKNESSES

ATTACKS = find_attacks()


def test_each_attack_has_a_name_of_its_own() -> None:
    assert [name for name, times in Counter(attack.name for attack in ATTACKS).items() if times > 1] == []


def test_each_mitigation_can_be_switched_off_and_has_an_attack_that_nothing_else_stops() -> None:
    assert set(WEAKNESSES) == set(MITIGATIONS)
    assert set(MITIGATIONS) - {attack.stopped_by[0] for attack in ATTACKS if len(attack.stopped_by) == 1} == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("tries = 'something'", "stopped_by"),
        ("tries = 'something long'\nstopped_by = ['luck']\ncode = 'pass'", "no such mitigation: luck"),
        ("tries = 'something long'\nstopped_by = ['apart']", "needs code, files or pid1"),
        ("tries = 'something long'\nstopped_by = ['apart']\ncode = 'x'\npid1 = 'y'", "no code of a submission is run"),
        ("tries = ", "Invalid value"),
    ],
)
def test_a_file_that_is_no_attack_is_refused_with_its_name_and_the_reason(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(AttackInvalid, match=said) as refused:
        read_attack(path, Threat.FORGE)
    assert str(path) in refused.value.message
