"""Removes what owners left. A container goes when one of three things is sure: its owner was a process of this machine
and is gone; it ended some time ago (its input closed with its owner, wherever that was, or the engine was down when its
owner wanted it removed); nobody can want it any more.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from runner.errors import SandboxUnavailable
from runner.sandbox.engine import Engine, machine_identity, process_identity

#: An ended container is left this long to its owner, who may still ask how it ended.
ENDED_FOR_S = 20.0
#: Between being created and being started lie milliseconds, or an engine that went down.
NOT_STARTED_FOR_S = 120.0


def is_abandoned(
    container: Mapping[str, Any], *, machine: str, now: float, owner_lives: bool, ended_at: float | None = None
) -> bool:
    """Whether a listed container may be removed. Pure; times are the epoch's seconds.

    `owner_lives` holds for owners on this machine; `ended_at` None: it has not ended.
    """
    labels = container.get("Labels") or {}
    ours = labels.get("org.mendbox.host") == machine
    if ended_at is not None and now - ended_at > ENDED_FOR_S:
        return True
    if ours and not owner_lives:
        return True
    if container.get("State") == "created":
        return now - float(container.get("Created") or 0) > NOT_STARTED_FOR_S
    return not ours and now > float(labels.get("org.mendbox.expires") or 0)


def reap(engine: Engine) -> list[str]:
    """Remove abandoned containers; gives their ids. Raises SandboxUnavailable when the engine can't be asked."""
    machine, now = machine_identity(), time.time()
    removed: list[str] = []
    for container in engine.pairs():
        labels = container.get("Labels") or {}
        owner = str(labels.get("org.mendbox.owner") or "")
        pid = owner.partition(":")[0]
        lives = pid.isdigit() and process_identity(int(pid)) == owner
        identity = str(container["Id"])
        try:
            ended_at = _ended_at(engine.state(identity)) if container.get("State") in ("exited", "dead") else None
            if not is_abandoned(container, machine=machine, now=now, owner_lives=lives, ended_at=ended_at):
                continue
            engine.remove(identity)
        except SandboxUnavailable:
            continue  # asked again at the next round
        removed.append(identity)
    return removed


def _ended_at(state: Mapping[str, Any]) -> float | None:
    """When a container ended, in the epoch's seconds; None when the engine gives no such time."""
    try:
        # Nanoseconds are more than the parser takes, and the zone is UTC's letter.
        return datetime.fromisoformat(str(state.get("FinishedAt"))[:19] + "+00:00").timestamp()
    except ValueError:
        return None
