"""All of Mendbox on one machine, with a stand-in for the API and a scripted sandbox."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mendbox.processes import Plan, Stack, environment_of
from mendbox.services import RunningService, Service, ServiceFailed
from store.queue import GradingQueue, connect
from store.settings import Settings
from store.store import Store
from tests.worker.conftest import ROOT, SCRIPTED, World, kill, wait_for
from tests.worker.sample import SLUG, write_sample

API = (
    "import http.server, sys\n"
    "class H(http.server.BaseHTTPRequestHandler):\n"
    "    def do_GET(self): self.send_response(200); self.end_headers()\n"
    "http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), H).serve_forever()\n"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plan_for(home: Path, said: list[str], slots: int = 1) -> Plan:
    write_sample(home / "challenges" / SLUG)
    environ = {name: value for name, value in os.environ.items() if not name.startswith("MENDBOX_")}
    port = free_port()
    return Plan(
        settings=Settings(home=home, challenges=home / "challenges", reconcile_s=0.5, lease_s=2.0),
        api_command=(sys.executable, "-c", API, str(port)),
        api_url=f"http://127.0.0.1:{port}",
        say=said.append,
        slots=slots,
        sandbox=SCRIPTED,
        environ={**environ, "PYTHONPATH": str(ROOT)},
    )


def world_of(stack: Stack, home: Path) -> World:
    client = connect(stack.settings.redis_url, blocking=True)
    return World(
        settings=stack.settings,
        store=Store.open(stack.settings.effective_database_url),
        queue=GradingQueue(client, stack.settings),
        progress=None,  # type: ignore[arg-type]  # these tests do not watch
        visible=None,  # type: ignore[arg-type]
        server=None,  # type: ignore[arg-type]  # nor do they restart it
        folder=home,
        environ={},
    )


def test_one_machine_grades_and_mends_itself_when_parts_are_killed(tmp_path: Path) -> None:
    said: list[str] = []
    with Stack(plan_for(tmp_path, said)) as stack:
        assert stack.wait_for_slots(1, 60.0)
        world = world_of(stack, tmp_path)
        try:
            world.finished(world.submit())
            for service in stack._services:
                kill(service.pid)
            assert stack._redis is not None
            kill(stack._redis.pid)
            time.sleep(0.2)
            stack.tend()
            world.finished(world.submit())
        finally:
            world.store.close()
    assert {line.split()[0] for line in said if "is started again" in line} == {"queue", "api", "worker"}
    assert "slot" in (tmp_path / "logs" / "worker.log").read_text()


def test_what_is_stored_while_everything_is_stopped_is_graded_after_the_next_start(tmp_path: Path) -> None:
    said: list[str] = []
    plan = plan_for(tmp_path, said)
    with Stack(plan) as stack:
        assert stack.wait_for_slots(1, 60.0)
        world = world_of(stack, tmp_path)
        pids = [service.pid for service in stack._services]
        stack.stop()
        grading = world.submit(enqueue=False)
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    with Stack(plan):
        world.finished(grading)
    world.store.close()


def test_a_service_that_does_not_start_stops_the_rest_and_shows_its_last_lines(tmp_path: Path) -> None:
    plan = plan_for(tmp_path, [])
    broken = (sys.executable, "-c", "raise SystemExit('no port for me')")
    stack = Stack(Plan(plan.settings, broken, plan.api_url, plan.say, environ=plan.environ))
    with pytest.raises(ServiceFailed, match=r"api ended with code 1 while it started\n  no port for me"):
        stack.start()
    assert stack._redis is None


def test_a_service_that_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    said: list[str] = []
    command = (sys.executable, "-c", "raise SystemExit(7)")
    running = RunningService(Service("api", command, dict(os.environ)), tmp_path, said.append)
    running.start()
    for _ in range(2):
        wait_for(lambda: running.exited() is not None, "it lives")
        running.restart()
    wait_for(lambda: running.exited() is not None, "it lives")
    with pytest.raises(ServiceFailed, match="ended 3 times within a minute, the last time with code 7"):
        running.restart()
    assert len(said) == 2


def test_only_important_lines_reach_the_terminal_and_all_reach_the_file(tmp_path: Path) -> None:
    said: list[str] = []
    lines = ["INFO all is well", "WARNING take care", '{"level": "error", "event": "x"}', "Traceback (most recent"]
    command = (sys.executable, "-c", f"print({chr(10).join(lines)!r})")
    running = RunningService(Service("api", command, dict(os.environ)), tmp_path, said.append)
    running.start()
    assert running.stopped(20.0)
    assert said == [f"api | {line}" for line in lines[1:]]
    assert running.log_path.read_text().splitlines() == lines


def test_settings_pass_to_other_processes_unchanged(tmp_path: Path) -> None:
    folders = {"home": tmp_path, "challenges": tmp_path, "assessments": tmp_path}
    settings = Settings(**folders, redis_url="unix:///x", warm_pairs=0, lease_s=3.5)
    assert Settings.from_env(environment_of(settings)) == settings


def test_up_stops_in_order_when_interrupted(tmp_path: Path) -> None:
    write_sample(tmp_path / "challenges" / SLUG)
    port = free_port()
    code = (
        "import sys; from pathlib import Path; from mendbox.processes import *; from store.settings import Settings\n"
        "home = Path(sys.argv[1])\n"
        "settings = Settings(home=home, challenges=home / 'challenges')\n"
        "plan = Plan(settings, (sys.executable, '-c', sys.argv[2], sys.argv[3]),"
        " 'http://127.0.0.1:' + sys.argv[3], lambda line: print(line, flush=True), 1, sys.argv[4])\n"
        "stack = Stack(plan); stack.start()\n"
        "stack.run(lambda: print('up', *[s.pid for s in stack._services], flush=True))\n"
    )
    up = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path), API, str(port), SCRIPTED],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert up.stdout is not None
    with up.stdout:
        word, *pids = up.stdout.readline().split()
        assert word == "up"
        up.send_signal(signal.SIGINT)
        assert up.wait(60) == 0
        assert "stopping" in up.stdout.read()
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
