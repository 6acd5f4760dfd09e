"""PID 1 of the grader container: waits for a hidden suite, runs it with pytest in this very process, reports.

    host → grader   suite {files: [[path, size], …], seed, test_s, …} + contents  once
                    answer {id, ok, …} + body                                     one for each op
    grader → host   ready {python, versions}
                    op {id, op, …} + body                                         see app_host
                    collected, test_start, test_end                               see grader_plugin
                    done {exit}
                    broken {message}                                              the suite itself can't run

The suite's author is trusted, the app's bytes are not: they reach this process only as answers, parsed and capped.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from runner.inside import fixtures, testing
from runner.inside.files import write_files
from runner.inside.frames import Frame
from runner.inside.grader_backend import Wire
from runner.inside.grader_plugin import GraderPlugin
from runner.inside.pytest_modules import MODULES

_HIDDEN = Path("/work/hidden")
_OPTIONS = (
    "-q",
    "--capture=sys",
    "--strict-markers",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:doctest",
    "-p",
    "no:junitxml",
    "-p",
    "no:pastebin",
    "-p",
    "no:faulthandler",
    "-p",
    "no:stepwise",
    "-p",
    "no:setuponly",
    "-p",
    "no:setupplan",
    "-c",
    os.devnull,
    "--rootdir",
    str(_HIDDEN),
)


def run_suite(wire: Wire, frame: Frame) -> None:
    """Write the suite's files, run it, report its end."""
    if frame.fields["surroundings"] != {"at": None, "zone": ""}:
        # Here, since moving clocks takes an import that few runs need.
        from runner.inside.clocks import Clocks
        from runner.inside.surroundings import take_up

        take_up(frame.fields["surroundings"], Clocks())
    write_files(_HIDDEN, frame.fields["files"], frame.body)
    os.chdir(_HIDDEN)
    # As `python -m pytest` has it: what lies beside the tests can be imported.
    sys.path.insert(0, str(_HIDDEN))
    wire.start_reading()
    plugin = GraderPlugin(wire, seed=frame.fields["seed"], test_s=frame.fields["test_s"])
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        brief = ["--exitfirst"] if frame.fields["first_failure_ends"] else []
        code = pytest.main([*_OPTIONS, *brief, str(_HIDDEN)], plugins=[plugin, fixtures])
    if code in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        wire.send(Frame("done", {"exit": int(code)}))
    else:
        said = printed.getvalue()[-4000:]
        wire.send(Frame("broken", {"message": f"pytest ended with {pytest.ExitCode(code).name}:\n{said}"}))


def run() -> NoReturn:
    """Import pytest, say ready, run one suite, end."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in MODULES:
        importlib.import_module(name)
    testing.install()
    read_fd, write_fd = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(null, 1)
    os.set_inheritable(write_fd, False)
    wire = Wire(read_fd, write_fd)
    gc.freeze()
    gc.enable()
    wire.send(Frame("ready", {"python": sys.version.split()[0], "versions": {"pytest": pytest.__version__}}))
    frame = wire.receive_one()
    if frame is not None and frame.type == "suite":
        run_suite(wire, frame)
        wire.wait_for_end()
    os._exit(0)
