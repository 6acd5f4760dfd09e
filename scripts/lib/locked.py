"""What `uv.lock` and the installed packages tell about the dependencies, with no network.

Prints a line for each thing that is wrong. Whether a release was yanked stands in no lock file; nothing is said of it.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import urlsplit

from runner.sandbox.contents import licence_of
from runner.sandbox.lock import LockedPackage, read_lock
from runner.sandbox.packages import export_requirements, find_uv

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = Path(__file__).with_name("licences.toml")
_ARCHITECTURES = ("x86_64", "aarch64")


def faults_of_sources(lock: Iterable[LockedPackage], index: str) -> Iterator[str]:
    """Everything but the project itself comes from `index`, as files with hashes, fetched over TLS from one host."""
    hosts = set()
    for package in lock:
        if package.source == ("editable", "."):
            continue
        if package.source != ("registry", index):
            yield f"{package.name}: comes from {package.source[1]}, which is not the public index"
        files = [*package.wheels, *([package.sdist] if package.sdist else [])]
        if not files:
            yield f"{package.name}: has no file"
        for file in files:
            address = urlsplit(file.url)
            hosts.add(address.netloc)
            if address.scheme != "https":
                yield f"{package.name}: {file.filename} is not fetched over TLS"
            if not re.fullmatch(r"[0-9a-f]{64}", file.sha256):
                yield f"{package.name}: {file.filename} has no SHA-256"
    if len(hosts) > 1:
        yield f"files come from several hosts: {', '.join(sorted(hosts))}"


def faults_of_wheels(lock: Iterable[LockedPackage], names: set[str]) -> Iterator[str]:
    """What goes into an image is there as a wheel for each architecture: nothing is built from source."""
    for package in lock:
        if package.name in names:
            tags = {tag for wheel in package.wheels for tag in wheel.tags}
            for architecture in _ARCHITECTURES:
                fits = (tag.endswith("-any") or re.search(rf"linux.*_{architecture}$", tag) for tag in tags)
                if not any(fits):
                    yield f"{package.name}: no wheel for Linux on {architecture}"


def faults_of_licences(said: Mapping[str, str], allowed: Iterable[str], named: Mapping[str, str]) -> Iterator[str]:
    """Each distribution's licence is on the list, as a whole or in every part that is joined by AND."""
    wanted = set(allowed)
    for name, licence in sorted(said.items()):
        meant = named.get(name, licence)
        parts = [part.strip("() ") for part in meant.split(" AND ")]
        # Of several to choose from one is enough.
        if not all(set(part.split(" OR ")) & wanted for part in parts):
            yield f"{name}: its licence is {meant or 'not stated'}, which is not on the list"
    for name in sorted(set(named) - set(said)):
        yield f"{name}: is on the list of licences and not installed"


def public_index(root: Path) -> str:
    """The index that uv asks when nobody names another, in its own words."""
    told = subprocess.run([*find_uv(root), "lock", "--help"], capture_output=True, text=True, check=True).stdout
    match = re.search(r"--default-index.*?<(https://[^>\s]+)>", told, re.DOTALL)
    if match is None:
        raise SystemExit("uv's help no longer names its default index")
    return match[1]


def licences_of_installed(root: Path) -> dict[str, str]:
    """Licence by normalised name, of everything in the project's environment and in that of the audit's tools."""
    found = {}
    tools = [str(path) for path in (root / ".mendbox" / "audit").glob("lib/python3*/site-packages")]
    for each in distributions(path=[*sys.path, *tools]):
        said = each.metadata
        expression, text = (str(said[key]) if key in said else "" for key in ("License-Expression", "License"))
        name = re.sub(r"[-_.]+", "-", str(said["Name"])).lower()
        found[name] = licence_of(expression, [str(line) for line in said.get_all("Classifier") or []], text)
    return found


def names_in_images(root: Path) -> set[str]:
    """The packages that the sandbox image and the service image hold, on Linux."""
    lines = [*export_requirements(root, group="sandbox").splitlines(), *export_requirements(root).splitlines()]
    entries = [line for line in lines if re.match(r"[a-z0-9]", line) and "'win32'" not in line]
    return {line.partition("==")[0] for line in entries}


def faults(root: Path = ROOT) -> list[str]:
    """Everything that is wrong with this checkout's dependencies."""
    lock = read_lock(root / "uv.lock")
    listed = tomllib.loads(ALLOWED.read_text())
    return [
        *faults_of_sources(lock, public_index(root)),
        *faults_of_wheels(lock, names_in_images(root)),
        *faults_of_licences(licences_of_installed(root), listed["allowed"], listed["named"]),
    ]


if __name__ == "__main__":
    found = faults()
    for line in found:
        print(line)  # noqa: T201
    sys.exit(1 if found else 0)
