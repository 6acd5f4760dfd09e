"""The claims of every attack, as two tests for each: made for one threat at a time, so that files run side by side."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from runner.attacks.model import Attack, Threat
from tests.adversarial.trial import ATTACKS, Trial


def gains_nothing_and_harms_no_neighbour(*threats: Threat) -> Callable[[Attack, Trial], None]:
    """A test that each attack gets no points, no canary, nothing it says it wants, and no neighbour's grade changed."""

    def test(attack: Attack, trial: Trial) -> None:
        gained, honest = trial.as_it_is(attack)
        assert gained == [], gained
        assert (honest.score, honest.verdict) == (100, "solved"), [honest.outcome_message, *honest.tests]

    return _for_each(threats)(test)


def succeeds_without_its_mitigation(*threats: Threat) -> Callable[[Attack, Trial], None]:
    """A test that each attack succeeds once what is to stop it is off: the other test can fail.

    On gVisor it is the other way round for an attack whose file says that its kernel gives something else or stops it.
    """

    def test(attack: Attack, trial: Trial) -> None:
        gained = trial.without_its_mitigation(attack)
        fails = trial.gvisor and bool(attack.gvisor_gives or attack.gvisor_stops)
        assert (gained == []) is fails, gained

    return _for_each(threats)(test)


def _for_each(threats: tuple[Threat, ...]) -> pytest.MarkDecorator:
    chosen = [attack for attack in ATTACKS if attack.threat in threats]
    return pytest.mark.parametrize("attack", chosen, ids=[attack.name for attack in chosen])
