"""Pages that say, where they are declared, who may open them. They stand in no OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Flask

from api.routing import Policy, check_deeds

View = TypeVar("View", bound=Callable[..., Any])


class PageRoutes:
    """A blueprint of pages. Their rules start at the root."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(f"pages_{name}", __name__)
        self.policies: dict[str, Policy] = {}

    def get(self, rule: str, policy: Policy) -> Callable[[View], View]:
        """Declare `GET rule` (and so HEAD)."""
        return self._route("GET", rule, policy)

    def post(self, rule: str, policy: Policy) -> Callable[[View], View]:
        """Declare `POST rule`: what a form sends."""
        return self._route("POST", rule, policy)

    def _route(self, method: str, rule: str, policy: Policy) -> Callable[[View], View]:
        check_deeds(method, rule, policy)

        def declare(view: View) -> View:
            self.blueprint.route(rule, methods=[method])(view)
            self.policies[f"{self.blueprint.name}.{view.__name__}"] = policy
            return view

        return declare

    def register(self, app: Flask) -> dict[str, Policy]:
        """Put the pages into the app; their policies, by endpoint."""
        app.register_blueprint(self.blueprint)
        return self.policies


def is_page(endpoint: str | None) -> bool:
    """Whether an endpoint is a page's."""
    return endpoint is not None and endpoint.startswith("pages_")
