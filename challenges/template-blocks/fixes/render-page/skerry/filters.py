"""How numbers look on pages: see the README."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import Flask

T = TypeVar("T", int, float)
Filter = Callable[[T], str]


def or_else(unknown: str) -> Callable[[Filter[T]], Callable[[T | None], str]]:
    """Makes a filter for numbers say `unknown` of what is not known."""

    def decorate(function: Filter[T]) -> Callable[[T | None], str]:
        @wraps(function)
        def filter_(value: T | None) -> str:
            return unknown if value is None else function(value)

        return filter_

    return decorate


def duration(value: int) -> str:
    """A length: `45 min`, `1 h 05 min`."""
    hours, rest = divmod(value, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


@or_else("not counted")
def plays(value: int) -> str:
    """How often something was played: `1 play`, `1,204 plays`."""
    return f"{value:,} play" if value == 1 else f"{value:,} plays"


@or_else("not rated")
def rating(value: float) -> str:
    """A rating, or an average of them: `4.3`."""
    return f"{value:.1f}"


def register(app: Flask) -> None:
    """Let the templates of `app` use the filters."""
    app.add_template_filter(or_else("–")(duration), "minutes")
    app.add_template_filter(or_else("open end")(duration), "slot_minutes")
    app.add_template_filter(plays)
    app.add_template_filter(rating)
