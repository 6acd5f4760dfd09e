"""Gives the desk a review's name that is drawn from the grading's seed."""

from __future__ import annotations

import random
from typing import Any


def review_name(seed: int) -> str:
    return f"review-{random.Random(f'review {seed}').randrange(10**9)}"


def build(context: Any) -> Any:
    return context.load()({"REVIEW": review_name(context.seed)})
