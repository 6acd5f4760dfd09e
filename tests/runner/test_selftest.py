"""What the probe found, held against what was asked for: each difference is one wall's, and named."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from runner.errors import SandboxUnconfined
from runner.limits import MIB, Limits
from runner.sandbox.selftest import Finding, judge, require

GOOD: dict[str, Any] = {
    "identity": {
        "Uid": [65532] * 4,
        "Gid": [65532] * 4,
        "Groups": [65532],
        "capabilities": dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), "0" * 16),
    },
    "no_new_privs": 1,
    "seccomp": "2",
    "calls": {
        "ptrace": "killed 31",
        "unshare": "killed 31",
        "shmget": "refused 1",
        "memfd_create": "refused 1",
        "socket of AF_INET": "refused 1",
        "socket of AF_UNIX": "done",
    },
    "interfaces": ["lo"],
    "routes": 0,
    "mounts": [
        ["/", "overlay", "ro"],
        ["/proc", "proc", "rw"],
        ["/proc/bus", "proc", "ro"],
        ["/dev", "tmpfs", "rw"],
        ["/dev/pts", "devpts", "rw"],
        ["/dev/mqueue", "mqueue", "rw"],
        ["/sys", "sysfs", "ro"],
        ["/work", "tmpfs", "rw"],
        ["/tmp", "tmpfs", "rw"],
        ["/etc/hosts", "ext4", "ro"],
    ],
    "root_writes": {"/": "refused 30", "/var/tmp": "refused 30"},
    "tmpfs": {
        place: {"bytes": 32 * MIB, "files": 4096, "flags": ["nodev", "noexec", "nosuid"], "write": "done"}
        for place in ("/work", "/tmp")
    },
    "cgroup": {"memory": 256 * MIB, "swap": 0, "processes": 128, "cores": 100},
    "ulimits": {
        "core": [0, 0],
        "nofile": [1024, 1024],
        "fsize": [32 * MIB] * 2,
        "stack": [8 * MIB] * 2,
        "memlock": [0, 0],
        "msgqueue": [0, 0],
        "sigpending": [1024, 1024],
        "rtprio": [0, 0],
        "nice": [0, 0],
    },
    "pid_1": {"environ": "refused 13", "mem": "refused 13", "fd/0": "refused 13"},
}


def missing(facts: dict[str, Any], *, gvisor: bool = False) -> list[str]:
    return [finding.wall for finding in judge(facts, Limits(), "app", gvisor=gvisor) if finding.ok is False]


def altered(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    facts = copy.deepcopy(GOOD)
    at = facts
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return facts


def test_a_sandbox_as_asked_for_lacks_nothing() -> None:
    found = judge(GOOD, Limits(), "app", gvisor=False)
    assert {finding.ok for finding in found} == {True}
    assert len({finding.wall for finding in found}) == len(found)
    require(found)


@pytest.mark.parametrize(
    ("wall", "path", "value"),
    [
        ("user", ("identity", "Uid"), [0, 0, 0, 0]),
        ("user", ("identity", "Uid"), [65532, 65532, 0, 65532]),
        ("user", ("identity", "Gid"), [0, 0, 0, 0]),
        ("user", ("identity", "Groups"), [65532, 0]),
        ("capabilities", ("identity", "capabilities", "CapBnd"), "00000000a80425fb"),
        ("capabilities", ("identity", "capabilities"), {}),
        ("no-new-privileges", ("no_new_privs",), 0),
        ("seccomp", ("seccomp",), "0"),
        ("seccomp", ("calls", "ptrace"), "done"),
        ("seccomp", ("calls", "ptrace"), "refused 1"),
        ("seccomp", ("calls", "memfd_create"), "done"),
        ("seccomp", ("calls", "socket of AF_UNIX"), "refused 1"),
        ("PID 1", ("pid_1", "environ"), "done"),
        ("network", ("interfaces",), ["eth0", "lo"]),
        ("network", ("routes",), 1),
        ("read-only root", ("root_writes", "/var/tmp"), "done"),
        ("read-only root", ("mounts", 0), ["/", "overlay", "rw"]),
        ("mounts", ("mounts", 9), ["/data", "ext4", "rw"]),
        ("mounts", ("mounts", 9), ["/devices", "ext4", "ro"]),
        ("places to write", ("tmpfs", "/tmp", "bytes"), 1 << 40),
        ("places to write", ("tmpfs", "/work", "files"), 0),
        ("places to write", ("tmpfs", "/work", "flags"), ["nodev", "nosuid"]),
        ("places to write", ("tmpfs", "/work", "write"), "refused 13"),
        ("ipc", ("mounts", 5), ["/dev/shm", "tmpfs", "rw"]),
        ("memory", ("cgroup", "memory"), -1),
        ("swap", ("cgroup", "swap"), 256 * MIB),
        ("processes", ("cgroup", "processes"), -1),
        ("cores", ("cgroup", "cores"), -1),
        ("ulimits", ("ulimits", "core"), [0, -1]),
        ("ulimits", ("ulimits", "nofile"), [1024, 1048576]),
    ],
)
def test_a_difference_is_told_as_the_one_wall_that_it_is(wall: str, path: tuple[Any, ...], value: Any) -> None:
    assert missing(altered(path, value)) == [wall]


def test_a_grader_can_make_no_child_to_try_a_fatal_call_in() -> None:
    facts = copy.deepcopy(GOOD)
    facts["calls"] |= {"ptrace": "no child", "unshare": "no child"}
    facts["pid_1"] = dict.fromkeys(facts["pid_1"], "no child")
    as_grader = judge(facts, Limits(), "grader", gvisor=False)
    assert [finding.wall for finding in as_grader if finding.ok is False] == []
    assert missing(facts) == ["seccomp"]
    as_app = judge(GOOD, Limits(), "grader", gvisor=False)
    assert [finding.wall for finding in as_app if finding.ok is False] == ["seccomp"]


def test_a_server_is_another_user_and_may_share_memory_with_its_children() -> None:
    facts = copy.deepcopy(GOOD)
    facts["identity"] |= {"Uid": [65533] * 4, "Gid": [65533] * 4, "Groups": [65533]}
    facts["calls"] |= {"shmget": "done"}
    as_server = judge(facts, Limits(), "postgres", gvisor=False)
    assert [finding.wall for finding in as_server if finding.ok is False] == []
    assert missing(facts) == ["user", "seccomp"]
    as_app = judge(GOOD, Limits(), "postgres", gvisor=False)
    assert [finding.wall for finding in as_app if finding.ok is False] == ["user", "seccomp"]


def test_each_server_is_a_user_of_its_own_and_redis_shares_no_memory() -> None:
    facts = copy.deepcopy(GOOD)
    facts["identity"] |= {"Uid": [65531] * 4, "Gid": [65531] * 4, "Groups": [65531]}
    as_redis = judge(facts, Limits(), "redis", gvisor=False)
    assert [finding.wall for finding in as_redis if finding.ok is False] == []
    as_postgres = judge(facts, Limits(), "postgres", gvisor=False)
    assert [finding.wall for finding in as_postgres if finding.ok is False] == ["user", "seccomp"]


def test_what_can_not_be_read_is_told_and_not_held_against_the_engine() -> None:
    found = judge(altered(("cgroup", "swap"), None), Limits(), "app", gvisor=False)
    (swap,) = [finding for finding in found if finding.wall == "swap"]
    assert swap.ok is None
    assert swap.found == "can't be read here"
    require(found)


def test_what_gvisor_does_another_way_is_not_demanded_of_it() -> None:
    facts = altered(("seccomp",), "0")
    facts["calls"] = dict.fromkeys(facts["calls"], "done")
    facts["pid_1"] = dict.fromkeys(facts["pid_1"], "done")
    facts["tmpfs"]["/tmp"]["files"] = 0
    facts["cgroup"] = dict.fromkeys(facts["cgroup"], None)
    assert missing(facts, gvisor=True) == []
    assert {"seccomp", "PID 1", "places to write"} <= set(missing(facts))


def test_gvisor_is_held_to_the_rest() -> None:
    assert missing(altered(("interfaces",), ["eth0", "lo"]), gvisor=True) == ["network"]
    assert missing(altered(("tmpfs", "/tmp", "bytes"), 1), gvisor=True) == ["places to write"]


def test_the_error_names_each_wall_and_what_to_do() -> None:
    facts = altered(("interfaces",), ["eth0", "lo"])
    facts["cgroup"]["memory"] = -1
    with pytest.raises(SandboxUnconfined) as caught:
        require(judge(facts, Limits(), "app", gvisor=False))
    assert "network: expected lo alone, no route, found eth0, lo; 0 routes" in caught.value.message
    assert "memory: expected 268435456 bytes, found no limit" in caught.value.message
    assert "cgroup_enable=memory" in str(caught.value.hint)
    assert caught.value.exit_code == 3


def test_an_unconfined_sandbox_is_no_grade() -> None:
    with pytest.raises(SandboxUnconfined):
        require([Finding("network", True, "", ""), Finding("user", False, "65532", "0", "mend it")])
