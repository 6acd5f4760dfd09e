"""Settings: what create_app is given, else the environment, else the defaults."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping
from typing import Any

from flask import Flask

DEFAULTS: dict[str, Any] = {
    "BRANCH": "Field & Crumb",
    "DATABASE_URL": "sqlite:///ovenboard.db",
    "CURRENCY": "GBP",
    "MAX_PIECES": 40,
    "DELIVERY": {"fee_cents": 350, "free_from_cents": 3000, "towns": ["Aldmouth", "Crickby"]},
}
FROM_ENVIRONMENT = {"BRANCH": str, "DATABASE_URL": str, "CURRENCY": str, "MAX_PIECES": int}


def configure(app: Flask, overrides: Mapping[str, Any]) -> None:
    """Fill the app's config, with copies: no two apps share a value that can change."""
    app.config.from_mapping(copy.deepcopy(DEFAULTS))
    for key, convert in FROM_ENVIRONMENT.items():
        if f"OVENBOARD_{key}" in os.environ:
            app.config[key] = convert(os.environ[f"OVENBOARD_{key}"])
    for key, value in copy.deepcopy(dict(overrides)).items():
        if key == "DELIVERY":
            app.config["DELIVERY"].update(value)
        else:
            app.config[key] = value
