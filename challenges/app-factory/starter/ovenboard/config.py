"""Settings: what create_app is given, else the environment, else the defaults."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from flask import Flask

DEFAULTS: dict[str, Any] = {
    "BRANCH": os.environ.get("OVENBOARD_BRANCH", "Field & Crumb"),
    "DATABASE_URL": os.environ.get("OVENBOARD_DATABASE_URL", "sqlite:///ovenboard.db"),
    "CURRENCY": os.environ.get("OVENBOARD_CURRENCY", "GBP"),
    "MAX_PIECES": int(os.environ.get("OVENBOARD_MAX_PIECES", "40")),
    "DELIVERY": {"fee_cents": 350, "free_from_cents": 3000, "towns": ["Aldmouth", "Crickby"]},
}

settings: dict[str, Any] = {}


def configure(app: Flask, overrides: Mapping[str, Any]) -> None:
    """Fill the app's config."""
    app.config.from_mapping(DEFAULTS)
    for key, value in overrides.items():
        if key == "DELIVERY":
            app.config["DELIVERY"].update(value)
        else:
            app.config[key] = value
    settings.update(app.config)
