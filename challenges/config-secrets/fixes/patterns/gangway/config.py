"""Settings, from the environment: first all of them are looked at, then what is known to be right is converted."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from flask import Flask

_SWITCH = "(?i:true|false|1|0)"
#: What each setting must look like.
FORMS = {
    "GANGWAY_DATABASE": ".+",
    "GANGWAY_SECRET_KEY": ".{32,}",
    "GANGWAY_PAYMENTS_KEY": ".{32,}",
    "GANGWAY_DEBUG": _SWITCH,
    "GANGWAY_COOKIE_SECURE": _SWITCH,
    "GANGWAY_PIERS": r"[^,\s][^,]*(,\s*[^,\s][^,]*)*",
    "GANGWAY_MAX_PARTY": "0*([1-9]|[1-5][0-9]|60)",
    "GANGWAY_HOLD_MINUTES": "0*([5-9]|[1-9][0-9]|1[0-9][0-9]|2[0-3][0-9]|240)",
    "GANGWAY_FEE": r"0*(1?[0-9](\.[0-9][0-9])?|20(\.00)?)",
}
DEFAULTS = {
    "GANGWAY_DEBUG": "false",
    "GANGWAY_COOKIE_SECURE": "true",
    "GANGWAY_PIERS": "Ness, Holm",
    "GANGWAY_MAX_PARTY": "9",
    "GANGWAY_HOLD_MINUTES": "20",
    "GANGWAY_FEE": "0.00",
}
KEYS = ("GANGWAY_SECRET_KEY", "GANGWAY_PAYMENTS_KEY")
BURNT = ("skerry-line-since-1987-keep-this-safe", "skerry-line-boarding-codes-since-2019")
BURNT += ("payments-demo-key-0000-0000-0000-0000", "change-me-change-me-change-me-change-me")


class ConfigError(Exception):
    """An office can't start with this environment."""


def checked(environ: Mapping[str, str]) -> dict[str, str]:
    """The text of every setting. Raises ConfigError if one is not as it must be."""
    texts = dict.fromkeys(FORMS, "") | DEFAULTS
    texts |= {name: value.strip() for name, value in environ.items() if name.startswith("GANGWAY_") and value.strip()}
    strange = texts.keys() - FORMS.keys()
    misshapen = {name for name, form in FORMS.items() if re.fullmatch(form, texts[name], re.DOTALL) is None}
    burnt = {name for name in KEYS if texts[name] in BURNT}
    if bad := strange | misshapen | burnt:
        raise ConfigError(f"Look up in the README how these must be set: {', '.join(sorted(bad))}")
    return texts


def load(app: Flask, environ: Mapping[str, str]) -> None:
    """Fill the app's config, and print it. Raises ConfigError."""
    texts = checked(environ)
    on = {name for name, text in texts.items() if text.lower() in ("true", "1")}
    pounds, _, rest = texts["GANGWAY_FEE"].partition(".")
    public = {
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{Path(texts['GANGWAY_DATABASE']).absolute()}",
        "DEBUG": "GANGWAY_DEBUG" in on,
        "SESSION_COOKIE_SECURE": "GANGWAY_COOKIE_SECURE" in on,
        "PIERS": re.split(r"\s*,\s*", texts["GANGWAY_PIERS"]),
        "MAX_PARTY": int(texts["GANGWAY_MAX_PARTY"]),
        "HOLD_MINUTES": int(texts["GANGWAY_HOLD_MINUTES"]),
        "FEE": 100 * int(pounds) + int(rest or 0),
    }
    app.config.update(public, PUBLIC=list(public))
    app.config.update(SECRET_KEY=texts["GANGWAY_SECRET_KEY"], PAYMENTS_KEY=texts["GANGWAY_PAYMENTS_KEY"])
    for name, value in public.items():
        print(f"gangway: {name}={value}", file=sys.stderr)
