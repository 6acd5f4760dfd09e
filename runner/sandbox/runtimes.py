"""What another container runtime does differently: the room that gVisor needs, and every difference that we know of.

`DIFFERENCES` is the one place for what is expected of gVisor: docs/operations.md has it as a table
(`python -m docs.build runtimes`), and a test that sees another thing there than on Linux asks for it by its name. What
is not in it holds on both. Found with Debian's release 20221219, platform ptrace.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from runner.sandbox.confinement import ContainerSpec

#: gVisor's kernel is a process of the container's, and so within its limits. For each thread inside it keeps some of
#: the host's, and gives none back: an app that does little had used up 128 by its hundredth test.
ROOM_PIDS_FACTOR, ROOM_PIDS = 2, 96
#: What forked processes share on Linux it copies sooner and in larger pieces: seven processes of a Flask app took
#: 312 MiB where Linux took 74.
ROOM_MEMORY_FACTOR = 1.5


def chosen(name: str, info: Mapping[str, Any]) -> tuple[str, str]:
    """A runtime's name (the engine's default for "") and its program, as the engine tells of itself. Pure."""
    name = name or str(info.get("DefaultRuntime", "runc"))
    runtime = (info.get("Runtimes") or {}).get(name) or {}
    return name, str(runtime.get("path") or runtime.get("runtimeType") or "")


def is_gvisor(name: str, program: str) -> bool:
    """Whether a runtime is gVisor's, by its name or its program's."""
    return "runsc" in name or "runsc" in os.path.basename(program)


def with_room(spec: ContainerSpec) -> ContainerSpec:
    """The same container with limits in which gVisor's kernel finds room beside what runs in it. Pure."""
    limits = spec.limits
    room = {
        "memory_mb": int(limits.memory_mb * ROOM_MEMORY_FACTOR),
        "pids": limits.pids * ROOM_PIDS_FACTOR + ROOM_PIDS,
    }
    return replace(spec, limits=limits.model_copy(update=room))


def no_services(services: Sequence[str], runtime: str) -> str:
    """Why a challenge with these services can't be graded with a runtime of gVisor's. Pure."""
    return (
        f"{' and '.join(services)} beside the app can't be had with the runtime {runtime}: each of its containers has "
        "a kernel of its own, and the app could not reach the server"
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What is another thing on gVisor: in words for whoever runs it."""

    what: str
    linux: str
    gvisor: str


DIFFERENCES: Mapping[str, Difference] = {
    "memory": Difference(
        "an app that uses too much memory",
        "its process is ended; the other tests run",
        "its container ends, and the tests that are left are not passed",
    ),
    "processes": Difference(
        "an app that makes too many processes",
        "the next one is refused, and that is counted",
        "its request runs into its deadline, or its container ends for want of memory or processes; none is counted",
    ),
    "files": Difference(
        "the number of files in `/tmp` and `/work`",
        "limited",
        "limited by memory only",
    ),
    "ends": Difference(
        "why a process of the app ended",
        "the candidate is told its status or signal",
        "the candidate is told that it ended; that a forbidden call ended a child of the app's is seen at times",
    ),
    "calls": Difference(
        "system calls",
        "those of our allow-list; some end the process",
        "its own kernel serves them and ignores the engine's profile: the host's kernel sees none of them",
    ),
    "kin": Difference(
        "PID 1 of the app's container",
        "hidden from processes of its user",
        "they may read its environment and its descriptors, but not its memory; nothing of the hidden suite is there",
    ),
    "init": Difference(
        "an app that kills PID 1 of its container",
        "can't",
        "the grading runs a second time, and if that ends alike the app has crashed",
    ),
    "network": Difference(
        "a network that the engine would give",
        "the engine is asked for none, and the self-test sees whether there is one",
        "there is none whatever the engine gives, while `--network=none` is among the runtime's arguments",
    ),
    "walls": Difference(
        "what the self-test at the start demands",
        "every wall",
        "every wall but those that it can't miss there, below",
    ),
    "services": Difference(
        "a challenge with `services`",
        "its server is beside the app, in a container that shares the app's network namespace",
        "is not graded: the grading waits for another host for `MENDBOX_CHALLENGE_WAIT_S`, and is then an error",
    ),
    "room": Difference(
        "what the engine is asked for as limits on memory and processes",
        "`memory_mb` and `pids`",
        f"`memory_mb` × {ROOM_MEMORY_FACTOR:g} and `pids` × {ROOM_PIDS_FACTOR} + {ROOM_PIDS}: "
        "its kernel and what it keeps for each process count in the same limits",
    ),
}
#: The walls that the self-test does not miss on gVisor when they are taken away, and why.
UNSEEN_WALLS: Mapping[str, str] = {
    "no-new-privileges": "its kernel gives no new privileges to any process, asked or not",
    "seccomp": "its kernel serves the calls, and takes no profile of the engine's",
    "PID 1": "it keeps nobody from the /proc entries of their own user's processes",
    "ipc": "it mounts a `/dev/shm` of the sandbox's own, whose bytes count as its memory",
    "memory": "the host's kernel holds the limit around the whole sandbox; inside there is no file that tells it",
    "swap": "as for memory",
    "processes": "as for memory",
    "cores": "as for memory",
}
#: The same of parts of the wall `places to write`.
UNSEEN_OPTIONS: Mapping[str, str] = {
    "nr_inodes": "its tmpfs counts no files",
    "noexec": "held, but its file systems tell no flags",
}
