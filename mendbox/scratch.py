"""A folder for what one run starts and ends: database, queue, logs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runner.errors import PlatformFault


@contextmanager
def scratch_home(purpose: str) -> Iterator[Path]:
    """A new folder, named `mendbox-<purpose>-…`. It stays after a fault of the platform: the reason is in its logs."""
    home = Path(tempfile.mkdtemp(prefix=f"mendbox-{purpose}-"))
    try:
        yield home
    except PlatformFault:
        raise
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    shutil.rmtree(home, ignore_errors=True)
