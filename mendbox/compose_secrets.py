"""The secrets of an installation with Compose: made once, in the file `.env` that Compose reads."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from runner.sandbox.image import CHECKOUT

FILE = CHECKOUT / ".env"
#: What `docker-compose.yml` demands and gives no default.
NAMES = ("MENDBOX_POSTGRES_PASSWORD", "MENDBOX_PARTS_PASSWORD", "MENDBOX_QUEUE_PASSWORD", "MENDBOX_SECRET_KEY")


def ensure_compose_secrets(environ: Mapping[str, str], file: Path = FILE) -> list[str]:
    """Make those that neither the environment nor the file has; the names of those made.

    The file is for its owner alone if it is made here. What is in it stays as it is. Raises OSError.
    """
    text = file.read_text() if file.exists() else ""
    missing = [name for name in NAMES if not environ.get(name) and name not in _set_in(text)]
    if missing:
        # Letters and digits alone: one of them is part of a URL.
        lines = [f"{name}={secrets.token_hex(32)}\n" for name in missing]
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "w") as opened:
            opened.write(("\n" if text and not text.endswith("\n") else "") + "".join(lines))
    return missing


def _set_in(text: str) -> set[str]:
    pairs = [line.partition("=") for line in text.splitlines()]
    return {name.strip().removeprefix("export ").strip() for name, _, value in pairs if value.strip()}
