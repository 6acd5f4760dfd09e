"""Engines whose containers lack one wall: what a wall is good for shows when it is gone. Only tests have these."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from typing import Any

from runner.sandbox.confinement import WRITABLE, ContainerSpec
from runner.sandbox.engine import Engine

Options = dict[str, Any]


def _without(name: str) -> Callable[[Options], None]:
    def take(options: Options) -> None:
        options.pop(name, None)

    return take


def _security(start: str, instead: Collection[str]) -> Callable[[Options], None]:
    def take(options: Options) -> None:
        others = [option for option in options["security_opt"] if not option.startswith(start)]
        options["security_opt"] = [*others, *instead]

    return take


def _tmpfs(*changes: tuple[str, str]) -> Callable[[Options], None]:
    """Put other words for those that start so in the options of both tmpfs; an empty one leaves it out."""

    def take(options: Options) -> None:
        for place in WRITABLE:
            words = options["tmpfs"][place].split(",")
            for start, instead in changes:
                words = [instead if word.startswith(start) else word for word in words]
            options["tmpfs"][place] = ",".join(filter(None, words))

    return take


def _no_new_privileges(options: Options) -> None:
    """Without it runc loads the filter early, and then still has to change to the user and drop capabilities."""
    _security("no-new-privileges", [])(options)
    place = next(i for i, option in enumerate(options["security_opt"]) if option.startswith("seccomp="))
    profile = json.loads(options["security_opt"][place].removeprefix("seccomp="))
    names = ["capset", "prctl", "setgid", "setgroups", "setuid"]
    profile["syscalls"].append({"names": names, "action": "SCMP_ACT_ALLOW", "args": []})
    options["security_opt"][place] = f"seccomp={json.dumps(profile)}"


def _ulimit(name: str) -> Callable[[Options], None]:
    def take(options: Options) -> None:
        options["ulimits"] = [ulimit for ulimit in options["ulimits"] if ulimit["Name"] != name]

    return take


#: By wall: what is done to the HostConfig's options.
HOST: dict[str, Callable[[Options], None]] = {
    # Root without a capability could not write to what is another's.
    "user": _tmpfs(("uid=", "uid=0"), ("gid=", "gid=0")),
    "capabilities": _without("cap_drop"),
    "no-new-privileges": _no_new_privileges,
    "seccomp": _security("seccomp=", ["seccomp=unconfined"]),
    "own seccomp profile": _security("seccomp=", []),
    "network": lambda options: options.update(network_mode="bridge"),
    "read-only root": lambda options: options.update(read_only=False),
    "tmpfs bytes": _tmpfs(("size=", "")),
    "tmpfs files": _tmpfs(("nr_inodes=", "")),
    "tmpfs noexec": _tmpfs(("noexec", "exec")),
    "memory": lambda options: options.update(mem_limit=None, memswap_limit=None),
    "swap": lambda options: options.update(memswap_limit=-1),
    "processes": _without("pids_limit"),
    "cores": _without("nano_cpus"),
    "ipc": _without("ipc_mode"),
    "ulimits": _without("ulimits"),
    "ulimit fsize": _ulimit("fsize"),
    "ulimit nofile": _ulimit("nofile"),
}
#: By wall: what is done to the container's own options.
CONTAINER: dict[str, Callable[[Options], None]] = {
    "user": lambda options: options.update(user="0:0"),
    "network": lambda options: options.update(network_disabled=False),
}


class WeakenedEngine(Engine):
    """Starts containers without the walls that are named; see HOST and CONTAINER for the names."""

    def __init__(self, without: Collection[str], timeout_s: float = 60.0) -> None:
        super().__init__(timeout_s)
        unknown = set(without) - HOST.keys() - CONTAINER.keys()
        if unknown:
            raise ValueError(f"no such walls: {sorted(unknown)}")
        self._without = without

    def host_options(self, spec: ContainerSpec) -> Options:
        options = super().host_options(spec)
        for wall in self._without:
            HOST.get(wall, lambda options: None)(options)
        return options

    def container_options(self, spec: ContainerSpec) -> Options:
        options = super().container_options(spec)
        for wall in self._without:
            CONTAINER.get(wall, lambda options: None)(options)
        return options
