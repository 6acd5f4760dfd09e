"""How numbers look on pages: see the README."""

from __future__ import annotations

from flask import Flask


def minutes(value: int | None) -> str:
    """A length: `45 min`, `1 h 05 min`."""
    if not value:
        return "–"
    hours, rest = divmod(value, 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def plays(value: int) -> str:
    """How often something was played: `1 play`, `1,204 plays`."""
    return f"{value:,} play" if value == 1 else f"{value:,} plays"


def rating(value: float | None) -> str:
    """A rating, or an average of them: `4.3`."""
    return f"{value:.1f}" if value else "not rated"


def register(app: Flask) -> None:
    """Let the templates of `app` use the filters."""
    for function in (minutes, plays, rating):
        app.add_template_filter(function)
