"""What all processes know of carts, codes and the notice: one file that is replaced as a whole."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app

EMPTY: dict[str, Any] = {"carts": {}, "codes": {}, "notice": None}


def _load(file: Path) -> dict[str, Any]:
    try:
        with file.open(encoding="utf-8") as stored:
            return {**EMPTY, **json.load(stored)}
    except FileNotFoundError:
        return json.loads(json.dumps(EMPTY))


@contextmanager
def unlocked() -> Iterator[dict[str, Any]]:
    """The state of the hall; what the block changes in it is kept, unless it raises. Nobody reads half of a file."""
    folder = Path(current_app.config["DATA_DIR"])
    state = _load(folder / "hall.json")
    yield state
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{uuid.uuid4().hex}.json"
    with temporary.open("w", encoding="utf-8") as written:
        json.dump(state, written)
    os.replace(temporary, folder / "hall.json")
