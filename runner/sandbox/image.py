"""The sandbox image: what goes into it, what it is called, and how it is had.

Its tag is a digest of everything that goes in (Dockerfile, base image, pinned packages with hashes, the code of
`runner/inside`). Packages are fetched by uv on the host, checked against the hashes of `uv.lock`, and copied in.

Layout inside: packages in `/opt/mendbox/site`, our code in `/opt/mendbox/lib/runner/{__init__.py,inside/}`, user
`sandbox` (65532:65532), no entry point. `python3 -I /opt/mendbox/lib/runner/inside/boot.py app|grader` starts it.
"""

from __future__ import annotations

import fcntl
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path

import docker

from runner.errors import MendboxError
from runner.sandbox.base_image import DEFAULT_BASE, Progress, engine_faults, ensure_base
from runner.sandbox.build import CURRENT, ImageInputs, ImageRef, ensure_built, find_image, remove_others
from runner.sandbox.packages import export_requirements
from runner.services import SERVICES, Service

REPOSITORY = "mendbox/sandbox"
CHECKOUT = Path(__file__).resolve().parents[2]

_FILES = Path(__file__).parent / "dockerfile"
_DOCKERFILE = _FILES / "Dockerfile"
_SKIPPED = ("__pycache__", ".pyc")


def image_inputs(dockerfile: bytes, base: str, requirements: str, files: Mapping[str, bytes]) -> ImageInputs:
    """The inputs, without what a host leaves beside sources (bytecode) and what never goes in (our host code)."""
    kept = {
        name: content
        for name, content in files.items()
        if (name == "runner/__init__.py" or name.startswith("runner/inside/"))
        and not any(mark in name for mark in _SKIPPED)
    }
    return ImageInputs(dockerfile, base, requirements, kept, REPOSITORY)


def read_inputs(base_id: str, *, checkout: Path = CHECKOUT) -> ImageInputs:
    """The inputs as this checkout has them now."""
    runner = checkout / "runner"
    paths = [runner / "__init__.py", *(path for path in (runner / "inside").rglob("*") if path.is_file())]
    files = {path.relative_to(checkout).as_posix(): path.read_bytes() for path in paths}
    return image_inputs(_DOCKERFILE.read_bytes(), base_id, export_requirements(checkout, group="sandbox"), files)


def ensure_image(
    engine: docker.DockerClient, *, progress: Progress, base: str = DEFAULT_BASE, checkout: Path = CHECKOUT
) -> ImageRef:
    """The sandbox image of this checkout, built if the engine has it not. `progress` gets one line for each slow step.

    Raises `SandboxUnavailable` when the engine does not answer, or when base, packages or build can't be had.
    """
    with one_builder():
        base_name = ensure_base(engine, progress, base)
        with engine_faults():
            base_id = str(engine.images.get(base_name).id)
        inputs = read_inputs(base_id, checkout=checkout)
        return ensure_built(engine, inputs, base_name, progress=progress, checkout=checkout)


def ensure_server_images(
    engine: docker.DockerClient,
    sandbox: ImageRef,
    names: Iterable[str] = SERVICES,
    *,
    progress: Progress,
    checkout: Path = CHECKOUT,
) -> dict[str, ImageRef]:
    """The images of challenges' own servers of these kinds, by service, on that sandbox image; built where missing.

    Raises `SandboxUnavailable`, as `ensure_image` does.
    """
    return {name: _ensure_server_image(engine, SERVICES[name], sandbox, progress, checkout) for name in names}


def _ensure_server_image(
    engine: docker.DockerClient, service: Service, sandbox: ImageRef, progress: Progress, checkout: Path
) -> ImageRef:
    with one_builder():
        requirements = export_requirements(checkout, group=service.group)
        files = {name: (_FILES / name).read_bytes() for name in service.files}
        dockerfile = (_FILES / f"{service.name}.Dockerfile").read_bytes()
        inputs = ImageInputs(dockerfile, sandbox.id, requirements, files, service.repository)
        return ensure_built(engine, inputs, sandbox.tag, progress=progress, checkout=checkout)


def ensure_images(
    engine: docker.DockerClient, image: str, server_images: Mapping[str, str], *, progress: Progress
) -> tuple[str, Mapping[str, str]]:
    """The tags of the sandbox image, and by service of the servers': those that were given, else built.

    Where only the sandbox image was given there is none for a server, since none is known to fit it. Raises
    `SandboxUnavailable`.
    """
    given = {name: tag for name, tag in server_images.items() if tag}
    if image:
        return image, given
    sandbox = ensure_image(engine, progress=progress)
    built = ensure_server_images(engine, sandbox, [name for name in SERVICES if name not in given], progress=progress)
    return sandbox.tag, {**given, **{name: image.tag for name, image in built.items()}}


def remove_other_images(engine: docker.DockerClient, *keep: ImageRef) -> list[str]:
    """Removes sandbox images of other checkouts and times, but not those a container uses or Compose would start.

    Returns their tags.
    """
    kept = {image.id for image in keep}
    removed: list[str] = []
    # Those that stand on others first: an image that another stands on can't be removed.
    for repository in (*(service.repository for service in SERVICES.values()), REPOSITORY):
        current = find_image(engine, f"{repository}:{CURRENT}")
        removed += remove_others(engine, repository, kept | ({current.id} if current else set()))
    return removed


@contextmanager
def one_builder() -> Iterator[None]:
    """Workers that start together on one machine build one image, not one each."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "mendbox"
    with ExitStack() as held:
        # A home that can't be written to costs a second build at worst.
        with suppress(OSError):
            cache.mkdir(parents=True, exist_ok=True)
            lock = held.enter_context((cache / "image.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Builds the image and prints its tag: what set-up calls, with no command line to depend on."""
    try:
        with engine_faults():
            engine = docker.from_env(use_context=False)
        with closing(engine):
            image, _ = ensure_images(engine, "", {}, progress=lambda line: print(line, file=sys.stderr))  # noqa: T201
    except MendboxError as error:
        print(f"error: {error}\nnext: {error.hint}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    print(image)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
