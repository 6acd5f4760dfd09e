"""Each fact of an integrity report is shown by one app that gives cause for it, and no other fact with it."""

from __future__ import annotations

import dataclasses
import textwrap

import pytest

from runner.grading.report import Outcome, RunReport
from runner.inside.attempts import MOST_TOLD
from runner.integrity.facts import integrity_of
from tests.support.runtimes import Differs
from tests.support.sandboxes import Run, in_order, sample_tree, statuses

#: A route `/try` for each kind, and the fact that it gives cause for.
HOSTILE = {
    "forbidden_calls": "os.kill(os.getpid(), signal.SIGSYS)",
    "forks_refused": """
        for _ in range(3000):
            try:
                if os.fork() == 0:
                    os._exit(0)
            except OSError:
                break
        while True:
            try:
                os.waitpid(-1, 0)
            except ChildProcessError:
                break
        """,
    "kills_for_memory": "kept = [b'x' * (8_000_000 + n) for n in range(999)]",
    "answers_rubbish": "start_response('pardon', []); return [b'']",
    "answers_too_large": "start_response('200 OK', []); return [b'x' * 5_000_000]",
    "processes_left_over": """
        if os.fork() == 0:
            time.sleep(600)
        """,
    "output_dropped_bytes": "print('x' * 100_000)",
    "tried_network": """
        try:
            socket.create_connection(('192.0.2.1', 80), timeout=1)
        except OSError:
            pass
        """,
    "tried_programs": """
        try:
            subprocess.run(['/bin/true'])
        except OSError:
            pass
        """,
    "tried_native_code": "ctypes.CDLL(None)",
    "tried_paths": """
        try:
            open('/etc/shadow')
        except OSError:
            pass
        """,
    "tried_signals": """
        try:
            os.kill(1, 0)
        except OSError:
            pass
        """,
}
SUITE = """
def test_try(client): client.get("/try")
def test_after(client): assert client.get("/users/1").status_code == 200
"""


def hostile(body: str) -> dict[str, bytes]:
    """The sample app, with `/try` before all its routes."""
    lines = "\n".join(f"    {line}" for line in _dedented(body))
    wrapped = f"""
import ctypes, signal, socket, subprocess
def _try(start_response):
{lines}
    start_response('200 OK', [])
    return [b'']
_served = Flask.__call__
def _serve(self, environ, start_response):
    return (_try(start_response) if environ['PATH_INFO'] == '/try' else _served(self, environ, start_response))
Flask.__call__ = _serve
"""
    return {"shop/__init__.py": sample_tree()["shop/__init__.py"] + wrapped.encode()}


def _dedented(body: str) -> list[str]:
    return textwrap.dedent(body).strip().splitlines()


def shown(report: RunReport) -> set[str]:
    return {fact.kind for fact in integrity_of(report.facts).facts}


GIVEN_UP = {"container_given_up", "kills_for_memory"}
#: What is seen where something differs, and what may be or not.
ELSEWHERE = {
    "forbidden_calls": ("ends", set(), set()),
    "forks_refused": ("processes", set(), {*GIVEN_UP, "processes_left_over"}),
    "kills_for_memory": ("memory", GIVEN_UP, set()),
}


@pytest.mark.parametrize("fact", sorted(HOSTILE))
def test_each_fact_is_shown_by_an_app_that_gives_cause_for_it(run: Run, fact: str, differs: Differs) -> None:
    ordered = in_order(run, "test_try", "test_after")
    report = ordered(SUITE, tree=hostile(HOSTILE[fact]))

    seen, by_chance = {fact}, set()
    if fact in ELSEWHERE and differs(ELSEWHERE[fact][0]):
        _, seen, by_chance = ELSEWHERE[fact]
    assert shown(report) - by_chance == seen
    assert statuses(report)["test_after"] == ("error" if "container_given_up" in shown(report) else "passed")


