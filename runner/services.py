"""The servers that a challenge may bring beside its app, as data: what is common to them is written once, over this.

A manifest names them in `services`. Each runs in a container of its own, as a role of the same name, from an image of
its own that stands on the sandbox image (`runner/sandbox/dockerfile/<name>.Dockerfile` with the packages of the
dependency group `sandbox-<name>`), in the network namespace of the app's container. What runs in it answers operations
as `runner.inside.boot` starts it; where the app finds it stands in `runner.inside.services`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runner.limits import Limits


@dataclass(frozen=True, slots=True)
class Service:
    """One kind of server.

    `title` is its own name, `noun` what an app's messages call it. `uid` is who it and its administrator are, a number
    that neither the app nor another server has. `answers` are the suite's operations that it alone can answer,
    `instead` those that it answers in the app's place, `follows` what it does once the app's container has done an
    operation, before the suite goes on. `files` lie beside its Dockerfile and go into its image.
    """

    name: str
    title: str
    noun: str
    uid: int
    limits: Limits
    answers: frozenset[str]
    instead: frozenset[str] = frozenset()
    follows: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    locks_by_shared_memory: bool = False

    @property
    def repository(self) -> str:
        """Of its image."""
        return f"mendbox/sandbox-{self.name}"

    @property
    def group(self) -> str:
        """The dependency group that its image holds."""
        return f"sandbox-{self.name}"

    @property
    def setting(self) -> str:
        """The setting that names an image of its own making."""
        return f"sandbox_{self.name}_image"

    @property
    def variable(self) -> str:
        """The environment's variable of that setting."""
        return f"MENDBOX_{self.setting.upper()}"


SERVICES: Mapping[str, Service] = {
    service.name: service
    for service in (
        Service(
            "postgres",
            "PostgreSQL",
            "database",
            65533,
            # A seeded database is there three times: the original, the test's, the next one.
            Limits(memory_mb=384, tmpfs_mb=224),
            answers=frozenset({"database"}),
            instead=frozenset({"statements"}),
            follows={"open": "fresh"},
            files=("cluster.sql",),
            # By a small segment of System V's.
            locks_by_shared_memory=True,
        ),
        Service(
            "redis",
            "Redis",
            "Redis",
            65531,
            # 64 MB of data, as much again of what clients wait for, and a script's own memory, which no setting bounds.
            Limits(memory_mb=192, tmpfs_mb=8, pids=64),
            answers=frozenset({"redis"}),
            follows={"open": "fresh", "clock": "advance"},
        ),
    )
}
