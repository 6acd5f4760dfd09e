"""What set-up does about an engine, on a pretended machine: the real engine of this one is never touched."""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from .conftest import Machine

StandIn = Callable[[str], subprocess.Popen[bytes]]

PID_FILES = [("docker.pid", "dockerd"), ("docker/containerd/containerd.pid", "containerd")]
NO_ENGINE = "engine_answers() { return 1; }\n"
NOT_INSTALLED = NO_ENGINE + "engine_installed() { return 1; }\n"


@pytest.mark.parametrize(("file", "program"), PID_FILES)
def test_a_pid_file_whose_process_is_gone_is_removed(machine: Machine, file: str, program: str) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    (machine.run / file).write_text(str(ended.pid))
    assert machine.bash("remove_stale_pid_files").returncode == 0
    assert not (machine.run / file).exists()


@pytest.mark.parametrize(("file", "program"), PID_FILES)
def test_a_pid_file_whose_id_now_belongs_to_another_program_is_removed(
    machine: Machine, stand_in: StandIn, file: str, program: str
) -> None:
    other = stand_in("editor")
    (machine.run / file).write_text(str(other.pid))
    machine.bash("remove_stale_pid_files")
    assert not (machine.run / file).exists()
    assert other.poll() is None, "the other program is none of set-up's business"


@pytest.mark.parametrize(("file", "program"), PID_FILES)
def test_the_pid_file_of_a_running_program_stays(machine: Machine, stand_in: StandIn, file: str, program: str) -> None:
    (machine.run / file).write_text(str(stand_in(program).pid))
    machine.bash("remove_stale_pid_files")
    assert (machine.run / file).exists()


@pytest.mark.parametrize("content", ["", "\n", "12 34", "../1", "rubbish"])
def test_a_pid_file_with_rubbish_in_it_is_removed(machine: Machine, content: str) -> None:
    (machine.run / "docker.pid").write_text(content)
    machine.bash("remove_stale_pid_files")
    assert not (machine.run / "docker.pid").exists()


def test_a_dead_dockerd_that_nobody_has_collected_is_stale(machine: Machine, stand_in: StandIn) -> None:
    zombie = stand_in("dockerd")
    zombie.kill()
    (machine.run / "docker.pid").write_text(str(zombie.pid))
    # Not waited for: it keeps its id and its name. The kill itself may take a moment to arrive.
    code = f"while ! grep -q '^State:.*Z' /proc/{zombie.pid}/status; do sleep 0.02; done; remove_stale_pid_files"
    assert machine.bash(code).returncode == 0
    assert not (machine.run / "docker.pid").exists()


def test_only_a_dockerd_started_at_the_recorded_moment_is_stopped(machine: Machine, stand_in: StandIn) -> None:
    ours = stand_in("dockerd")
    started = machine.bash(f"start_time {ours.pid}").stdout.strip()
    assert started.isdigit()

    (machine.state / "dockerd.pid").write_text(f"{ours.pid} {int(started) + 1}\n")
    machine.bash("stop_recorded_engine")
    assert ours.poll() is None, "same id, another start time: it is another engine"
    assert not (machine.state / "dockerd.pid").exists()

    (machine.state / "dockerd.pid").write_text(f"{ours.pid} {started}\n")
    assert machine.bash("stop_recorded_engine").returncode == 0
    assert ours.wait(timeout=10) == -15


def test_a_recorded_id_that_another_program_has_now_is_left_alone(machine: Machine, stand_in: StandIn) -> None:
    other = stand_in("editor")
    started = machine.bash(f"start_time {other.pid}").stdout.strip()
    (machine.state / "dockerd.pid").write_text(f"{other.pid} {started}\n")
    machine.bash("stop_recorded_engine")
    assert other.poll() is None


def test_an_engine_that_was_not_started_by_set_up_is_not_recorded(machine: Machine, stand_in: StandIn) -> None:
    (machine.run / "docker.pid").write_text(str(stand_in("dockerd").pid))
    assert machine.bash("record_engine").returncode == 0
    assert not (machine.state / "dockerd.pid").exists()


def test_a_dockerd_that_runs_and_does_not_answer_is_waited_for_and_no_second_one_started(
    machine: Machine, stand_in: StandIn
) -> None:
    (machine.run / "docker.pid").write_text(str(stand_in("dockerd").pid))
    machine.add("dockerd", f"touch {machine.root}/started")
    ended = machine.bash(f"{NO_ENGINE} ensure_engine", MENDBOX_ENGINE_DEADLINE_S="1")
    assert ended.returncode == 3
    assert "did not answer within 1 s" in ended.stderr
    assert not (machine.root / "started").exists()


