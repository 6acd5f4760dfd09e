"""What a command's processes have on the engine: found by the owner that each container names in a label."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from runner.sandbox.engine import Engine


@contextmanager
def own_engine() -> Iterator[Engine]:
    with closing(Engine(30.0)) as engine:
        yield engine


def containers_of(engine: Engine, pid: int) -> set[str]:
    """Containers that the process `pid`, or a child of it at any depth, started and that are still there."""
    owners = {str(pid), *map(str, _descendants(pid))}
    return {
        str(container["Id"])
        for container in engine.pairs()
        if str(container["Labels"].get("org.mendbox.owner")).partition(":")[0] in owners
    }


def containers_once_started(engine: Engine, pid: int, *, least: int, within_s: float = 60.0) -> set[str]:
    """Waits until there are at least so many."""
    deadline = time.monotonic() + within_s
    while len(found := containers_of(engine, pid)) < least:
        assert time.monotonic() < deadline, f"{len(found)} containers, not {least}"
        time.sleep(0.02)
    return found


def still_there(engine: Engine, containers: set[str]) -> set[str]:
    return containers & {str(container["Id"]) for container in engine.pairs()}


def _descendants(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield int(child)
            yield from _descendants(int(child))
