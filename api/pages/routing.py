"""Pages that say, where they are declared, who may open them. They stand in no OpenAPI document."""

from __future__ import annotations

from api.routing import PlainRoutes


class PageRoutes(PlainRoutes):
    """A blueprint of pages. What is posted to them is what a form sends."""

    def __init__(self, name: str) -> None:
        super().__init__(f"pages_{name}")


def is_page(endpoint: str | None) -> bool:
    """Whether an endpoint is a page's."""
    return endpoint is not None and endpoint.startswith("pages_")
