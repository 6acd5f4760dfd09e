"""Everything that confines a container, each with its value and its reason, in one place.

`host_options` and `container_options` are what the engine is asked for; `WALLS` is the same as a table, from which
docs/sandbox.md is made (`python -m docs.build sandbox`). What the walls come to is read from inside at every start, see
`runner.sandbox.selftest`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runner.limits import MIB, Limits
from runner.sandbox.seccomp.profile import profile_json
from runner.sandbox.settings import SANDBOX_UID
from runner.services import SERVICES

#: The only places that can be written to; each is a tmpfs of its own.
WRITABLE = ("/work", "/tmp")
_INSIDE = "/opt/mendbox/lib/runner/inside"
_BOOT = f"{_INSIDE}/boot.py"
#: By which PostgreSQL's client library finds a challenge's own server, where there is one.
_PG_SERVICES = f"{_INSIDE}/pg_service.conf"
Options = Mapping[str, Any]


def uid_of(role: str) -> int:
    """Who a role's processes are."""
    return SERVICES[role].uid if role in SERVICES else SANDBOX_UID


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """One throwaway container: its role (`app`, `grader` or a service's) and everything it may use.

    `program` is what runs in it where that is not the role's own: `probe`, which looks at the walls from inside.
    `services` are the servers that its app will speak to. `beside` is the id of the container whose network, which is
    none but its own `lo`, it shares: a server's, and with it the app that it serves. `share` is what it gets of CPU
    time where there is not enough for all, 0 for the engine's default, 1024.
    """

    role: str
    image: str
    runtime: str
    limits: Limits
    labels: Mapping[str, str]
    program: str = ""
    services: tuple[str, ...] = ()
    beside: str = ""
    share: int = 0

    @property
    def uid(self) -> int:
        """Who its processes are: a server's administrator is known from the app by it."""
        return uid_of(self.role)


@dataclass(frozen=True, slots=True)
class Ulimit:
    """A limit of the kernel on each process, soft and hard alike. `value` gives it in the kernel's own unit."""

    name: str
    value: Callable[[Limits], int]
    shown: str
    why: str


#: Those that are left out, each on purpose: see `LEFT_OUT`.
ULIMITS = (
    Ulimit("core", lambda _: 0, "0", "a core file holds the memory of a process, and fills a tmpfs"),
    Ulimit(
        "nofile",
        lambda _: 1024,
        "1024",
        "an app under test opens some dozens; every descriptor may hold a pipe's or a socket's buffer of the kernel's",
    ),
    Ulimit(
        "fsize",
        lambda limits: limits.tmpfs_mb * MIB,
        "the size of a tmpfs",
        "a sparse file takes no room and reads as terabytes of zeros for whoever copies the data folder",
    ),
    Ulimit(
        "stack",
        lambda _: 8 * MIB,
        "8 MiB",
        "Linux's usual soft limit, here the hard one too: deep recursion ends its own process and not the memory limit",
    ),
    Ulimit("memlock", lambda _: 0, "0", "memory that can't be moved helps only whoever wants to exhaust it"),
    Ulimit("msgqueue", lambda _: 0, "0", "POSIX message queues are counted for the user over all containers"),
    Ulimit(
        "sigpending",
        lambda _: 1024,
        "1024",
        "queued signals are kernel memory, counted for the user over all containers; nothing honest queues any",
    ),
    Ulimit("rtprio", lambda _: 0, "0", "a real-time process keeps its core from everyone else"),
    Ulimit("nice", lambda _: 0, "0", "no process gives itself precedence over the neighbours'"),
)
#: Limits that a reader may miss, and why there is none.
LEFT_OUT = (
    ("nproc", "the kernel counts it for the user over all containers: one fork bomb would starve every neighbour"),
    ("cpu", "a grading's deadline ends the containers; seconds of CPU would differ with the challenge's deadlines"),
    (
        "as, data, rss",
        "memory is limited for the container as a whole; threads reserve address space that they never use",
    ),
    ("locks", "without effect since Linux 2.4"),
)


@dataclass(frozen=True, slots=True)
class Wall:
    """One way in which a container is confined: what is asked of the engine, and why.

    `host` gives options of the engine's HostConfig, `container` those of the container itself, both as the Docker SDK
    names them. Where several walls give the same option their lists are joined.
    """

    name: str
    shown: str
    why: str
    host: Callable[[ContainerSpec], Options] = lambda _: {}
    container: Callable[[ContainerSpec], Options] = lambda _: {}


def _tmpfs(spec: ContainerSpec) -> str:
    size = f"size={spec.limits.tmpfs_mb}m,nr_inodes={spec.limits.tmpfs_inodes}"
    return f"rw,noexec,nosuid,nodev,{size},uid={spec.uid},gid={spec.uid},mode=0700"