def test_a_dockerd_that_ends_at_once_shows_the_tail_of_its_log(machine: Machine) -> None:
    machine.add("dockerd", "echo 'failed to mount overlay: no such device' >&2; exit 1")
    ended = machine.bash(f"{NO_ENGINE} ensure_engine")
    assert ended.returncode == 3
    assert "failed to mount overlay: no such device" in ended.stderr
    assert_one_next_step(ended.stderr, "run scripts/setup again")


def test_without_root_the_next_step_is_to_install_an_engine(machine: Machine) -> None:
    machine.add("id", '[ "$1" = -u ] && echo 1000 || echo ada')
    machine.add("apt-get", "exit 0")
    ended = machine.bash(f"{NOT_INSTALLED} ensure_engine")
    assert ended.returncode == 3
    assert "installing one needs root" in ended.stderr
    assert_one_next_step(ended.stderr, "install Docker Engine")


def test_without_apt_the_next_step_is_to_install_an_engine(machine: Machine) -> None:
    ended = machine.bash(f"{NOT_INSTALLED} ensure_engine")
    assert ended.returncode == 3
    assert "apt-get is not here" in ended.stderr
    assert_one_next_step(ended.stderr, "install Docker Engine")


def test_an_installed_engine_that_does_not_run_needs_root_to_start(machine: Machine) -> None:
    machine.add("id", '[ "$1" = -u ] && echo 1000 || echo ada')
    machine.add("dockerd", "exit 1")
    ended = machine.bash(f"{NO_ENGINE} ensure_engine")
    assert ended.returncode == 3
    assert_one_next_step(ended.stderr, "sudo systemctl start docker")


def test_on_a_mac_the_next_step_is_a_desktop_engine(machine: Machine) -> None:
    machine.add("uname", "echo Darwin")
    ended = machine.bash(f"{NOT_INSTALLED} ensure_engine")
    assert ended.returncode == 3
    assert_one_next_step(ended.stderr, "Docker Desktop")


def test_a_user_outside_the_engines_group_is_told_to_join_it(machine: Machine) -> None:
    ended = machine.bash("engine_answers() { return 13; }\nensure_engine")
    assert ended.returncode == 3
    assert_one_next_step(ended.stderr, "usermod -aG docker root")


def test_a_docker_host_that_does_not_answer_is_named_and_nothing_is_installed(machine: Machine) -> None:
    machine.add("apt-get", f"touch {machine.root}/installed")
    host = f"unix://{machine.root}/nobody.sock"
    ended = machine.bash("ensure_engine", DOCKER_HOST=host)
    assert ended.returncode == 3
    assert f"DOCKER_HOST={host}" in ended.stderr
    assert_one_next_step(ended.stderr, "unset DOCKER_HOST")
    assert not (machine.root / "installed").exists()


def test_without_a_python_the_next_step_is_to_install_one(machine: Machine) -> None:
    machine.add("python3", "echo 'pyenv: python3: command not found' >&2; exit 127")
    ended = machine.bash("find_interpreter")
    assert ended.returncode == 3
    assert_one_next_step(ended.stderr, "python3-venv")


def test_an_apt_install_that_fails_is_tried_again_after_an_update_and_then_shows_why(machine: Machine) -> None:
    calls = machine.root / "calls"
    machine.add("apt-get", f'echo "$*" >> {calls}; echo "E: Unable to locate package"; [[ "$*" = *update ]]')
    ended = machine.bash("apt_install docker.io")
    assert ended.returncode == 3
    assert "E: Unable to locate package" in ended.stderr
    assert_one_next_step(ended.stderr, "sudo apt-get install docker.io")
    kinds = ["update" if line.endswith("update") else "install" for line in calls.read_text().splitlines()]
    assert kinds[-3:] == ["install", "update", "install"]


def test_an_answering_engine_is_left_alone(machine: Machine) -> None:
    machine.add("apt-get", f"touch {machine.root}/touched")
    machine.add("dockerd", f"touch {machine.root}/touched")
    ended = machine.bash("engine_answers() { return 0; }\nensure_engine")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not (machine.root / "touched").exists()


def test_the_scripts_ask_the_real_engine_and_it_answers(machine: Machine) -> None:
    assert machine.bash("engine_answers").returncode == 0


def assert_one_next_step(stderr: str, words: str) -> None:
    steps = [line for line in stderr.splitlines() if line.startswith("next: ")]
    assert len(steps) == 1
    assert words in steps[0]
