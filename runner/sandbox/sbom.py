"""A software bill of materials for an image of ours: CycloneDX 1.6, as JSON.

It is made of what the image holds and of what `uv.lock` says of it, and of nothing else: the same image gives the same
document, its serial number and its time included.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from runner.errors import SandboxUnavailable
from runner.sandbox.contents import DebianPackage, ImageContents, PythonPackage
from runner.sandbox.lock import Artifact, LockedPackage

SPEC_VERSION = "1.6"
_ROOT = "image"
_OURS = "mendbox"
#: What an SPDX expression has and a single licence has not.
_OPERATORS = (" AND ", " OR ", " WITH ")


def bill_of_materials(contents: ImageContents, lock: Iterable[LockedPackage], version: str) -> dict[str, Any]:
    """The document. `version` is that of our own code in the image.

    Raises `SandboxUnavailable` when the image holds a Python package that the lock file does not name.
    """
    locked = {(package.name, package.version): package for package in lock}
    names = {package.name for package in contents.python_packages}
    python = [_python(package, locked) for package in contents.python_packages]
    debian = [_debian(package, contents.release) for package in contents.debian_packages]
    interpreter = {
        "type": "platform",
        "bom-ref": f"python@{contents.image.python}",
        "name": "python",
        "version": contents.image.python,
        "purl": f"pkg:generic/python@{contents.image.python}",
    }
    ours = {"type": "application", "bom-ref": _OURS, "name": "mendbox", "version": version}
    components = [ours, interpreter, *python, *debian]
    document: dict[str, Any] = {
        "$schema": f"http://cyclonedx.org/schema/bom-{SPEC_VERSION}.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "version": 1,
        "metadata": {
            "timestamp": contents.created,
            "tools": {"components": [{"type": "application", "name": "mendbox", "version": version}]},
            "component": _image(contents),
        },
        "components": components,
        "dependencies": [
            {"ref": _ROOT, "dependsOn": sorted(str(component["bom-ref"]) for component in components)},
            *_dependencies(contents.python_packages, locked, names),
        ],
    }
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    return {**document, "serialNumber": uuid.uuid5(uuid.NAMESPACE_OID, digest).urn}


def _image(contents: ImageContents) -> dict[str, Any]:
    repository, _, tag = contents.image.tag.rpartition(":")
    facts = {"id": contents.image.id, "base": contents.base, "debian-release": contents.release}
    return {
        "type": "container",
        "bom-ref": _ROOT,
        "name": repository,
        "version": tag,
        "properties": [{"name": f"mendbox:image:{name}", "value": value} for name, value in facts.items() if value],
    }


def _python(package: PythonPackage, locked: dict[tuple[str, str], LockedPackage]) -> dict[str, Any]:
    wheel = _wheel(package, locked)
    purl = _python_purl(package.name, package.version)
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": wheel.sha256}],
        "externalReferences": [{"type": "distribution", "url": wheel.url}],
    }
    if package.licence:
        component["licenses"] = _licences(package.licence)
    return component


def _wheel(package: PythonPackage, locked: dict[tuple[str, str], LockedPackage]) -> Artifact:
    entry = locked.get((package.name, package.version))
    wheel = entry.wheel_with(package.tags) if entry is not None else None
    if wheel is None or not wheel.sha256:
        raise SandboxUnavailable(
            f"the image holds {package.name} {package.version} as a wheel that uv.lock does not name",
            hint="it was built from another lock file: build it from this checkout with `mendbox image build`",
        )
    return wheel


def _licences(licence: str) -> list[dict[str, Any]]:
    if any(operator in licence for operator in _OPERATORS):
        return [{"expression": licence}]
    return [{"license": {"name": licence}}]


def _python_purl(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{quote(version, safe='')}"


def _debian(package: DebianPackage, release: str) -> dict[str, Any]:
    # The package URL specification leaves the colon of an epoch as it is, and encodes the plus sign.
    purl = (
        f"pkg:deb/debian/{quote(package.name, safe='')}@{quote(package.version, safe=':')}?arch={package.architecture}"
    )
    purl += f"&distro={release}" if release else ""
    return {
        "type": "library",
        "bom-ref": purl,
        "name": package.name,
        "version": package.version,
        "purl": purl,
        "properties": [{"name": "mendbox:debian:source", "value": package.source}],
    }


def _dependencies(
    packages: Iterable[PythonPackage], locked: dict[tuple[str, str], LockedPackage], names: set[str]
) -> list[dict[str, Any]]:
    """Which of the image's packages need which others of them, as the lock file says."""
    refs = {package.name: _python_purl(package.name, package.version) for package in packages}
    needs = {package.name: locked[package.name, package.version].dependencies & names for package in packages}
    return [
        {"ref": refs[name], "dependsOn": sorted(refs[each] for each in needs[name])}
        for name in sorted(needs)
        if needs[name]
    ]
