"""The profile as a value: what is never allowed, what is, and that it is made of what was observed."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from runner.limits import Limits
from runner.sandbox.confinement import ContainerSpec, host_options
from runner.sandbox.seccomp.derive import Seen
from runner.sandbox.seccomp.margins import CLONE_THREAD, FATAL, MARGINS, NAMESPACE_FLAGS, RESTRICTED
from runner.sandbox.seccomp.profile import OBSERVED, ROLES, allowed, observed, profile, profile_json

ALLOW, KILL, REFUSE = "SCMP_ACT_ALLOW", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_ERRNO"
#: Nothing of this is in the profile whatever the arguments, not even to end who calls it.
#: uuid.uuid1 asks an AF_INET socket for a hardware address (SIOCGIFCONF, SIOCGIFHWADDR), and takes a random one else.
ON_PURPOSE = {"socket": {2}, "ioctl": {0x8912, 0x8927}}
_REFUSED = """
shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl semget semop semctl semtimedop mq_open mq_unlink mq_timedsend
mq_timedreceive mq_notify mq_getsetattr memfd_create execveat splice tee vmsplice seccomp landlock_create_ruleset
fsopen fsmount fsconfig fspick open_tree move_mount mount_setattr process_madvise
inotify_init1 fanotify_mark bind listen accept accept4 mlock mlockall mbind migrate_pages move_pages set_mempolicy
sched_setscheduler sched_setattr setpriority ioprio_set mknod mknodat chown fchown lchown fchownat sethostname
setdomainname vhangup signalfd4 timerfd_create setuid setgid setresuid setgroups sync syncfs mincore
timer_create rt_sigqueueinfo rt_tgsigqueueinfo remap_file_pages
"""
_ENDED = """
ptrace process_vm_readv process_vm_writev pidfd_getfd mount umount2 pivot_root chroot unshare setns bpf perf_event_open
userfaultfd io_uring_setup io_uring_enter io_uring_register keyctl add_key request_key memfd_secret open_by_handle_at
init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff acct quotactl
"""

#: What servers need and no app: to listen, and PostgreSQL to share memory with its children.
TO_LISTEN = {"bind", "listen", "accept", "accept4"}
TO_SHARE = {"shmget", "shmat", "shmctl", "shmdt", "signalfd4"}
OF_SERVERS = {"postgres": TO_LISTEN | TO_SHARE, "redis": TO_LISTEN}
REFUSED, ENDED = _REFUSED.split(), _ENDED.split()


def rules(role: str, name: str) -> list[dict]:
    return [rule for rule in profile(role)["syscalls"] if name in rule["names"]]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", REFUSED)
def test_what_no_app_needs_is_refused_by_default(role: str, name: str) -> None:
    assert bool(rules(role, name)) is (name in OF_SERVERS.get(role, ()))
    assert profile(role)["defaultAction"] == REFUSE


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", ENDED)
def test_what_begins_an_escape_ends_the_process(role: str, name: str) -> None:
    assert [(rule["action"], rule["args"]) for rule in rules(role, name)] == [(KILL, [])]


@pytest.mark.parametrize("role", ROLES)
def test_no_call_has_two_rules_without_arguments(role: str) -> None:
    counted = Counter(name for rule in profile(role)["syscalls"] if not rule["args"] for name in rule["names"])
    assert [name for name, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("role", ROLES)
def test_everything_that_was_observed_is_allowed_as_it_was(role: str) -> None:
    ruled = {name for rule in profile(role)["syscalls"] for name in rule["names"] if rule["action"] == ALLOW}
    # clone3 is seen where it is not filtered; refused by ENOSYS, the C library takes clone.
    assert observed(role) - ruled <= {"clone3"}
    arguments = json.loads(OBSERVED.read_text())[role]["arguments"]
    for name, restriction in RESTRICTED.items():
        assert set(arguments.get(name, ())) - ON_PURPOSE.get(name, set()) <= set(restriction.values), name


@pytest.mark.parametrize("role", ROLES)
def test_clone_makes_no_namespace_and_clone3_is_not_there(role: str) -> None:
    mask = sum(NAMESPACE_FLAGS)
    assert mask == 0x7E020000  # what Docker's own profile masks
    permitted = [rule for rule in rules(role, "clone") if rule["action"] == ALLOW]
    assert len(permitted) == 1
    (argument,) = permitted[0]["args"]
    assert argument["op"] == "SCMP_CMP_MASKED_EQ"
    assert argument["value"] & mask == mask
    assert argument["valueTwo"] & mask == 0
    assert [(rule["action"], rule.get("errnoRet")) for rule in rules(role, "clone3")] == [(REFUSE, 38)]


def test_the_grader_starts_threads_and_no_process() -> None:
    assert not {"fork", "vfork"} & allowed("grader")
    assert {"fork", "vfork"} <= allowed("app")
    (rule,) = [rule for rule in rules("grader", "clone") if rule["action"] == ALLOW]
    assert rule["args"][0]["value"] & rule["args"][0]["valueTwo"] == CLONE_THREAD


@pytest.mark.parametrize("role", ROLES)
def test_sockets_are_of_this_machine_and_personality_can_be_asked_only(role: str) -> None:
    for name in ("socket", "socketpair"):
        assert [rule["args"] for rule in rules(role, name)] == [[{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}]]
    assert {rule["args"][0]["value"] for rule in rules(role, "personality")} == {0, 0xFFFFFFFF}


def test_every_margin_has_its_reason_and_nothing_fatal() -> None:
    for margin in MARGINS:
        assert len(margin.why) > 20
        assert not set(margin.calls) & (set(FATAL) | set(REFUSED) - TO_LISTEN - TO_SHARE), margin.name
        for role in margin.roles:
            assert not set(margin.calls) & (TO_LISTEN | TO_SHARE) - OF_SERVERS.get(role, set()), margin.name


@pytest.mark.parametrize("role", ROLES)
def test_the_machines_own_calls_are_the_only_ones(role: str) -> None:
    assert all(entry["subArchitectures"] == [] for entry in profile(role)["archMap"])


@pytest.mark.parametrize("role", ROLES)
def test_the_engine_is_given_the_profile_of_the_role(role: str) -> None:
    spec = ContainerSpec(role, "image", "", Limits(), {})
    assert f"seccomp={profile_json(role)}" in host_options(spec)["security_opt"]


def test_a_role_that_is_none_has_no_profile() -> None:
    with pytest.raises(KeyError):
        profile("worker")


def test_what_strace_says_is_read() -> None:
    seen = Seen()
    for line in (
        '12 openat(-100, "/etc/x"..., 0x80000) = 3',
        "12 socket(0x1, 0x80001, 0) = 4",
        '12 <... read resumed>""..., 4096) = 0',
        "12 ioctl(3, 0x5401, 0x7ffd) = -1 ENOTTY (Inappropriate ioctl for device)",
        "13 clone(child_stack=NULL, flags=0x1200011, child_tidptr=0x7f) = 14",
        "13 prctl(0x4, 0, 0, 0, 0 <unfinished ...>",
        "13 +++ exited with 0 +++",
        "13 --- SIGCHLD {si_signo=SIGCHLD} ---",
    ):
        seen.add(line)
    assert seen.document() == {
        "calls": ["clone", "ioctl", "openat", "prctl", "socket"],
        "arguments": {"clone": [0x1200011], "ioctl": [0x5401], "prctl": [4], "socket": [1]},
    }
