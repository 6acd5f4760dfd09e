"""Weights for whoever says nothing of them. Pure."""

from __future__ import annotations

from collections.abc import Set

from runner.assessments.model import WEIGHTS
from runner.packages.manifest import Area


def shared_weights(areas: Set[Area]) -> dict[Area, int]:
    """100 points among these areas, in the proportions of `WEIGHTS`: whole numbers, the greatest remainders rounded up.

    Raises ValueError for no area.
    """
    if not areas:
        raise ValueError("there is no area to give weight to")
    of_all = sum(WEIGHTS[area] for area in areas)
    ordered = [area for area in Area if area in areas]
    weights = {area: WEIGHTS[area] * 100 // of_all for area in ordered}
    by_remainder = sorted(ordered, key=lambda area: -(WEIGHTS[area] * 100 % of_all))
    for area in by_remainder[: 100 - sum(weights.values())]:
        weights[area] += 1
    return weights
