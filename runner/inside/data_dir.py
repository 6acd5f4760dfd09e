"""The app's data directory: kept as the harness left it, and put back for every test."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def keep_pristine(data: Path, pristine: Path) -> None:
    """Remember the directory as it is now, the first time and if there is anything in it."""
    if not pristine.exists() and any(data.iterdir()):
        shutil.copytree(data, pristine, symlinks=True)


def restore(data: Path, pristine: Path) -> None:
    """Empty the directory and put the pristine state back. Nothing follows a link."""
    for entry in os.scandir(data):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            os.unlink(entry.path)
    if pristine.exists():
        shutil.copytree(pristine, data, symlinks=True, dirs_exist_ok=True)
