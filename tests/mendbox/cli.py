"""The console script as a person or a program runs it: a process of its own, on a pipe or on a terminal."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CHALLENGES = ROOT / "challenges"
#: Longer than any command takes on a busy machine: only one that hangs is ended.
PATIENCE_S = 600
_ERASE_LINE = "\x1b[2K"
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str = ""

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it must be."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Cli:
    """Runs `mendbox …` in `folder`, with a home and an environment of its own."""

    folder: Path
    environ: Mapping[str, str]

    def __call__(self, *arguments: object, **environ: str) -> Done:
        with self.start(*arguments, **environ) as process:
            try:
                out, err = process.communicate(timeout=PATIENCE_S)
            finally:
                # No effect on one that has ended.
                process.terminate()
        return Done(process.returncode, out, err)

    def start(self, *arguments: object, **environ: str) -> subprocess.Popen[str]:
        """The running command; standard output and standard error are pipes."""
        return subprocess.Popen(
            self._command(arguments),
            cwd=self.folder,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def on_terminal(self, columns: int, *arguments: object, typed: str = "") -> Done:
        """Both outputs as a terminal of that width gets them, without colours; `err` is empty. `typed`: beforehand."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        environ = {name: value for name, value in self.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
        process = subprocess.Popen(
            self._command(arguments),
            cwd=self.folder,
            env={**environ, "TERM": "xterm-256color"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        os.write(ours, typed.encode())
        said = b""
        # A terminal whose other side is closed answers with an error, not with an end of file.
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:
                break
            if not more:
                break
            said += more
        os.close(ours)
        return Done(process.wait(PATIENCE_S), "\n".join(_as_left(line) for line in said.decode().split("\r\n")))

    def _command(self, arguments: tuple[object, ...]) -> list[str]:
        program = shutil.which("mendbox", path=self.environ["PATH"])
        assert program is not None, "the console script is not installed: scripts/setup"
        return [program, *map(str, arguments)]


def _as_left(line: str) -> str:
    """What a line of a terminal shows in the end: a bar that moved was erased each time."""
    return _ESCAPES.sub("", line.rpartition(_ERASE_LINE)[2]).rpartition("\r")[2]


def cli_in(folder: Path, **environ: str) -> Cli:
    """A command line whose home is `folder`/home. No `MENDBOX_*` variable of the caller's reaches it."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MENDBOX_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', os.defpath)}"
    ours = {"PATH": path, "MENDBOX_HOME": str(folder / "home"), "MENDBOX_CHALLENGES": str(CHALLENGES)}
    return Cli(folder, {**kept, **ours, **environ})


def refused(done: Done, *words: str, code: int = 2) -> None:
    """The command ended with `code`, said why in all these words with a next step, and gave no answer."""
    assert "Traceback" not in done.err
    assert [word for word in words if word not in done.err] == [], done.err
    assert "error:" in done.err
    assert "\n  → " in done.err
    assert (done.code, done.out) == (code, "")
