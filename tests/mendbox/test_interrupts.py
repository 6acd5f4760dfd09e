"""Ctrl-C at any moment of a command ends it with 130, and without a traceback."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.mendbox.cli import PATIENCE_S, Cli

#: Sends SIGINT to itself when the named module is about to be imported, and is the console script otherwise.
SCRIPT = """
import os, signal, sys

class Interrupting:
    def find_spec(self, name, path=None, target=None):
        if name == wanted:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), signal.SIGINT)

wanted, sys.argv = sys.argv[1], ["mendbox", *sys.argv[2:]]
sys.meta_path.insert(0, Interrupting())
from mendbox.cli import main
sys.exit(main())
"""


def interrupted(mendbox: Cli, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, module, *arguments],
        cwd=mendbox.folder,
        env=dict(mendbox.environ),
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )


@pytest.mark.parametrize("module", ["json", "click", "mendbox.user_commands", "rich.table", "store.store"])
def test_ctrl_c_while_modules_are_imported_ends_the_command_quietly(mendbox: Cli, module: str) -> None:
    done = interrupted(mendbox, module, "user", "list")
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_ctrl_c_in_a_command_is_told_as_before(mendbox: Cli) -> None:
    # Alembic is imported by the command itself, to make the tables.
    done = interrupted(mendbox, "alembic", "user", "list")
    assert done.returncode == 130
    assert "interrupted" in done.stderr
    assert "Traceback" not in done.stderr
