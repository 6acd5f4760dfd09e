"""Visible tests in a real container: how they end, what they print and when, and what is not there to be read."""

from __future__ import annotations

import textwrap
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from runner.errors import SandboxUnavailable
from runner.limits import Limits
from runner.packages.loader import load_package
from runner.sandbox.engine import Engine
from runner.sandbox.pool import DockerSandbox
from runner.visible_run import VisibleEnd, VisibleReport, VisibleWork
from tests.mendbox.cli import CHALLENGES
from tests.support.runtimes import Differs

APP = b"def double(number):\n    return 2 * number\n"
INI = b"[pytest]\ntestpaths = tests\npythonpath = .\nfilterwarnings = error\n"


@dataclass
class Watched:
    """A run and what it printed."""

    report: VisibleReport
    text: str
    pieces: list[tuple[bytes, int]] = field(default_factory=list)


@dataclass(frozen=True)
class RunVisible:
    """Runs tests that are given as text, beside a small module."""

    sandbox: DockerSandbox
    limits: Limits

    def __call__(
        self,
        tests: str,
        *,
        files: Mapping[str, bytes] | None = None,
        wall_s: float = 40.0,
        most: int = 64 * 1024,
        seen: Callable[[str], None] = lambda text: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Watched:
        tree = {"double.py": APP, "pytest.ini": INI, "tests/test_it.py": textwrap.dedent(tests).encode()}
        pieces: list[tuple[bytes, int]] = []

        def told(data: bytes, left_out: int) -> None:
            pieces.append((data, left_out))
            seen(b"".join(data for data, _ in pieces).decode("utf-8", "replace"))

        work = VisibleWork(tree | dict(files or {}), self.limits, wall_s, most)
        report = self.sandbox.run_visible(work, told, stopped)
        return Watched(report, b"".join(data for data, _ in pieces).decode("utf-8", "replace"), pieces)


@pytest.fixture
def visible(sandbox: DockerSandbox) -> RunVisible:
    return RunVisible(sandbox, Limits())


def test_tests_that_pass_and_tests_that_fail(visible: RunVisible) -> None:
    right = "from double import double\n\ndef test_it():\n    assert double(2) == 4\n"
    run = visible(right)
    assert run.report == VisibleReport(VisibleEnd.PASSED)
    assert "tests/test_it.py::test_it PASSED" in run.text
    assert "1 passed" in run.text.splitlines()[-1]
    run = visible(right.replace("4", "5"))
    assert run.report.end is VisibleEnd.FAILED
    assert "assert 4 == 5" in run.text
    assert "\x1b" not in run.text


@pytest.mark.parametrize(
    ("tests", "end", "says"),
    [
        ("", VisibleEnd.NO_TESTS, "no tests ran"),
        ("def test_it(:\n", VisibleEnd.ERROR, "SyntaxError"),
        ("import os\n\ndef test_it():\n    os._exit(0)\n", VisibleEnd.CRASHED, "tests/test_it.py::test_it"),
        ("import os\n\ndef test_it():\n    os.kill(os.getpid(), 9)\n", VisibleEnd.CRASHED, "tests/test_it.py::test_it"),
    ],
    ids=["none", "no Python", "exit 0", "killed"],
)
def test_how_else_they_end(visible: RunVisible, tests: str, end: VisibleEnd, says: str) -> None:
    run = visible(tests)
    assert run.report.end is end
    assert says in run.text


def test_each_line_is_seen_before_the_next_test_is_done(visible: RunVisible) -> None:
    """The second test never ends by itself: what is told of the first is what has it stopped."""
    first = threading.Event()
    tests = """
    import time

    def test_first():
        pass

    def test_second():
        time.sleep(300)
    """

    def seen(text: str) -> None:
        if "test_first PASSED" in text and "::test_second" in text:
            first.set()

    run = visible(tests, seen=seen, stopped=first.is_set)
    assert first.is_set()
    assert run.report == VisibleReport(VisibleEnd.STOPPED)


def test_what_never_ends_is_ended_with_what_it_printed(visible: RunVisible) -> None:
    tests = """
    import subprocess, sys

    def test_it():
        # Neither it nor its child, which ignores what can be ignored, outlives the run.
        code = "import signal, time; signal.signal(15, signal.SIG_IGN); print('child', flush=True); time.sleep(300)"
        with open("/dev/fd/1", "w") as out:
            subprocess.run([sys.executable, "-c", code], start_new_session=True)
    """
    run = visible(tests, wall_s=4.0)
    assert run.report == VisibleReport(VisibleEnd.TIMED_OUT, "They did not end within 4 s.")
    assert "collected 1 item" in run.text


def test_a_flood_is_cut_and_its_end_is_there(visible: RunVisible) -> None:
    tests = """
    import os

    def test_it(capfd):
        with capfd.disabled():
            for _ in range(400):
                os.write(1, b"flood " * 1000)
    """
    run = visible(tests, most=32 * 1024)
    assert run.report.end is VisibleEnd.PASSED
    assert run.report.left_out > 2_000_000
    assert len(run.text) <= 32 * 1024
    assert [left_out for _, left_out in run.pieces if left_out] == [run.report.left_out]
    assert run.text.startswith("=")
    assert "1 passed" in run.text.splitlines()[-1]


def test_a_flood_without_end_ends_with_its_time(visible: RunVisible) -> None:
    tests = """
    import os

    def test_it(capfd):
        with capfd.disabled():
            while True:
                os.write(1, b"flood " * 1000)
    """
    run = visible(tests, wall_s=4.0, most=32 * 1024)
    assert run.report.end is VisibleEnd.TIMED_OUT
    assert len(run.text) <= 32 * 1024


def test_too_much_memory_ends_it_and_is_told(visible: RunVisible) -> None:
    run = visible("def test_it():\n    held = [bytearray(1 << 20) for _ in range(2000)]\n    assert held\n")
    assert run.report.end is VisibleEnd.OUT_OF_MEMORY
    assert "256 MB" in run.report.detail


def test_a_fork_bomb_is_contained_and_the_next_run_succeeds(visible: RunVisible) -> None:
    tests = """
    import os, time

    def test_it():
        while True:
            try:
                os.fork()
            except OSError:
                time.sleep(0.01)
    """
    run = visible(tests, wall_s=4.0)
    assert run.report.end in (VisibleEnd.TIMED_OUT, VisibleEnd.OUT_OF_MEMORY)
    assert visible("def test_it():\n    pass\n").report.end is VisibleEnd.PASSED


def test_nothing_of_the_package_is_there_but_what_the_candidate_has(visible: RunVisible, differs: Differs) -> None:
    """Words of suite, harness and a fix are looked for in every file that can be read; PID 1 shows nothing."""
    package = load_package(CHALLENGES / "user-500")
    (suite, *_) = [data for path, data in package.hidden.items() if path.startswith("test_")]
    fix = next(iter(package.fixes.values()))
    known = b"".join(package.starter.values()).decode()
    # Cut in two, or the test itself would hold what it looks for.
    words = [("PLA", "NTED")]
    for data in (suite, package.harness, *fix.values()):
        line = max((each.strip() for each in data.decode().splitlines() if each.strip() not in known), key=len)
        words.append((line[:9], line[9:]))
    tests = f"""
    import os

    WORDS = {words!r}

    def test_it():
        words = ["".join(halves).encode() for halves in WORDS]
        found, looked = [], 0
        for top in ("/work", "/tmp", "/opt", "/home", "/root", "/var", "/etc", "/srv", "/run"):
            for folder, _, names in os.walk(top):
                for name in names:
                    path = os.path.join(folder, name)
                    try:
                        with open(path, "rb") as file:
                            data = file.read(1 << 20)
                    except OSError:
                        continue
                    looked += 1
                    found += [(path, word) for word in words if word in data]
        assert looked > 100
        assert found == [("/work/app/planted.txt", words[0])]
        assert sorted(os.listdir("/work")) == ["app"]
        read = []
        for path in ("/proc/1/mem", "/proc/1/environ", "/proc/1/fd"):
            try:
                os.listdir(path) if path.endswith("fd") else open(path, "rb").close()
            except OSError:
                continue
            read.append(path)
        assert read == {["/proc/1/environ", "/proc/1/fd"] if differs("kin") else []!r}
    """
    run = visible(tests, files=dict(package.starter) | {"planted.txt": b"PLANTED"})
    assert "test_it.py::test_it PASSED" in run.text, run.text


def test_it_has_every_wall_of_an_app(visible: RunVisible, differs: Differs) -> None:
    tests = f"""
    import ctypes
    import os
    import socket

    import pytest

    def test_it():
        assert os.getuid() == 65532
        with open("/proc/self/status") as file:
            status = dict(line.split(":\\t", 1) for line in file.read().splitlines())
        no_new_privileges = ctypes.CDLL(None).prctl(39, 0, 0, 0, 0)
        assert (int(status["CapBnd"], 16), no_new_privileges) == (0, 1)
        assert status["Seccomp"].strip() == {"0" if differs("calls") else "2"!r}
        with pytest.raises(OSError):
            with socket.socket(socket.AF_INET) as own:
                own.connect(("1.1.1.1", 80))
        with pytest.raises(OSError):
            open("/opt/mendbox/lib/x", "w")
        with open("/proc/net/route") as file:
            assert len(file.read().splitlines()) <= 1
    """
    run = visible(tests)
    assert run.report.end is VisibleEnd.PASSED, run.text


def test_packages_of_ours_are_not_in_the_way_of_a_candidates(visible: RunVisible) -> None:
    files = {"runner/__init__.py": b"OWN = True\n"}
    assert (
        visible("import runner\n\ndef test_it():\n    assert runner.OWN\n", files=files).report.end is VisibleEnd.PASSED
    )


def test_no_container_is_left(visible: RunVisible, engine: Engine) -> None:
    def mine() -> set[str]:
        return {str(each["Id"]) for each in engine.pairs() if str(each["Command"]).endswith(" visible")}

    before = mine()

    def seen(text: str) -> None:
        raise SandboxUnavailable("whoever is told fails")

    with pytest.raises(SandboxUnavailable, match="whoever is told"):
        visible("def test_it():\n    pass\n", seen=seen)
    assert mine() - before == set()


def test_the_librarys_run(sandbox: DockerSandbox) -> None:
    """One is configured in pyproject.toml; one is graded with a PostgreSQL, and needs none here."""
    for slug in ("rate-limiter", "n-plus-one"):
        package = load_package(CHALLENGES / slug)
        work = VisibleWork(package.starter, package.manifest.limits)
        assert sandbox.run_visible(work, lambda data, left_out: None, lambda: False).end is VisibleEnd.PASSED
