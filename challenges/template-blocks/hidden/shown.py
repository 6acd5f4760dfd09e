"""How the README says that numbers look."""

from __future__ import annotations

from browser import Element


def length(minutes: int | None, unknown: str = "–") -> str:
    if minutes is None:
        return unknown
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{minutes} min"


def plays(count: int | None) -> str:
    if count is None:
        return "not counted"
    return "1 play" if count == 1 else f"{count:,} plays"


def rating(value: float | None) -> str:
    return "not rated" if value is None else f"{value:.1f}"


def cards_of(page: Element) -> dict[int, Element]:
    """The cards on a page by the ids of their episodes, in order."""
    return {int(card.get("data-id") or 0): card for card in page.all("article", "card")}


def marked(page: Element) -> set[int]:
    """The ids of the episodes whose cards say that they are saved."""
    return {number for number, card in cards_of(page).items() if card.all(cls="saved")}
