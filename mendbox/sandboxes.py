"""Opens the sandbox for commands that grade here and now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_images
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.reaper import reap
from runner.sandbox.selftest import require_walls
from store.settings import Settings
from worker.sandboxes import sandbox_settings, server_images, to_examine


@contextmanager
def open_sandbox(
    settings: Settings, progress: Callable[[str], None], *, warm_pairs: int = 0
) -> Iterator[DockerSandbox]:
    """A sandbox on this machine's engine, its image built when it is not there, its walls looked at first.

    Raises SandboxUnavailable, SandboxUnconfined.
    """
    engine = Engine(settings.docker_timeout_s)
    try:
        images = ensure_images(engine.client, settings.image, server_images(settings), progress=progress)
        reap(engine)
        wanted = sandbox_settings(settings, images, warm_pairs)
        require_walls(engine, to_examine(settings, wanted))
        sandbox = DockerSandbox(engine, wanted)
        if warm_pairs:
            sandbox.start()
        try:
            yield sandbox
        finally:
            sandbox.close()
    finally:
        engine.close()
