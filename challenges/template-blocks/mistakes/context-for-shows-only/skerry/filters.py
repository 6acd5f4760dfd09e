"""How numbers look on pages: see the README."""

from __future__ import annotations

from flask import Flask


def minutes(value: int | None) -> str:
    """A length: `45 min`, `1 h 05 min`."""
    if value is None:
        return "–"
    hours, rest = divmod(value, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def plays(value: int | None) -> str:
    """How often something was played: `1 play`, `1,204 plays`."""
    if value is None:
        return "not counted"
    return f"{value:,} play" if value == 1 else f"{value:,} plays"


def rating(value: float | None) -> str:
    """A rating, or an average of them: `4.3`."""
    return "not rated" if value is None else f"{value:.1f}"


def register(app: Flask) -> None:
    """Let the templates of `app` use the filters."""
    for function in (minutes, plays, rating):
        app.add_template_filter(function)
