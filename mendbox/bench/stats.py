"""Figures from samples: pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` (0 to 1) of all do not exceed. Raises ValueError without samples."""
    if not samples:
        raise ValueError("no samples")
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def summary(samples: Sequence[float]) -> dict[str, float | int]:
    """Median, 95th percentile, least and greatest of samples, rounded to 0.1 ms."""
    return {
        "p50": round(median(samples), 4),
        "p95": round(percentile(samples, 0.95), 4),
        "min": round(min(samples), 4),
        "max": round(max(samples), 4),
        "n": len(samples),
    }


def paired_ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios round by round: the machine's drift is in both of a round."""
    return round(median(mine / other for mine, other in zip(ours, theirs, strict=True)), 3)
