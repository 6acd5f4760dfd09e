"""Removes what dead owners left. A container goes when one of three things is sure: its owner was a process of this
machine and is gone; it has ended (its input closed with its owner, wherever that was); nobody can want it any more.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from runner.errors import SandboxUnavailable
from runner.sandbox.engine import Engine, machine_identity, process_identity

#: An ended container is left this long to its owner, who may still ask how it ended.
ENDED_FOR_S = 20.0


def is_abandoned(container: Mapping[str, Any], *, machine: str, now: float, owner_lives: bool) -> bool:
    """Whether a listed container may be removed. Pure; `owner_lives` holds for owners on this machine."""
    labels = container.get("Labels") or {}
    if labels.get("org.mendbox.host") == machine:
        return not owner_lives
    if now > float(labels.get("org.mendbox.expires") or 0):
        return True
    ended = container.get("State") in ("exited", "dead")
    return ended and now - float(container.get("Created") or 0) > ENDED_FOR_S


def reap(engine: Engine) -> list[str]:
    """Remove abandoned containers; gives their ids. Raises SandboxUnavailable when the engine can't be asked."""
    machine, now = machine_identity(), time.time()
    removed: list[str] = []
    for container in engine.pairs():
        labels = container.get("Labels") or {}
        owner = str(labels.get("org.mendbox.owner") or "")
        pid = owner.partition(":")[0]
        lives = pid.isdigit() and process_identity(int(pid)) == owner
        if not is_abandoned(container, machine=machine, now=now, owner_lives=lives):
            continue
        try:
            engine.remove(str(container["Id"]))
        except SandboxUnavailable:
            continue  # asked again at the next round
        removed.append(str(container["Id"]))
    return removed
