"""The sandbox image: what goes into it, what it is called, and how it is built.

Its tag is a digest of everything that goes in (Dockerfile, base image, pinned packages with hashes, the code of
`runner/inside`), so the image of this checkout is there or it isn't: there is nothing to go stale, and a second
build is a look-up. The build runs on the engine's classic builder, through its API, with no network: packages are
fetched by uv on the host, checked against the hashes of `uv.lock`, and copied in.

Layout inside: packages in `/opt/mendbox/site`, our code in `/opt/mendbox/lib/runner/{__init__.py,inside/}`, user
`sandbox` (65532:65532), no entry point. `python3 -I /opt/mendbox/lib/runner/inside/boot.py app|grader` starts it.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import docker
import docker.errors

from runner.errors import MendboxError, SandboxUnavailable
from runner.sandbox.base_image import DEFAULT_BASE, Progress, engine_faults, ensure_base
from runner.sandbox.packages import Target, export_requirements, python_target

REPOSITORY = "mendbox/sandbox"
ROLE_LABEL = "org.mendbox.role"
PYTHON_LABEL = "org.mendbox.python"
CHECKOUT = Path(__file__).resolve().parents[2]

_DOCKERFILE = Path(__file__).parent / "dockerfile" / "Dockerfile"
_SKIPPED = ("__pycache__", ".pyc")


@dataclass(frozen=True, slots=True)
class ImageRef:
    """An image the engine has: its id (`sha256:…`), our tag, and the version of the Python inside (`3.13.5`)."""

    id: str
    tag: str
    python: str


@dataclass(frozen=True, slots=True)
class ImageInputs:
    """All that decides what the image is. `base` is the base image's id, `files` map a path below `lib/` to bytes."""

    dockerfile: bytes
    base: str
    requirements: str
    files: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """SHA-256 in hex over every input; each part is preceded by its length, so no two inputs read the same."""
        hasher = hashlib.sha256()
        parts = [self.dockerfile, self.base.encode(), self.requirements.encode()]
        for name in sorted(self.files):
            parts += [name.encode(), self.files[name]]
        for part in parts:
            hasher.update(len(part).to_bytes(8, "big") + part)
        return hasher.hexdigest()

    @property
    def tag(self) -> str:
        return f"{REPOSITORY}:{self.digest[:12]}"


def image_inputs(dockerfile: bytes, base: str, requirements: str, files: Mapping[str, bytes]) -> ImageInputs:
    """The inputs, without what a host leaves beside sources (bytecode) and what never goes in (our host code)."""
    kept = {
        name: content
        for name, content in files.items()
        if (name == "runner/__init__.py" or name.startswith("runner/inside/"))
        and not any(mark in name for mark in _SKIPPED)
    }
    return ImageInputs(dockerfile, base, requirements, kept)


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
    with _one_builder():
        base_name = ensure_base(engine, progress, base)
        with engine_faults():
            base_id = str(engine.images.get(base_name).id)
        inputs = read_inputs(base_id, checkout=checkout)
        present = find_image(engine, inputs.tag)
        if present is not None:
            return present
        progress(f"building {inputs.tag} on {base_name}")
        _build(engine, inputs, checkout)
        built = find_image(engine, inputs.tag)
    if built is None:
        raise SandboxUnavailable(
            f"{inputs.tag} was built and is gone again", hint="build it again: mendbox image build"
        )
    return built


def find_image(engine: docker.DockerClient, tag: str) -> ImageRef | None:
    """The image under that tag, or None."""
    with engine_faults():
        try:
            image = engine.images.get(tag)
        except docker.errors.ImageNotFound:
            return None
        return ImageRef(str(image.id), tag, image.labels.get(PYTHON_LABEL, "unknown"))


def remove_other_images(engine: docker.DockerClient, keep: ImageRef) -> list[str]:
    """Removes sandbox images of other checkouts and times, but not those a container uses. Returns their tags."""
    removed = []
    with engine_faults():
        for image in engine.images.list(name=REPOSITORY):
            for tag in image.tags:
                if tag.startswith(f"{REPOSITORY}:") and tag != keep.tag:
                    try:
                        engine.images.remove(tag)
                    except docker.errors.APIError:
                        continue
                    removed.append(tag)
    return removed


def _build(engine: docker.DockerClient, inputs: ImageInputs, checkout: Path) -> None:
    with engine_faults():
        python = _python_of(engine, inputs.base)
        architecture = str(engine.info()["Architecture"])
    target = Target(".".join(python.split(".")[:2]), architecture)
    with tempfile.TemporaryDirectory(prefix="mendbox-image-") as directory:
        site = Path(directory, "site")
        python_target(site, inputs.requirements, target, checkout=checkout)
        context = _context(inputs, site)
    labels = {ROLE_LABEL: "sandbox", PYTHON_LABEL: python}
    said: list[str] = []
    failed = False
    with engine_faults():
        # Read to the end even after an error: a stream that is left open leaks its connection.
        for event in engine.api.build(
            fileobj=context,
            custom_context=True,
            tag=inputs.tag,
            buildargs={"BASE_IMAGE": inputs.base},
            labels=labels,
            network_mode="none",
            rm=True,
            forcerm=True,
            decode=True,
        ):
            line = str(event.get("error") or event.get("stream") or "").strip()
            failed = failed or "error" in event
            said = [*said, line][-8:] if line else said
    if failed:
        raise SandboxUnavailable(
            "the sandbox image did not build:\n" + "\n".join(said),
            hint="mend what the lines above name, then: mendbox image build",
        )


def _python_of(engine: docker.DockerClient, base_id: str) -> str:
    command = ["python3", "-c", "import platform; print(platform.python_version())"]
    # Step by step: the SDK's own `run` follows the output in a stream, and leaves its connection open.
    container = engine.containers.create(
        base_id, command, entrypoint=[], network_mode="none", labels={ROLE_LABEL: "build"}
    )
    try:
        container.start()
        status = container.wait()["StatusCode"]
        output = container.logs().decode("utf-8", "replace").strip()
    finally:
        container.remove(force=True)
    if status != 0:
        raise SandboxUnavailable(
            f"the base image has no working python3: {output}", hint=f"use one that has, such as {DEFAULT_BASE}"
        )
    return output


def _context(inputs: ImageInputs, site: Path) -> io.BytesIO:
    """The build context. Times and owners are fixed: the same inputs give the same bytes, and so a cached layer."""
    buffer = io.BytesIO()

    def plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = 0
        entry.mode = 0o755 if entry.isdir() else 0o644
        return entry

    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.add(site, "site", filter=plain)
        contents = {f"lib/{name}": content for name, content in inputs.files.items()}
        for name, content in sorted({"Dockerfile": inputs.dockerfile, **contents}.items()):
            entry = plain(tarfile.TarInfo(name))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    buffer.seek(0)
    return buffer


@contextmanager
def _one_builder() -> Iterator[None]:
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
            image = ensure_image(engine, progress=lambda line: print(line, file=sys.stderr))  # noqa: T201
    except MendboxError as error:
        print(f"error: {error}\nnext: {error.hint}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    print(image.tag)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
