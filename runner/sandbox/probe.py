"""What there is on this machine, without changing any of it: the engine, its runtimes, the sandbox image.

For those who report on the engine and may not talk to it themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import docker

from runner.sandbox.base_image import DEFAULT_BASE, engine_faults, present_base
from runner.sandbox.build import ImageRef, find_image
from runner.sandbox.image import CHECKOUT, read_inputs


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """An engine that answers: versions as it writes them, runtimes sorted by name."""

    version: str
    architecture: str
    cgroup_version: str
    runtimes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """The image that this checkout needs. `base` and `tag` are None while there is no base to build on."""

    base: str | None
    tag: str | None
    image: ImageRef | None


def engine_facts(*, timeout_s: int) -> EngineFacts:
    """Asks the engine what it is. Raises SandboxUnavailable when none answers within `timeout_s`."""
    with engine_faults():
        engine = docker.from_env(timeout=timeout_s, use_context=False)
        try:
            info = engine.info()
        finally:
            engine.close()
        return EngineFacts(
            version=str(info["ServerVersion"]),
            architecture=str(info["Architecture"]),
            # Engines older than 20.10 don't say, and know only the first.
            cgroup_version=str(info.get("CgroupVersion") or "1"),
            runtimes=tuple(sorted(info.get("Runtimes") or ())),
        )


def image_facts(*, timeout_s: int, base: str = DEFAULT_BASE, checkout: Path = CHECKOUT) -> ImageFacts:
    """Looks for the image of this checkout. Raises SandboxUnavailable when no engine answers within `timeout_s`."""
    with engine_faults():
        engine = docker.from_env(timeout=timeout_s, use_context=False)
        try:
            base_name = present_base(engine, base)
            if base_name is None:
                return ImageFacts(None, None, None)
            inputs = read_inputs(str(engine.images.get(base_name).id), checkout=checkout)
            return ImageFacts(base_name, inputs.tag, find_image(engine, inputs.tag))
        finally:
            engine.close()


def named_image(tag: str, *, timeout_s: int) -> ImageRef | None:
    """The image under that tag, or None. Raises SandboxUnavailable when no engine answers within `timeout_s`."""
    with engine_faults():
        engine = docker.from_env(timeout=timeout_s, use_context=False)
        try:
            return find_image(engine, tag)
        finally:
            engine.close()