def test_the_sample_app_shows_nothing(run: Run) -> None:
    report = run("""
        def test_reads(client): assert client.get("/users/1").status_code == 200
        def test_writes(client): assert client.post("/notes", data="x").status_code == 204
        def test_prints(client): assert client.get("/say/hello").status_code == 200
        def test_raises(client): assert client.get("/raise").status_code == 500
        """)

    assert set(statuses(report).values()) == {"passed"}
    assert shown(report) == set()


def test_what_was_tried_while_the_app_started_counts_even_if_it_never_did(run: Run) -> None:
    source = b"try:\n    open('/proc/1/environ')\nexcept OSError:\n    pass\nimport os; os._exit(5)\n"
    report = run(SUITE, tree={"shop/__init__.py": source})

    assert report.outcome is Outcome.CRASHED
    assert shown(report) == {"tried_paths"}


def test_a_start_that_ends_by_sigsys_is_told(run: Run) -> None:
    report = run(SUITE, tree={"shop/__init__.py": b"import os; os.kill(os.getpid(), 31)\n"})

    assert "made a system call that the sandbox does not allow" in (report.outcome_message or "")
    assert shown(report) == {"forbidden_calls"}


def test_a_call_that_begins_an_escape_is_told(run: Run, differs: Differs) -> None:
    report = run(SUITE, tree=hostile("ctypes.CDLL(None).unshare(0x10000000)"))

    assert shown(report) == {"tried_native_code", *([] if differs("calls") else ["forbidden_calls"])}
    assert report.facts["forbidden_calls"] == (0 if differs("calls") else 1)


def test_a_child_that_ends_by_sigsys_is_told_too(run: Run, differs: Differs) -> None:
    body = "if os.fork() == 0:\n    os.kill(os.getpid(), signal.SIGSYS)\ntime.sleep(0.2)"
    report = run(SUITE, tree=hostile(body))

    if differs("ends"):
        assert shown(report) <= {"forbidden_calls"}
    else:
        assert shown(report) == {"forbidden_calls"}
        assert report.facts["forbidden_calls"] == 1


def test_what_was_told_can_not_be_unsaid(run: Run) -> None:
    """Closing every descriptor, and reading whatever can be read of them, silences what comes after and no more."""
    body = """
        try:
            open('/etc/shadow')
        except OSError:
            pass
        for fd in range(3, 64):
            for how in (os.O_RDONLY, os.O_RDWR):
                try:
                    again = os.open(f'/proc/self/fd/{fd}', how | os.O_NONBLOCK)
                    os.read(again, 65536)
                except OSError:
                    pass
            try:
                socket.socket(fileno=os.dup(fd)).recv(65536, socket.MSG_DONTWAIT)
            except OSError:
                pass
        """
    report = run(SUITE, tree=hostile(body))

    assert report.facts["tried_paths"] >= 100


def test_paths_in_disguise_are_seen(run: Run) -> None:
    body = """
        import pathlib
        os.chdir('/work/app')
        for path in ('/work/../etc/shadow', '../../etc/shadow', b'/etc/shadow', pathlib.Path('/etc/shadow')):
            try:
                open(path)
            except OSError:
                pass
        os.symlink('/etc', '/tmp/link')
        """
    report = run(SUITE, tree=hostile(body))

    assert report.facts["tried_paths"] == 5


def test_a_flood_of_attempts_is_capped_and_the_grading_goes_on(run: Run) -> None:
    body = "for _ in range(5000):\n    try:\n        open('/etc/shadow')\n    except OSError:\n        pass"
    report = run(SUITE, tree=hostile(body))

    assert set(statuses(report).values()) == {"passed"}
    assert report.facts["tried_paths"] == MOST_TOLD


def test_a_container_that_stops_answering_is_given_up(impatient: Run) -> None:
    """PID 1 can't be stopped from inside; the process that the next test's app is forked from can."""
    short = dataclasses.replace(impatient, limits=impatient.limits.model_copy(update={"app_start_s": 1.0}))
    body = "os.kill(os.getppid(), signal.SIGSTOP)"
    ordered = in_order(short, "test_try", "test_after", "test_next")
    report = ordered(f"{SUITE}\ndef test_next(client): pass\n", tree=hostile(body))

    assert "container_given_up" in shown(report)
