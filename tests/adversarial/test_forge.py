"""Forging a grade: each attack as it is, and without what is to stop it."""

from runner.attacks.model import Threat
from tests.adversarial.claims import gains_nothing_and_harms_no_neighbour, succeeds_without_its_mitigation

test_it_gains_nothing_and_harms_no_neighbour = gains_nothing_and_harms_no_neighbour(Threat.FORGE)
test_it_succeeds_without_its_mitigation = succeeds_without_its_mitigation(Threat.FORGE)
