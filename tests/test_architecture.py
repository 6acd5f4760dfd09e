"""The layers are checks: each import contract of pyproject.toml, and what contracts can't say."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from store import queue

ROOT = Path(__file__).parent.parent
OURS = ("mendbox", "api", "worker", "store", "runner")
SOURCES = [path for package in OURS for path in sorted((ROOT / package).rglob("*.py")) if "template" not in path.parts]


def test_every_import_contract_holds() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run([str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "7 kept, 0 broken" in done.stdout


def test_docker_is_imported_by_the_sandbox_and_the_start_of_a_slot_alone() -> None:
    importers = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "docker" for alias in node.names)
    }
    assert {name for name in importers if not name.startswith("runner/sandbox/")} <= {"worker/sandboxes.py"}


@pytest.mark.parametrize("job", [queue.JOB, queue.VISIBLE_JOB])
def test_the_job_that_the_api_names_is_there(job: str) -> None:
    module, _, function = job.rpartition(".")
    assert callable(getattr(importlib.import_module(module), function))


def test_the_apps_side_imports_no_pytest() -> None:
    # time-machine would: see runner/inside/clocks.py.
    code = "import sys, runner.inside.app_main, runner.inside.warmup; print([m for m in sys.modules if 'pytest' in m])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_reads_the_environment_but_entry_points(path: Path) -> None:
    entry_points = {"mendbox/app.py", "api/wsgi.py", "worker/process.py", "worker/supervisor.py", "worker/webhooks.py"}
    settings = {"store/settings.py", "runner/sandbox/base_image.py", "runner/sandbox/image.py"}
    # Whole environments are handed on to child processes here, and nothing is looked up.
    hands_on = {
        "mendbox/bench/peers.py",
        "mendbox/children.py",
        "mendbox/doctor_command.py",
        "mendbox/embedded_redis.py",
        "mendbox/processes.py",
        "mendbox/service_commands.py",
        "mendbox/services.py",
        "mendbox/up_command.py",
        "runner/sandbox/packages.py",
    }
    # What runs in a container has its environment set by whoever starts it.
    inside = {
        "runner/inside/grader_host.py",
        "runner/inside/inprocess.py",
        "runner/inside/surroundings.py",
        "runner/inside/visible_host.py",
    }
    name = str(path.relative_to(ROOT))
    reads = "os.environ" in path.read_text() or "os.getenv" in path.read_text()
    assert not reads or name in entry_points | settings | hands_on | inside


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_holds_one_thing(path: Path) -> None:
    lines = len(path.read_text().splitlines())
    assert lines <= 400, f"{lines} lines: it holds two things"
