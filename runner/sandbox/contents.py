"""What an image of ours holds, as the image itself tells: installed Python packages, Debian's packages, its release.

Nothing of the image is run: a container is made from it and never started, and its files are read.
"""

from __future__ import annotations

import re
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import PurePosixPath

import docker
import docker.errors

from runner.errors import SandboxUnavailable
from runner.sandbox.base_image import engine_faults
from runner.sandbox.build import BASE_LABEL, ROLE_LABEL, ImageRef

SITE = "/opt/mendbox/site"
_DPKG_STATUS = "/var/lib/dpkg/status"
_RELEASE = "/usr/lib/os-release"
_SPDX_OF_CLASSIFIER = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}


@dataclass(frozen=True, slots=True, order=True)
class PythonPackage:
    """An installed distribution. `licence` is an SPDX expression or the author's words; `tags` are those of `WHEEL`."""

    name: str
    version: str
    licence: str
    tags: frozenset[str]


@dataclass(frozen=True, slots=True, order=True)
class DebianPackage:
    """An installed package, as dpkg knows it. `source` names the source package that it was built from."""

    name: str
    version: str
    architecture: str
    source: str


@dataclass(frozen=True, slots=True)
class ImageContents:
    """An image's identity and everything in it that others wrote. `created` is UTC, to the second."""

    image: ImageRef
    base: str
    created: str
    release: str
    python_packages: tuple[PythonPackage, ...]
    debian_packages: tuple[DebianPackage, ...]


def read_contents(engine: docker.DockerClient, image: ImageRef) -> ImageContents:
    """Reads the image. Raises `SandboxUnavailable` when the engine fails, or when the image is none of ours."""
    with engine_faults():
        attributes = engine.images.get(image.id).attrs
        container = engine.api.create_container(image.id, ["none"], labels={ROLE_LABEL: "read"})["Id"]
        try:
            site = {
                path: content
                for path, content in _files(engine, container, SITE)
                if path.parent.name.endswith(".dist-info") and path.name in ("METADATA", "WHEEL")
            }
            status = b"".join(content for _, content in _files(engine, container, _DPKG_STATUS))
            release = b"".join(content for _, content in _files(engine, container, _RELEASE))
        finally:
            engine.api.remove_container(container, force=True)
    folders = sorted({path.parent for path in site})
    python = [python_package(site[folder / "METADATA"], site[folder / "WHEEL"]) for folder in folders]
    return ImageContents(
        image,
        base=(attributes["Config"]["Labels"] or {}).get(BASE_LABEL, ""),
        created=str(attributes["Created"])[:19] + "Z",
        release=_codename(release.decode()),
        python_packages=tuple(sorted(python, key=lambda package: package.name)),
        debian_packages=tuple(sorted(debian_packages(status.decode()))),
    )


def _files(engine: docker.DockerClient, container: str, path: str) -> Iterator[tuple[PurePosixPath, bytes]]:
    try:
        stream, _ = engine.api.get_archive(container, path)
    except docker.errors.NotFound as error:
        raise SandboxUnavailable(
            f"the image has no {path}", hint="only images that `mendbox image build` made can be read"
        ) from error
    with tempfile.TemporaryFile() as file:
        for chunk in stream:
            file.write(chunk)
        file.seek(0)
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for entry in archive:
                content = archive.extractfile(entry) if entry.isfile() else None
                if content is not None:
                    yield PurePosixPath(entry.name), content.read()


def python_package(metadata: bytes, wheel: bytes) -> PythonPackage:
    """What a distribution says of itself in its `METADATA` and `WHEEL` files."""
    said = HeaderParser().parsestr(metadata.decode("utf-8", "replace"))
    tags = HeaderParser().parsestr(wheel.decode("utf-8", "replace")).get_all("Tag", [])
    name = re.sub(r"[-_.]+", "-", str(said["Name"])).lower()
    classifiers = [str(each) for each in said.get_all("Classifier", [])]
    licence = licence_of(str(said["License-Expression"] or ""), classifiers, str(said["License"] or ""))
    return PythonPackage(name, str(said["Version"]), licence, frozenset(map(str, tags)))


def licence_of(expression: str, classifiers: list[str], text: str) -> str:
    """The licence: the SPDX expression, else what the classifiers name, else the author's line; "" where none is."""
    if expression:
        return expression
    named = [each.rpartition(" :: ")[2] for each in classifiers if each.startswith("License :: ")]
    known = sorted({_SPDX_OF_CLASSIFIER.get(each, each) for each in named} - {"OSI Approved"})
    if known:
        return ", ".join(known)
    # Some put the whole text there.
    return text.strip().partition("\n")[0].strip()


def debian_packages(status: str) -> Iterator[DebianPackage]:
    """The installed packages of a dpkg status file."""
    for paragraph in re.split(r"\n\n+", status.strip()):
        fields: dict[str, str] = dict(re.findall(r"^([A-Za-z-]+): *(.*)$", paragraph, re.MULTILINE))
        if fields.get("Status", "").endswith(" installed"):
            source = fields.get("Source", fields["Package"]).partition(" ")[0]
            yield DebianPackage(fields["Package"], fields["Version"], fields["Architecture"], source)


def _codename(release: str) -> str:
    match = re.search(r"^VERSION_CODENAME=(\w+)$", release, re.MULTILINE)
    return match[1] if match else ""
