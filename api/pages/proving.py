"""Showing once more who one is, before something that a stolen session should not do."""

from __future__ import annotations

from datetime import UTC, datetime

from api.context import caller, services


def is_shown(password: str | None) -> bool:
    """Whether a form has what it asks for: a password, unless a provider has said just now who the caller is."""
    return password is not None or caller().has_just_come(datetime.now(UTC))


def provider_label() -> str:
    """What people know the provider by, by which they may sign in; empty where there is none."""
    settings = services().settings
    return settings.oidc_label if settings.oidc_issuer else ""
