"""Where a slot gets its sandbox from, named by an import path so that another one can be put in its place.

A provider is a class: `Provider(settings)`. A slot calls `open`, a supervisor calls `reap`.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol, cast

from runner.errors import MendboxError
from runner.grading.report import Sandbox
from runner.packages.finder import services_in
from runner.sandbox.engine import Engine
from runner.sandbox.image import ensure_images
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.reaper import reap
from runner.sandbox.selftest import require_walls
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.versions import log_known_holes
from runner.services import SERVICES
from runner.visible_run import Told, VisibleReport, VisibleWork
from store.settings import Settings

_log = logging.getLogger(__name__)
#: How long a slot waits for its first warm pair before it takes gradings without.
WARM_WAIT_S = 30.0
DOCKER = "worker.sandboxes:DockerProvider"


class BadSandboxPath(MendboxError):
    """The import path names no provider."""


class SlotSandbox(Sandbox, Protocol):
    """A sandbox that a slot owns."""

    def check(self) -> None:
        """Raises PlatformFault while it could not run a grading."""

    def run_visible(self, work: VisibleWork, told: Told, stopped: Callable[[], bool]) -> VisibleReport:
        """Run a candidate's visible tests, beside any `run`. Raises PlatformFault, and what the two calls raise."""

    def close(self) -> None:
        """End all that it keeps. Also called from another thread while `run` is in progress."""


class Provider(Protocol):
    """Opens sandboxes and removes what dead owners left."""

    def open(self) -> SlotSandbox:
        """A sandbox of the caller's own. Raises PlatformFault when there can be none now."""

    def reap(self) -> int:
        """Remove what dead owners left; how much there was. Raises PlatformFault."""


def provider(path: str, settings: Settings) -> Provider:
    """The provider at `module:name`. Raises BadSandboxPath."""
    module, _, name = path.partition(":")
    try:
        make = cast(Callable[[Settings], Provider], getattr(importlib.import_module(module), name))
    except (ImportError, AttributeError, ValueError) as error:
        raise BadSandboxPath(
            f"no sandbox provider at {path!r}: {error}", hint="give it as module:name, like " + DOCKER
        ) from error
    return make(settings)


class DockerProvider:
    """Warm pairs in the container engine."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._told = False

    def open(self) -> SlotSandbox:
        """Connect, make sure of the image (built if it is not there) and of every wall, begin to keep pairs warm."""
        return DockerSlotSandbox(self._settings)

    def reap(self) -> int:
        """Remove the containers of dead slots. The first call also logs which known holes the engine's versions have.

        A worker does this from its start, once for all its slots.
        """
        engine = Engine(self._settings.docker_timeout_s)
        try:
            if not self._told:
                log_known_holes(engine, _log)
                self._told = True
            return len(reap(engine))
        finally:
            engine.close()


class DockerSlotSandbox(DockerSandbox):
    """A DockerSandbox that owns its connection to the engine and can be asked whether it works."""

    def __init__(self, settings: Settings) -> None:
        self._own = Engine(settings.docker_timeout_s)
        try:
            given = settings.image, server_images(settings)
            images = ensure_images(self._own.client, *given, progress=_log.info)
            wanted = sandbox_settings(settings, images, settings.warm_pairs)
            require_walls(self._own, to_examine(settings, wanted))
            super().__init__(self._own, wanted)
        except BaseException:
            self._own.close()
            raise
        self.expect(services_in(settings.challenges))
        self.start()
        # A slot that takes gradings is a warm one: without a pair, the first grading would wait as long for its own.
        self._just_started = self.wait_until_warm(WARM_WAIT_S, pairs=1) and settings.warm_pairs > 0

    def check(self) -> None:
        """Raises SandboxUnavailable while the engine does not answer, the image is gone, or no pair can be started."""
        self._own.image_id(self._image_id)
        if not self._just_started:
            self.probe()
        self._just_started = False

    def close(self) -> None:
        """End every pair and the connection."""
        super().close()
        self._own.close()


def to_examine(settings: Settings, wanted: SandboxSettings) -> SandboxSettings:
    """What of the sandbox is looked at before it is used: a server's container where a challenge here brings one."""
    brought = {name for services in services_in(settings.challenges) for name in services}
    return replace(wanted, server_images={name: tag for name, tag in wanted.server_images.items() if name in brought})


def server_images(settings: Settings) -> dict[str, str]:
    """The images of challenges' own servers that the settings name, by service; "" where they name none."""
    return {name: str(getattr(settings, service.setting)) for name, service in SERVICES.items()}


def sandbox_settings(settings: Settings, images: tuple[str, Mapping[str, str]], warm_pairs: int) -> SandboxSettings:
    """What the sandbox needs of all settings. `images`: the sandbox's own, and by service those of servers."""
    return SandboxSettings(
        image=images[0],
        server_images=images[1],
        runtime=settings.runtime,
        engine_timeout_s=settings.docker_timeout_s,
        warm_pairs=warm_pairs,
        warm_max_age_s=settings.warm_max_age_s,
    )
