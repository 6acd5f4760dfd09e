"""How the site looks from outside: what its proxies tell, where it has some."""

from __future__ import annotations

from flask import Flask, current_app, request


def _told(name: str) -> str | None:
    count = current_app.config["PROXIES"]
    told = request.headers.get(f"X-Forwarded-{name}")
    if not count or told is None or told.count(",") + 1 < count:
        return None
    return told.split(",")[-count].strip()


def prefix() -> str:
    return _told("Prefix") or ""


def root() -> str:
    """Scheme, host and path, without a slash at the end."""
    return f"{scheme()}://{_told('Host') or request.host}{prefix()}"


def scheme() -> str:
    return _told("Proto") or request.scheme


def address() -> str:
    return _told("For") or request.remote_addr or ""


def register(app: Flask) -> None:
    """Templates write `{{ prefix }}` before addresses."""

    @app.context_processor
    def for_templates() -> dict[str, str]:
        return {"prefix": prefix()}
