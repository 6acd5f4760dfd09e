"""What all processes know of carts, codes and the notice: one file, which one of them at a time may look at."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import current_app


@contextmanager
def unlocked() -> Iterator[dict[str, Any]]:
    """The state of the hall, for as long as the block lasts; what it changes is kept, unless it raises.

    Its keys: `carts` by number, `codes` by the order's number as text, `notice`.
    """
    folder = Path(current_app.config["DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "hall.json"
    with (folder / "hall.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # given back when the file is closed
        state = json.loads(file.read_text()) if file.exists() else {"carts": {}, "codes": {}, "notice": None}
        before = json.dumps(state)
        yield state
        if json.dumps(state) != before:
            written = folder / "hall.json.new"
            written.write_text(json.dumps(state))
            os.replace(written, file)
