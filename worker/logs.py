"""Logging of worker processes: lines on standard error, each with the process' name."""

from __future__ import annotations

import logging
import sys


def configure(level: str, who: str) -> None:
    """Set up once per process, at its entry point. RQ and the clients speak only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(f"%(asctime)s %(levelname)s {who}: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in ("rq", "rq.worker", "rq.job", "docker", "urllib3", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
