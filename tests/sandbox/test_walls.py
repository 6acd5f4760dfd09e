"""The self-test on the real engine: with every wall it passes, and each wall that is taken away is the one missed.

With `MENDBOX_RUNTIME=runsc` the same holds but for the walls in `runner.sandbox.runtimes.UNSEEN_WALLS`.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import mendbox.sandboxes
import mendbox.up_command
import worker.sandboxes
from mendbox.cli import main
from mendbox.doctor_sandbox import holes_check, wall_checks
from runner.errors import SandboxUnconfined
from runner.limits import Limits
from runner.sandbox.engine import Engine
from runner.sandbox.runtimes import UNSEEN_OPTIONS, UNSEEN_WALLS
from runner.sandbox.selftest import examine, require_walls
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.versions import known_holes, read_versions
from store.settings import Settings
from tests.support.runtimes import Differs
from tests.support.weakened import WeakenedEngine

#: What is taken away, and which walls the self-test then misses.
WEAKENED = {
    "user": {"user"},
    "capabilities": {"capabilities"},
    "no-new-privileges": {"no-new-privileges"},
    "seccomp": {"seccomp"},
    "own seccomp profile": {"seccomp"},
    "network": {"network"},
    "read-only root": {"read-only root"},
    "tmpfs bytes": {"places to write"},
    "tmpfs files": {"places to write"},
    "tmpfs noexec": {"places to write"},
    "memory": {"memory"},
    "swap": {"swap"},
    "processes": {"processes"},
    "cores": {"cores"},
    "ipc": {"ipc"},
    "ulimits": {"ulimits"},
    "ulimit fsize": {"ulimits"},
    "ulimit nofile": {"ulimits"},
}
ALL_WALLS = {wall for walls in WEAKENED.values() for wall in walls} | {"mounts", "PID 1"}
#: Options of a tmpfs, by what is taken away.
_OPTIONS = {"tmpfs files": "nr_inodes", "tmpfs noexec": "noexec"}


def held_by_the_runtime(wall: str, engine: Engine, settings: SandboxSettings, differs: Differs) -> bool:
    """Whether nothing is missed there when the engine takes that wall away: it is another's, or can't be seen."""
    if wall == "network" and differs("network"):
        name, _ = engine.runtime(settings.runtime)
        return "--network=none" in (engine.info()["Runtimes"][name].get("runtimeArgs") or ())
    return differs("walls") and (_OPTIONS.get(wall) in UNSEEN_OPTIONS or WEAKENED[wall] <= UNSEEN_WALLS.keys())


def test_every_wall_is_there(engine: Engine, settings: SandboxSettings, differs: Differs) -> None:
    found = examine(engine, settings)
    assert [finding for finding in found if finding.ok is False] == []
    seen = {finding.wall for finding in found if finding.ok}
    assert seen >= ALL_WALLS - UNSEEN_WALLS.keys() if differs("walls") else seen == ALL_WALLS


def test_limits_of_a_challenges_own_are_seen(engine: Engine, settings: SandboxSettings) -> None:
    limits = Limits(memory_mb=128, pids=40, cpus=0.5, tmpfs_mb=16, tmpfs_inodes=1000)
    found = examine(engine, settings, limits)
    assert [finding for finding in found if finding.ok is False] == []


@pytest.mark.parametrize("wall", WEAKENED)
def test_a_wall_that_was_taken_away_is_missed_and_no_other(
    wall: str, settings: SandboxSettings, differs: Differs
) -> None:
    engine = WeakenedEngine({wall})
    try:
        found = examine(engine, settings)
        missed = {finding.wall for finding in found if finding.ok is False}
        assert missed == (set() if held_by_the_runtime(wall, engine, settings, differs) else WEAKENED[wall])
    finally:
        engine.close()


def test_a_mount_of_the_hosts_is_missed(settings: SandboxSettings, tmp_path: Path) -> None:
    class Mounting(Engine):
        def host_options(self, spec):
            return {**super().host_options(spec), "binds": [f"{tmp_path}:/srv:ro"]}

    engine = Mounting(60.0)
    try:
        with pytest.raises(SandboxUnconfined) as caught:
            require_walls(engine, settings)
    finally:
        engine.close()
    assert "mounts: expected none but the engine's own, found /srv" in caught.value.message


def test_the_probe_leaves_no_container(engine: Engine, settings: SandboxSettings) -> None:
    owner = f"{os.getpid()}:"
    before = {container["Id"] for container in engine.pairs()}
    examine(engine, settings)
    after = {c["Id"] for c in engine.pairs() if c["Labels"].get("org.mendbox.owner", "").startswith(owner)}
    assert after <= before


class Writable(WeakenedEngine):
    """As the real one, but for the read-only root."""

    def __init__(self, timeout_s: float = 30.0) -> None:
        super().__init__({"read-only root"}, timeout_s)


def test_a_slot_does_not_open_a_sandbox_that_lacks_a_wall(image: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.sandboxes, "Engine", Writable)
    with pytest.raises(SandboxUnconfined, match="read-only root: expected read-only"):
        worker.sandboxes.DockerProvider(Settings(image=image, runtime=os.environ.get("MENDBOX_RUNTIME", ""))).open()


@pytest.mark.parametrize(
    "command", [["grade", "user-500", "challenges/user-500/fixes/blueprint"], ["up", "--port", "0"]]
)
def test_a_command_refuses_with_3_and_says_what_is_missing(
    command: list[str], image: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mendbox.sandboxes, "Engine", Writable)
    monkeypatch.setattr(mendbox.up_command, "Engine", Writable)
    done = CliRunner().invoke(main, command, env={"MENDBOX_HOME": str(tmp_path), "MENDBOX_IMAGE": image})
    assert done.exit_code == 3, done.output
    assert "read-only root: expected read-only, found" in done.output
    assert "mendbox doctor" in done.output


def test_the_doctor_lists_every_wall(image: str, differs: Differs) -> None:
    settings = Settings(image=image, runtime=os.environ.get("MENDBOX_RUNTIME", ""))
    checks = wall_checks(settings, timeout_s=60)
    assert [check for check in checks if not check.ok] == []
    assert {check.name for check in checks} == {f"wall: {wall}" for wall in ALL_WALLS}
    may_differ = UNSEEN_WALLS.keys() if differs("walls") else set()
    assert {check.name for check in checks if not check.required} <= {f"wall: {wall}" for wall in may_differ}


def test_a_worker_logs_the_known_holes_of_its_engine_once(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    provider = worker.sandboxes.DockerProvider(Settings())
    with caplog.at_level(logging.WARNING, logger="worker.sandboxes"):
        provider.reap()
        provider.reap()
    named = [hole for warning in known_holes(engine) for hole in warning.hole.name.split(", ")]
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert [told.count(hole) for hole in named] == [1] * len(named)
    assert len(caplog.records) <= len(named)


def test_the_doctor_tells_the_versions_and_each_known_hole(engine: Engine) -> None:
    check = holes_check(timeout_s=60)
    holes = known_holes(engine)
    assert check.required is False
    assert check.ok is (not holes)
    for component, version in read_versions(engine).items():
        assert f"{component} {version}" in check.detail
    for hole in holes:
        assert str(hole) in check.detail
