"""Whether the sandbox is what its configuration says: a container made as all others looks at its walls from inside.

`runner.inside.walls` tells what it finds, `judge` holds that against what was asked for, wall by wall. It is run where
a sandbox is opened (a worker's slot, `up`, `grade`, `check`) and by `doctor`; no grading relies on the container. An
engine may take an option and not apply it (a kernel without that controller, a runtime of another kind): then nothing
is graded. Under gVisor some walls are another's, see `docs/sandbox.md`; they are named here and not demanded.
"""

from __future__ import annotations

import contextlib
import errno
import signal
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from runner.errors import SandboxUnavailable, SandboxUnconfined
from runner.limits import MIB, Limits
from runner.sandbox.confinement import ULIMITS, WRITABLE, ContainerSpec, uid_of
from runner.sandbox.engine import Engine, owner_labels
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.starting import start_container
from runner.services import SERVICES

_END_S = 3
_READY_S = 60.0
_NO_CAPABILITY = "0" * 16
_KILLED, _REFUSED = f"killed {int(signal.SIGSYS)}", f"refused {errno.EPERM}"
#: What the probe tries, and what must come of it. The grader makes no child that it could try a fatal call in.
_FATAL = ("ptrace", "unshare")
_FATAL_ENDS = {"grader": "no child"}
#: Those that make System V's shared memory.
_SHARE = {name for name, service in SERVICES.items() if service.locks_by_shared_memory}
_OTHERS = {
    "memfd_create": _REFUSED,
    "socket of AF_INET": _REFUSED,
    "socket of AF_UNIX": "done",
}
#: Places that engine and runtime mount themselves, with everything below.
_USUAL_MOUNTS = ("/proc", "/dev", "/sys")
_USUAL_FILES = ("/", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf", *WRITABLE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One wall: what was asked for, what is there, and what to do where they differ. `ok` None: can't be seen here."""

    wall: str
    ok: bool | None
    expected: str
    found: str
    mend: str = ""


_MEND = {
    "user": "an engine that maps users away must still give the container its own user; look at `userns-remap`",
    "capabilities": "the runtime leaves capabilities that were dropped: choose another by MENDBOX_RUNTIME",
    "no-new-privileges": "the runtime does not apply it: choose another by MENDBOX_RUNTIME",
    "seccomp": "needs seccomp in kernel and runc (`docker info` lists it), engine 20.10.10 and runc 1.1.0 or later",
    "network": "the engine gave the container a network in spite of `none`: look at its configuration and plugins",
    "read-only root": "the engine's storage driver does not keep the root read-only",
    "mounts": "the engine or a plugin mounts something into every container: take that out of its configuration",
    "places to write": "the runtime does not apply the options of a tmpfs",
    "memory": "the kernel must limit memory: on some systems `cgroup_enable=memory` on its command line",
    "swap": "the kernel must count swap: `swapaccount=1` on its command line, or no swap at all",
    "processes": "the kernel must limit processes: its cgroup controller `pids`",
    "cores": "the kernel must limit CPU time: CONFIG_CFS_BANDWIDTH and the cgroup controller `cpu`",
    "ipc": "the engine mounts shared memory in spite of `ipc_mode: none`",
    "ulimits": "the runtime does not apply every ulimit: choose another by MENDBOX_RUNTIME",
    "PID 1": "processes of the container can look into PID 1: the kernel's /proc does not hide it",
}


def judge(facts: Mapping[str, Any], limits: Limits, role: str, *, gvisor: bool) -> list[Finding]:
    """Hold what the probe found in a container of that role against what was asked for. Pure."""
    return [
        _finding(wall, ok, expected, found)
        for wall, ok, expected, found in (
            *_privilege(facts, role, gvisor),
            *_reach(facts, limits, gvisor),
            *_limits(facts, limits),
        )
    ]


_Row = tuple[str, bool | None, str, Any]


def _finding(wall: str, ok: bool | None, expected: str, found: Any) -> Finding:
    return Finding(wall, ok, expected, found if isinstance(found, str) else str(found), "" if ok else _MEND[wall])


def _privilege(facts: Mapping[str, Any], role: str, gvisor: bool) -> list[_Row]:
    identity = facts["identity"]
    uid = uid_of(role)
    ours = [uid] * 4  # real, effective, saved, of the file system
    is_ours = identity["Uid"] == identity["Gid"] == ours and set(identity["Groups"]) <= {uid}
    capabilities = identity["capabilities"]
    none = {"CapPrm", "CapEff", "CapBnd"} <= capabilities.keys() and set(capabilities.values()) == {_NO_CAPABILITY}
    calls = facts["calls"]
    expected = {**dict.fromkeys(_FATAL, _FATAL_ENDS.get(role, _KILLED)), **_OTHERS}
    expected["shmget"] = "done" if role in _SHARE else _REFUSED
    wrong = {name: calls.get(name) for name, wanted in expected.items() if calls.get(name) != wanted}
    filtered = facts["seccomp"] == "2" and not wrong
    mode = {"0": "no filter", "1": "strict mode", "2": "a filter"}.get(str(facts["seccomp"]), "unknown")
    seen = ", ".join([mode, *(f"{name}: {_worded(came)}" for name, came in wrong.items())])
    # Where there can be no kin there is nobody to hide from.
    hidden = all(came.startswith("refused") or came == "no child" for came in facts["pid_1"].values())
    return [
        (
            "user",
            is_ours,
            f"uid and gid {uid} alone",
            f"uid {identity['Uid']}, gid {identity['Gid']}, groups {identity['Groups']}",
        ),
        ("capabilities", none, "none", "none" if none else f"{capabilities}"),
        ("no-new-privileges", facts["no_new_privs"] == 1, "1", facts["no_new_privs"]),
        # gVisor serves system calls itself and filters its own.
        ("seccomp", None if gvisor else filtered, "a filter that holds our list", seen),
        # It has no PR_SET_DUMPABLE that hides a process from its own user's others.
        ("PID 1", None if gvisor else hidden, "hidden from its kin", "hidden" if hidden else f"{facts['pid_1']}"),
    ]


def _worded(came: str | None) -> str:
    word, _, number = (came or "not tried").partition(" ")
    if word == "refused" and number.isdigit():
        return f"refused with {errno.errorcode.get(int(number), number)}"
    return f"ended by signal {number}" if word == "killed" else str(came or "not tried")


def _reach(facts: Mapping[str, Any], limits: Limits, gvisor: bool) -> list[_Row]:
    routes = facts["routes"] or 0
    alone = facts["interfaces"] == ["lo"] and routes == 0
    mounts = {place: (kind, mode) for place, kind, mode in facts["mounts"]}
    writes = {
        place: came for place, came in facts["root_writes"].items() if came in ("done", f"refused {errno.ENOSPC}")
    }
    root_mode = mounts.get("/", ("", "unknown"))[1]
    closed = not writes and (root_mode == "ro" or gvisor)
    strange = sorted(
        place
        for place in mounts
        if place not in _USUAL_FILES and not any(f"{place}/".startswith(f"{usual}/") for usual in _USUAL_MOUNTS)
    )
    shared = [place for place in ("/dev/shm", "/dev/mqueue") if place in mounts and mounts[place][0] != "mqueue"]
    return [
        ("network", alone, "lo alone, no route", f"{', '.join(facts['interfaces'])}; {routes} routes"),
        ("read-only root", closed, "read-only", f"{root_mode}, written to: {sorted(writes) or 'nothing'}"),
        ("mounts", not strange, "none but the engine's own", ", ".join(strange) or "none"),
        ("places to write", *_tmpfs(facts["tmpfs"], limits, gvisor)),
        # gVisor mounts a /dev/shm of the sandbox's own, in its memory limit.
        ("ipc", None if gvisor and shared else not shared, "no shared memory", ", ".join(shared) or "none"),
    ]


def _tmpfs(found: Mapping[str, Mapping[str, Any]], limits: Limits, gvisor: bool) -> tuple[bool, str, str]:
    wanted: dict[str, Any] = {"bytes": limits.tmpfs_mb * MIB, "write": "done"}
    if not gvisor:
        # gVisor's tmpfs has no limit on files, memory is what bounds it; nor need its statfs tell flags.
        wanted |= {"files": limits.tmpfs_inodes, "flags": ["nodev", "noexec", "nosuid"]}
    wrong = [
        f"{place} {name} {place_found[name]}"
        for place, place_found in found.items()
        for name, value in wanted.items()
        if place_found[name] != value
    ]
    expected = f"{' and '.join(WRITABLE)}: {limits.tmpfs_mb} MiB, {limits.tmpfs_inodes} files, nodev, noexec, nosuid"
    return not wrong, expected, ", ".join(wrong) or "as asked for"


def _limits(facts: Mapping[str, Any], limits: Limits) -> list[_Row]:
    cgroup = facts["cgroup"]
    wanted = {
        "memory": limits.memory_mb * MIB,
        "swap": 0,
        "processes": limits.pids,
        "cores": round(limits.cpus * 100),
    }
    units = {"memory": " bytes", "swap": " bytes", "processes": "", "cores": " hundredths of a core"}
    rows: list[_Row] = []
    for wall, value in wanted.items():
        seen = cgroup[wall]
        said = "can't be read here" if seen is None else "no limit" if seen < 0 else f"{seen}{units[wall]}"
        rows.append((wall, None if seen is None else seen == value, f"{value}{units[wall]}", said))
    asked = {ulimit.name: ulimit.value(limits) for ulimit in ULIMITS}
    wrong = [
        f"{name} {facts['ulimits'].get(name)}"
        for name, value in asked.items()
        if facts["ulimits"].get(name) != [value] * 2
    ]
    expected = ", ".join(f"{name} {value}" for name, value in asked.items())
    return [*rows, ("ulimits", not wrong, expected, ", ".join(wrong) or "as asked for")]


def examine(engine: Engine, settings: SandboxSettings, limits: Limits | None = None) -> list[Finding]:
    """Have a container of each role look, and judge: one list, a wall that differs in one role as it is there.

    A server's is among them where there is an image for it, and a runtime that can have one. Raises SandboxUnavailable
    when none can be started, as by a runtime that does not take our seccomp profile.
    """
    gvisor = not engine.runtime(settings.runtime)[1]
    common = limits or Limits()
    asked = {"app": common, "grader": common}
    if not gvisor:
        asked |= {name: SERVICES[name].limits for name, image in settings.server_images.items() if image}
    with ThreadPoolExecutor(len(asked)) as threads:
        found = list(threads.map(lambda role: _look(engine, settings, asked[role], role), asked))
    judged = [judge(facts, asked[role], role, gvisor=gvisor) for role, facts in zip(asked, found, strict=True)]
    return [next((finding for finding in all_ if finding.ok is False), all_[0]) for all_ in zip(*judged, strict=True)]


def _look(engine: Engine, settings: SandboxSettings, limits: Limits, role: str) -> Mapping[str, Any]:
    labels = owner_labels(time.time() + _READY_S + 60)
    image = settings.server_images.get(role, settings.image)
    spec = ContainerSpec(role, image, settings.runtime, limits, labels, program="probe")
    container = start_container(engine, spec, time.monotonic() + min(settings.pair_ready_s, _READY_S))
    container.stream.close()
    with contextlib.suppress(SandboxUnavailable):
        engine.wait_ended(container.id, _END_S)
    engine.remove(container.id)
    return dict(container.hello["walls"])


def require(findings: Sequence[Finding]) -> None:
    """Raises SandboxUnconfined, naming each wall that is not there."""
    missing = [finding for finding in findings if finding.ok is False]
    if missing:
        said = "; ".join(f"{each.wall}: expected {each.expected}, found {each.found}" for each in missing)
        raise SandboxUnconfined(
            f"the sandbox is not what it should be, nothing is graded in it: {said}",
            hint="; ".join(f"{each.wall}: {each.mend}" for each in missing) + ". `mendbox doctor` shows every wall",
        )


def require_walls(engine: Engine, settings: SandboxSettings) -> None:
    """Raises SandboxUnconfined unless every wall is there, SandboxUnavailable when that can't be seen."""
    require(examine(engine, settings))
