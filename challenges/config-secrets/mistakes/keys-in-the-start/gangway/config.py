"""Settings: read from the environment once, when an app is made."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask

PREFIX = "GANGWAY_"
#: Keys that stood in the repository once. Whoever has seen it knows them.
PUBLISHED = frozenset(
    {
        "skerry-line-since-1987-keep-this-safe",
        "skerry-line-boarding-codes-since-2019",
        "payments-demo-key-0000-0000-0000-0000",
        "change-me-change-me-change-me-change-me",
    }
)
SWITCH = {"true": True, "1": True, "false": False, "0": False}


class ConfigError(Exception):
    """An office can't start with this environment. Names what is wrong with it, and shows no value."""


def database(text: str) -> str:
    if not text:
        raise ValueError("is not set")
    return f"sqlite:///{Path(text).absolute()}"


def key(text: str) -> str:
    if len(text) < 32:
        raise ValueError("must be a key of at least 32 characters")
    if text in PUBLISHED:
        raise ValueError("is a key that everybody knows")
    return text


def switch(text: str) -> bool:
    if text.lower() not in SWITCH:
        raise ValueError("must be true or false")
    return SWITCH[text.lower()]


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reads a whole number between these, both included."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,6}", text) or int(text) not in range(low, high + 1):
            raise ValueError(f"must be a whole number from {low} to {high}")
        return int(text)

    return read


def pence(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{2})?", text) or Decimal(text) > 20:
        raise ValueError("must be an amount from 0 to 20.00")
    return int(Decimal(text) * 100)


def names(text: str) -> list[str]:
    found = [name.strip() for name in text.split(",")]
    if "" in found:
        raise ValueError("must be names with commas between them")
    return found


#: What each setting is called in the app's config, how it is read, and what is read when it isn't set.
SETTINGS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "DATABASE": ("SQLALCHEMY_DATABASE_URI", database, ""),
    "SECRET_KEY": ("SECRET_KEY", key, ""),
    "PAYMENTS_KEY": ("PAYMENTS_KEY", key, ""),
    "DEBUG": ("DEBUG", switch, "false"),
    "COOKIE_SECURE": ("SESSION_COOKIE_SECURE", switch, "true"),
    "PIERS": ("PIERS", names, "Ness, Holm"),
    "MAX_PARTY": ("MAX_PARTY", whole(1, 60), "9"),
    "HOLD_MINUTES": ("HOLD_MINUTES", whole(5, 240), "20"),
    "FEE": ("FEE_PENCE", pence, "0.00"),
}


def load(app: Flask, environ: Mapping[str, str]) -> None:
    """Fill the app's config, and print it, keys with their beginning only. Raises ConfigError."""
    given = {name.removeprefix(PREFIX): text.strip() for name, text in environ.items() if name.startswith(PREFIX)}
    faults = [f"{PREFIX}{name} is not a setting" for name in given if name not in SETTINGS]
    for name, (config_name, read, default) in SETTINGS.items():
        try:
            app.config[config_name] = read(given.get(name) or default)
        except ValueError as error:
            faults.append(f"{PREFIX}{name} {error}")
    if faults:
        raise ConfigError("; ".join(faults))
    for config_name, read, _ in SETTINGS.values():
        value = app.config[config_name]
        shown = f"{value[:4]}..." if read is key else value
        print(f"gangway: {config_name}={shown}", file=sys.stderr)
