"""Pictures that pages have: scores as bars, attempts over time. SVG with classes alone, so that the pages' styles and
their policy hold for it. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

_WIDTH, _ROW, _LABEL = 320, 26, 120
_CHART_WIDTH, _CHART_HEIGHT, _LEFT, _BOTTOM, _TOP = 640, 220, 34, 26, 10
#: Series that can be told apart by their marks.
MARKS = ("●", "■", "▲", "◆", "★", "✚", "✖", "▼")


def bars(values: Mapping[str, float], said: str) -> Markup:
    """A bar for each value of 100, with its name and number. `said`: what the picture is, for who does not see it."""
    room = _WIDTH - _LABEL - 40
    parts = []
    for number, (name, value) in enumerate(values.items()):
        top = number * _ROW
        filled = room * max(0.0, min(100.0, value)) / 100
        bar = {"x": _LABEL, "y": top + 8, "height": 10, "rx": 2}
        parts += [
            _part("text", {"class": "name", "x": 0, "y": top + 17}, name),
            _part("rect", {"class": "track", **bar, "width": room}),
            _part("rect", {"class": "fill", **bar, "width": f"{filled:.1f}"}),
            _part("text", {"class": "value", "x": _WIDTH, "y": top + 17}, f"{value:.0f}"),
        ]
    return _svg("bars", _WIDTH, max(1, len(values)) * _ROW, said, parts)


@dataclass(frozen=True, slots=True)
class Mark:
    """An attempt: minutes since the candidate began, and its score of 100."""

    minute: float
    score: int


def timeline(series: Mapping[str, Sequence[Mark]], minutes: float, said: str) -> Markup:
    """Scores over time, a line for each challenge in the order of `series`. `minutes`: how wide it is at least."""
    widest = max([minutes, 1.0, *(mark.minute for marks in series.values() for mark in marks)])
    parts = _grid(widest)
    for number, marks in enumerate(series.values()):
        points = [(_x(mark.minute, widest), _y(mark.score)) for mark in marks]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(_part("polyline", {"class": f"line s{number % 8}", "points": line}))
        parts += [
            _part(
                "text",
                {"class": f"dot s{number % 8}", "x": f"{x:.1f}", "y": f"{y + 5:.1f}"},
                MARKS[number % len(MARKS)],
            )
            for x, y in points
        ]
    return _svg("timeline", _CHART_WIDTH, _CHART_HEIGHT, said, parts)


def _grid(widest: float) -> list[Markup]:
    parts = []
    for score in (0, 50, 100):
        line = {"class": "grid", "x1": _LEFT, "x2": _CHART_WIDTH, "y1": _y(score), "y2": _y(score)}
        label = {"class": "value", "x": _LEFT - 6, "y": f"{_y(score) + 4:.1f}"}
        parts += [_part("line", line), _part("text", label, str(score))]
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        place = {"x": f"{_x(widest * share, widest):.1f}", "y": _CHART_HEIGHT - 6}
        parts.append(_part("text", {"class": "axis", "text-anchor": anchor, **place}, f"{widest * share:.0f} min"))
    return parts


def _x(minute: float, widest: float) -> float:
    return _LEFT + (_CHART_WIDTH - _LEFT - 8) * max(0.0, minute) / widest


def _y(score: float) -> float:
    return _TOP + (_CHART_HEIGHT - _TOP - _BOTTOM) * (100 - score) / 100


def _svg(kind: str, width: int, height: int, said: str, parts: Sequence[Markup]) -> Markup:
    attributes = {"class": f"picture {kind}", "viewBox": f"0 0 {width} {height}", "role": "img", "aria-label": said}
    return _part("svg", attributes, Markup("").join(parts))


def _part(name: str, attributes: Mapping[str, object], content: str = "") -> Markup:
    """An element. Whatever is no Markup is escaped as it is added to one."""
    written = Markup("")
    for key, value in attributes.items():
        written += Markup(" ") + key + Markup('="') + str(value) + Markup('"')
    return Markup("<") + name + written + Markup(">") + content + Markup("</") + name + Markup(">")
