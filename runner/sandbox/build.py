"""Builds images out of inputs that are known beforehand, and names them by a digest of those inputs.

An image of the inputs at hand is there or it isn't: there is nothing to go stale, and a second build is a look-up. The
build runs on the engine's classic builder, through its API, with no network. Its context holds the Dockerfile, `site/`
(Python packages, see `runner.sandbox.packages`) and `lib/` (the inputs' files).
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import docker
import docker.errors

from runner.errors import SandboxUnavailable
from runner.sandbox.base_image import DEFAULT_BASE, Progress, engine_faults
from runner.sandbox.packages import Target, python_target

ROLE_LABEL = "org.mendbox.role"
PYTHON_LABEL = "org.mendbox.python"
#: The id of the base image.
BASE_LABEL = "org.mendbox.base"
#: Beside the tag that names an image's content: the one that `mendbox image build --services` built last.
CURRENT = "current"


@dataclass(frozen=True, slots=True)
class ImageRef:
    """An image the engine has: its id (`sha256:…`), our tag, and the version of the Python inside (`3.13.5`)."""

    id: str
    tag: str
    python: str


@dataclass(frozen=True, slots=True)
class ImageInputs:
    """All that decides what an image is. `base` is the base image's id, `files` map a path below `lib/` to bytes.

    `requirements` are Python packages with hashes; empty: none go in.
    """

    dockerfile: bytes
    base: str
    requirements: str
    files: Mapping[str, bytes]
    repository: str

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
        return f"{self.repository}:{self.digest[:12]}"

    @property
    def role(self) -> str:
        """What the image is for, as its label says."""
        return self.repository.rpartition("/")[2]


def find_image(engine: docker.DockerClient, tag: str) -> ImageRef | None:
    """The image under that tag, or None."""
    with engine_faults():
        try:
            image = engine.images.get(tag)
        except docker.errors.ImageNotFound:
            return None
        return ImageRef(str(image.id), tag, image.labels.get(PYTHON_LABEL, "unknown"))


def ensure_built(
    engine: docker.DockerClient, inputs: ImageInputs, base_name: str, *, progress: Progress, checkout: Path
) -> ImageRef:
    """The image of these inputs, built if the engine has it not. `progress` gets a line when it is built.

    Raises `SandboxUnavailable` when the engine does not answer, or when packages or build can't be had.
    """
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


def name_current(engine: docker.DockerClient, image: ImageRef, repository: str) -> str:
    """Gives the image the tag `<repository>:current`, which moves with every build; returns that tag."""
    with engine_faults():
        engine.api.tag(image.id, repository, CURRENT)
    return f"{repository}:{CURRENT}"


def remove_others(engine: docker.DockerClient, repository: str, keep: set[str]) -> list[str]:
    """Removes the repository's images but those with an id in `keep` and those a container uses. Returns their tags."""
    removed = []
    with engine_faults():
        for image in engine.images.list(name=repository):
            if image.id in keep:
                continue
            for tag in image.tags:
                if tag.startswith(f"{repository}:"):
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
    with tempfile.TemporaryDirectory(prefix="mendbox-image-") as directory:
        site = Path(directory, "site")
        if inputs.requirements:
            target = Target(".".join(python.split(".")[:2]), architecture)
            python_target(site, inputs.requirements, target, checkout=checkout)
        context = _context(inputs, site)
    said: list[str] = []
    failed = False
    with engine_faults():
        # Read to the end even after an error: a stream that is left open leaks its connection.
        for event in engine.api.build(
            fileobj=context,
            custom_context=True,
            tag=inputs.tag,
            buildargs={"BASE_IMAGE": inputs.base},
            labels={ROLE_LABEL: inputs.role, PYTHON_LABEL: python, BASE_LABEL: inputs.base},
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
            f"the {inputs.role} image did not build:\n" + "\n".join(said),
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
        if site.exists():
            archive.add(site, "site", filter=plain)
        contents = {f"lib/{name}": content for name, content in inputs.files.items()}
        for name, content in sorted({"Dockerfile": inputs.dockerfile, **contents}.items()):
            entry = plain(tarfile.TarInfo(name))
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    buffer.seek(0)
    return buffer
