"""A running `mendbox up`, and the command line of the admin who started it."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.mendbox.cli import PATIENCE_S, Cli


@dataclass
class Up:
    """What runs and what it said; `more`: processes that end with it."""

    process: subprocess.Popen[str]
    said: str
    admin: Cli
    more: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it is."""
        return self.admin.environ["MENDBOX_URL"]


def value(said: str, label: str) -> str:
    """What stands behind a label in what a command said."""
    match = re.search(rf"{label} +(\S+)", said)
    assert match is not None, said
    return match[1]


@contextmanager
def running(mendbox: Cli, **environ: str) -> Iterator[Up]:
    """Starts it, and stops it in the end."""
    process = mendbox.start("up", "--port", "0", "--slots", "1", **environ)
    assert process.stdout is not None
    lines: list[str] = []
    while not lines or not lines[-1].startswith("Ctrl-C"):
        line = process.stdout.readline()
        assert line, f"it ended: {process.communicate()}"
        lines.append(line)
    said = "".join(lines)
    own = {"MENDBOX_URL": value(said, "is up at"), "MENDBOX_TOKEN": value(said, "admin token")}
    up = Up(process, said, Cli(mendbox.folder, {**mendbox.environ, **environ, **own}))
    try:
        yield up
    finally:
        for each in (process, *up.more):
            if each.poll() is None:
                each.send_signal(signal.SIGTERM)
            each.communicate(timeout=PATIENCE_S)
