"""The seccomp profile of each role, in the engine's JSON: what was observed, an argued margin, and what ends a process.

`observed.json` is written by `python -m runner.sandbox.seccomp.derive`. A call that stands nowhere is refused with
EPERM; clone3 with ENOSYS, upon which a C library takes clone, whose flags a filter can read. Needs an engine of
20.10.10 or later (an error number of a rule's own) and runc 1.1.0 or later (SCMP_ACT_KILL_PROCESS; an older one starts
no container: "not a valid action for seccomp"). gVisor makes nothing of any profile: it serves system calls itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from runner.sandbox.seccomp.margins import (
    CLONE_THREAD,
    EQUIVALENTS,
    FATAL,
    FORKS,
    MARGINS,
    NAMESPACE_FLAGS,
    RESTRICTED,
)
from runner.services import SERVICES

OBSERVED = Path(__file__).with_name("observed.json")
ROLES = ("app", "grader", *SERVICES)
#: Whose program starts processes.
PARENTS = ("app", *SERVICES)
_ENOSYS = 38
_ALLOW, _KILL, _REFUSE = "SCMP_ACT_ALLOW", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_ERRNO"


def observed(role: str) -> frozenset[str]:
    """The calls that a role was seen to make. Raises KeyError for a role that is none."""
    return frozenset(_observed()[role]["calls"])


def allowed(role: str) -> frozenset[str]:
    """Every call that a role may make with whatever arguments. Raises KeyError for a role that is none."""
    names = set(observed(role)) | {name for margin in MARGINS if role in margin.roles for name in margin.calls}
    for group in EQUIVALENTS:
        if not names.isdisjoint(group):
            names.update(group)
    names.difference_update(FORKS)
    if role in PARENTS:
        names.update(FORKS)
    return frozenset(names.difference(FATAL, RESTRICTED, ("clone", "clone3")))


def profile(role: str) -> dict[str, Any]:
    """The profile as the engine takes it. Raises KeyError for a role that is none."""
    rules = [_rule(sorted(allowed(role)), _ALLOW)]
    for name, restriction in RESTRICTED.items():
        rules += [_rule([name], _ALLOW, [_equals(restriction.index, value)]) for value in restriction.values]
    # Flags of a namespace end the process; so no rule that allows may hold for them, too.
    mask = sum(NAMESPACE_FLAGS)
    if role in PARENTS:
        rules.append(_rule(["clone"], _ALLOW, [_masked(mask, 0)]))
    else:
        rules.append(_rule(["clone"], _ALLOW, [_masked(mask | CLONE_THREAD, CLONE_THREAD)]))
    rules += [_rule(["clone"], _KILL, [_masked(flag, flag)]) for flag in NAMESPACE_FLAGS]
    rules.append({**_rule(["clone3"], _REFUSE), "errnoRet": _ENOSYS})
    rules.append(_rule(list(FATAL), _KILL))
    return {
        "defaultAction": _REFUSE,
        # The machine's own calls alone: one by the numbers of 32 bits or of x32 ends the process.
        "archMap": [
            {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []},
            {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": []},
        ],
        "syscalls": rules,
    }


@lru_cache
def profile_json(role: str) -> str:
    """The profile as text, for the engine's option `seccomp=…`."""
    return json.dumps(profile(role), separators=(",", ":"))


def _rule(names: Sequence[str], action: str, arguments: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    return {"names": list(names), "action": action, "args": list(arguments)}


def _equals(index: int, value: int) -> dict[str, Any]:
    return {"index": index, "value": value, "op": "SCMP_CMP_EQ"}


def _masked(mask: int, value: int) -> dict[str, Any]:
    return {"index": 0, "value": mask, "valueTwo": value, "op": "SCMP_CMP_MASKED_EQ"}


@lru_cache
def _observed() -> dict[str, Any]:
    return dict(json.loads(OBSERVED.read_text()))