def _seccomp(spec: ContainerSpec) -> Options:
    return {"security_opt": [f"seccomp={profile_json(spec.role)}"]}


WALLS = (
    Wall(
        "user",
        f"{SANDBOX_UID}:{SANDBOX_UID}",
        "root in a container is root to every hole of the kernel's; no account of a host has this number",
        container=lambda spec: {"user": f"{spec.uid}:{spec.uid}"},
    ),
    Wall(
        "capabilities",
        "none, not even to gain (`cap_drop: ALL`)",
        "nothing inside needs one, PID 1 least of all",
        host=lambda _: {"cap_drop": ["ALL"]},
    ),
    Wall(
        "no-new-privileges",
        "on",
        "a setuid file gives nothing, should an image hold one",
        host=lambda _: {"security_opt": ["no-new-privileges:true"]},
    ),
    Wall(
        "seccomp",
        "our own allow-list for each role, below",
        "what can't be called can't be misused: most ways out of a container begin with a call that no app makes",
        host=_seccomp,
    ),
    Wall(
        "network",
        "none: `lo` alone, no route",
        "nowhere to fetch from, nobody to tell; frames travel over standard input and output",
        host=lambda spec: {"network_mode": f"container:{spec.beside}" if spec.beside else "none"},
        container=lambda spec: {} if spec.beside else {"network_disabled": True},
    ),
    Wall(
        "read-only root",
        "on",
        "what is imported is what was built, and nothing is kept outside the two tmpfs",
        host=lambda _: {"read_only": True},
    ),
    Wall(
        "places to write",
        "`/work` and `/tmp`, each a tmpfs: `tmpfs_mb`, `tmpfs_inodes`, noexec, nosuid, nodev, of the sandbox's user",
        "room for the app and its data and no more, gone with the container; empty files are counted too",
        host=lambda spec: {"tmpfs": dict.fromkeys(WRITABLE, _tmpfs(spec))},
    ),
    Wall(
        "memory",
        "`memory_mb`, swap none",
        "the kernel ends what takes more, in its own container and nowhere else",
        host=lambda spec: {"mem_limit": spec.limits.memory_mb * MIB, "memswap_limit": spec.limits.memory_mb * MIB},
    ),
    Wall(
        "processes",
        "`pids`, threads counted",
        "a fork bomb finds no room, and neighbours are not counted with it",
        host=lambda spec: {"pids_limit": spec.limits.pids},
    ),
    Wall(
        "cores",
        "`cpus`",
        "a busy loop on all cores gets no more time than a grading may have",
        host=lambda spec: {"nano_cpus": int(spec.limits.cpus * 1e9)},
    ),
    Wall(
        "ipc",
        "none: no `/dev/shm`, a namespace of its own",
        "shared memory and semaphores are counted nowhere else, and an app under test has nobody to share with",
        host=lambda _: {"ipc_mode": "none"},
    ),
    Wall(
        "ulimits",
        "below",
        "limits on each process, where the container's own do not reach",
        host=lambda spec: {
            "ulimits": [
                {"Name": ulimit.name, "Soft": ulimit.value(spec.limits), "Hard": ulimit.value(spec.limits)}
                for ulimit in ULIMITS
            ]
        },
    ),
    Wall(
        "log",
        "none",
        "what an app prints is capped by the relay; the engine would write all of it to the host's disk",
        host=lambda _: {"log_config": {"type": "none"}},
    ),
)


def host_options(spec: ContainerSpec) -> dict[str, Any]:
    """The HostConfig of a container: keyword arguments of the Docker SDK's `create_host_config`. Pure."""
    options = _merged(wall.host(spec) for wall in WALLS)
    if spec.share:
        options["cpu_shares"] = spec.share
    if spec.runtime:
        options["runtime"] = spec.runtime
    return options


def container_options(spec: ContainerSpec) -> dict[str, Any]:
    """All else that decides what a container is: keyword arguments of `create_container`. Pure."""
    return {
        **_merged(wall.container(spec) for wall in WALLS),
        # -I: neither the environment nor the folder at hand changes what is imported.
        "command": ["python3", "-I", _BOOT, spec.program or spec.role, *spec.services],
        # One that shares another's network has its name, too.
        **({} if spec.beside else {"hostname": spec.role}),
        # Fixed, and a folder of the image's own: a path of the host's file system can't be slipped in here.
        "working_dir": "/",
        "stdin_open": True,
        "tty": False,
        # Nothing inside has anything to put in order, and an engine that stops waits ten seconds for it.
        "stop_signal": "SIGKILL",
        "environment": {"PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8", "PGSERVICEFILE": _PG_SERVICES},
    }


def _merged(given: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for options in given:
        for name, value in options.items():
            merged[name] = [*merged[name], *value] if name in merged else value
    return merged
