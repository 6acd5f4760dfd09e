"""Pictures that pages have: scores as bars, attempts over time. SVG with classes alone, so that the pages' styles and
their policy hold for it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_WIDTH, _ROW, _LABEL = 320, 26, 120
_CHART_WIDTH, _CHART_HEIGHT, _LEFT, _BOTTOM, _TOP = 640, 220, 34, 26, 10
#: Series that can be told apart by their marks.
MARKS = ("●", "■", "▲", "◆", "★", "✚", "✖", "▼")


def bars(values: Mapping[str, float], said: str) -> Markup:
    """A bar for each value of 100, with its name and number. `said`: what the picture is, for who does not see it."""
    parts = []
    for number, (name, value) in enumerate(values.items()):
        top = number * _ROW
        filled = (_WIDTH - _LABEL - 40) * max(0.0, min(100.0, value)) / 100
        parts.append(
            Markup(
                '<text class="name" x="0" y="{y}">{name}</text>'
                '<rect class="track" x="{left}" y="{bar}" width="{all}" height="10" rx="2"/>'
                '<rect class="fill" x="{left}" y="{bar}" width="{filled}" height="10" rx="2"/>'
                '<text class="value" x="{right}" y="{y}">{value}</text>'
            ).format(
                y=top + 17,
                name=name,
                left=_LABEL,
                bar=top + 8,
                all=_WIDTH - _LABEL - 40,
                filled=f"{filled:.1f}",
                right=_WIDTH,
                value=f"{value:.0f}",
            )
        )
    return _svg("bars", _WIDTH, max(1, len(values)) * _ROW, said, Markup("").join(parts))


@dataclass(frozen=True, slots=True)
class Mark:
    """An attempt: minutes since the candidate began, and its score of 100."""

    minute: float
    score: int


def timeline(series: Mapping[str, Sequence[Mark]], minutes: float, said: str) -> Markup:
    """Scores over time, a line for each challenge in the order of `series`. `minutes`: how wide it is at least."""
    widest = max([minutes, 1.0, *(mark.minute for marks in series.values() for mark in marks)])
    parts = [_grid(widest)]
    for number, marks in enumerate(series.values()):
        points = [(_x(mark.minute, widest), _y(mark.score)) for mark in marks]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(Markup('<polyline class="line s{number}" points="{line}"/>').format(number=number % 8, line=line))
        parts += [
            Markup('<text class="dot s{number}" x="{x}" y="{y}">{mark}</text>').format(
                number=number % 8, x=f"{x:.1f}", y=f"{y + 5:.1f}", mark=MARKS[number % len(MARKS)]
            )
            for x, y in points
        ]
    return _svg("timeline", _CHART_WIDTH, _CHART_HEIGHT, said, Markup("").join(parts))


def _grid(widest: float) -> Markup:
    parts = []
    for score in (0, 50, 100):
        parts.append(
            Markup(
                '<line class="grid" x1="{left}" x2="{right}" y1="{y}" y2="{y}"/>'
                '<text class="value" x="{before}" y="{text}">{score}</text>'
            ).format(
                left=_LEFT, right=_CHART_WIDTH, y=_y(score), before=_LEFT - 6, text=f"{_y(score) + 4:.1f}", score=score
            )
        )
    for part in (0, 0.5, 1):
        anchor = {0: "start", 0.5: "middle", 1: "end"}[part]
        parts.append(
            Markup('<text class="axis" text-anchor="{anchor}" x="{x}" y="{y}">{minute} min</text>').format(
                anchor=anchor, x=f"{_x(widest * part, widest):.1f}", y=_CHART_HEIGHT - 6, minute=f"{widest * part:.0f}"
            )
        )
    return Markup("").join(parts)


def _x(minute: float, widest: float) -> float:
    return _LEFT + (_CHART_WIDTH - _LEFT - 8) * max(0.0, minute) / widest


def _y(score: float) -> float:
    return _TOP + (_CHART_HEIGHT - _TOP - _BOTTOM) * (100 - score) / 100


def _svg(kind: str, width: int, height: int, said: str, content: Markup) -> Markup:
    return (
        Markup('<svg class="picture {kind}" viewBox="0 0 {width} {height}" role="img" aria-label="').format(
            kind=kind, width=width, height=height
        )
        + escape(said)
        + Markup('">')
        + content
        + Markup("</svg>")
    )
