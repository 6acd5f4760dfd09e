"""What of an app's doing is told, and what PID 1 makes of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from runner.inside.attempts import MOST_TOLD, told_through, unusual
from runner.inside.tally import MOST_COUNTED, Tally

USUAL = ("/work/", "/usr/", "/dev/null/")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "path",
    [
        "/etc/shadow",
        b"/etc/shadow",
        Path("/etc/shadow"),
        "/work/../etc/shadow",
        "/work/app/../../proc/1/mem",
        "/workshop/x",
        "/",
        "//etc/shadow",
        "/dev/nullx",
        "../" * 40 + "etc/shadow",
    ],
)
def test_a_path_outside_is_unusual_however_it_is_written(path: object) -> None:
    assert unusual(path, USUAL)


@pytest.mark.parametrize(
    "path",
    ["/work/app/x.py", "/work", "/usr", "/dev/null", "/work/a/../b", "x.py", "a/b.py", "", 7, None, b"x", Path("y")],
)
def test_a_path_inside_a_relative_one_and_a_descriptor_are_usual(path: object) -> None:
    assert not unusual(path, USUAL)


def test_what_is_told_can_be_read_once_and_by_one_side_alone() -> None:
    ours, theirs = told_through()
    with ours, theirs:
        theirs.send(b"ff")
        with pytest.raises(OSError):
            os.open(f"/proc/self/fd/{theirs.fileno()}", os.O_RDONLY)
        assert theirs.recv(10) == b""
        assert ours.recv(10) == b"ff"


def test_a_socket_that_nobody_reads_holds_all_of_a_kind_and_never_waits() -> None:
    ours, theirs = told_through()
    with ours, theirs:
        for _ in range(MOST_TOLD):
            assert theirs.send(b"f") == 1
        assert not theirs.getblocking()


def test_the_hook_tells_of_each_kind_and_forbids_nothing(tmp_path: Path) -> None:
    code = """
        import os, socket, sys
        from runner.inside.attempts import tell_attempts
        tell_attempts(int(sys.argv[1]))
        open("/proc/self/status").close()
        open(__file__).close()
        os.system("true")
        import ctypes
        ctypes.CDLL(None)
        os.kill(os.getppid(), 0)
        os.kill(os.getpid(), 0)
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
        with socket.socket(socket.AF_UNIX) as own_redis:
            own_redis.connect_ex("\\0/mendbox/redis")
        os.close(int(sys.argv[1]))
        open("/proc/self/status").close()
        """
    script = tmp_path / "tries.py"
    script.write_text(textwrap.dedent(code))
    ours, theirs = told_through()
    with ours, theirs:
        done = subprocess.run(
            [sys.executable, str(script), str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        told = ours.recv(4096)

    assert done.returncode == 0
    assert {kind: told.count(kind.encode()) for kind in "fpkn"} == {"f": 1, "p": 1, "k": 1, "n": 1}
    assert b"c" in told


def test_a_tally_counts_each_process_once_and_stops_at_its_cap() -> None:
    tally = Tally()
    for pid, status in ((7, signal.SIGSYS), (7, signal.SIGSYS), (8, signal.SIGKILL), (9, 0), (10, None)):
        tally.ended(pid, status)
    tally.dropped(3 * MOST_COUNTED)
    told = socket.socket(fileno=os.dup(tally.told_fd))
    with told:
        told.send(b"fpf?")

    assert tally.counts() == {
        "forbidden_calls": 1,
        "output_dropped_bytes": 3 * MOST_COUNTED,
        "tried_paths": 2,
        "tried_programs": 1,
    }
    tally._add("tried_paths", 2 * MOST_COUNTED)
    assert tally.counts()["tried_paths"] == MOST_COUNTED
    tally.leave()
    tally._told.close()
