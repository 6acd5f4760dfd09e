"""The base image: what every image of ours stands on.

`python:3.13-slim` where the engine has it or can pull it. Where it can't (no way to a registry) and `mmdebstrap` is
there, a base is made from Debian 13 packages: the interpreter, certificates, and nothing that installs anything. Their
archives must be signed by Debian's own keys, and no other key that the machine happens to trust will do. The base is
tagged by a digest of its recipe, so it is made once for each machine.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
import docker.errors
import requests

from runner.errors import SandboxUnavailable

Progress = Callable[[str], None]

DEFAULT_BASE = "python:3.13-slim"
OWN_BASE_REPOSITORY = "mendbox/base"

_SUITE = "trixie"
#: From Debian's package debian-archive-keyring. mmdebstrap's own choice would be every key that the host's apt trusts.
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_RECIPE = (
    "--quiet",
    "--variant=essential",
    "--include=python3,ca-certificates",
    '--aptopt=APT::Install-Recommends "false"',
    f"--keyring={KEYRING}",
    *(
        f'--aptopt={option} "false"'
        for option in (
            "APT::Get::AllowUnauthenticated",
            "Acquire::AllowInsecureRepositories",
            "Acquire::AllowDowngradeToInsecureRepositories",
            "Acquire::AllowWeakRepositories",
        )
    ),
    *(f"--dpkgopt=path-exclude=/usr/share/{part}/*" for part in ("doc", "info", "lintian", "locale", "man")),
    # The mirror that this machine happens to use is nobody else's business, and nothing is installed from it later.
    '--customize-hook=: > "$1/etc/apt/sources.list"',
    '--customize-hook=find "$1" -xdev -type f -perm /6000 -exec chmod a-s {} +',
)
_MAKE_DEADLINE_S = 600


@dataclass(frozen=True, slots=True)
class DebianRecipe:
    """What a base of our own holds beyond the interpreter: `name` for its tag, further arguments to mmdebstrap."""

    name: str = ""
    more: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        return (*_RECIPE, *self.more)

    @property
    def tag(self) -> str:
        """`mendbox/base:trixie-<name>-<digest of the recipe>`."""
        digest = hashlib.sha256("\0".join((*self.arguments, _SUITE)).encode()).hexdigest()
        return f"{OWN_BASE_REPOSITORY}:{'-'.join(filter(None, (_SUITE, self.name, digest[:8])))}"


def own_base_tag() -> str:
    """The tag of the base made here: a digest of its recipe."""
    return DebianRecipe().tag


def ensure_base(engine: docker.DockerClient, progress: Progress, base: str = DEFAULT_BASE) -> str:
    """The name of a base image the engine has: `base` itself, or our own where `base` can't be had.

    Raises `SandboxUnavailable` when neither is there nor can be made.
    """
    present = present_base(engine, base)
    if present is not None:
        return present
    reason = pull(engine, base, progress)
    if reason is None:
        return base
    if base != DEFAULT_BASE:
        raise SandboxUnavailable(
            f"the base image {base} is neither present nor pullable: {_first_line(reason)}",
            hint=f"run `docker pull {base}`, or build on the default base, {DEFAULT_BASE}",
        )
    return make_own_base(engine, progress, DebianRecipe(), instead_of=base)


def present_base(engine: docker.DockerClient, base: str = DEFAULT_BASE) -> str | None:
    """The base that `ensure_base` would return without pulling or making one, or None."""
    # Who asked for another base by name does not want ours in its stead.
    return first_present(engine, *((base, own_base_tag()) if base == DEFAULT_BASE else (base,)))


def first_present(engine: docker.DockerClient, *names: str) -> str | None:
    """The first of these images that the engine has, or None."""
    with engine_faults():
        for name in names:
            try:
                engine.images.get(name)
            except docker.errors.ImageNotFound:
                continue
            return name
    return None


def pull(engine: docker.DockerClient, name: str, progress: Progress) -> str | None:
    """Pulls an image. None when it is there then, else the engine's reason, which `progress` gets too."""
    progress(f"pulling {name}")
    reason = _pull(engine, name)
    if reason is not None:
        progress(f"{name} can't be pulled ({_first_line(reason)})")
    return reason


def _pull(engine: docker.DockerClient, name: str) -> str | None:
    with engine_faults():
        try:
            # Not streamed: a stream that fails leaves its connection open.
            lines = str(engine.api.pull(name)).strip().splitlines()
        except docker.errors.APIError as error:
            return str(error.explanation or error)
    # A pull that fails half-way is answered with success, and the reason in its last line.
    if first_present(engine, name) is not None:
        return None
    return lines[-1] if lines else "no reason given"


@contextmanager
def engine_faults() -> Iterator[None]:
    """Turns every way in which the engine fails to answer into `SandboxUnavailable` with the next step."""
    try:
        yield
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        raise SandboxUnavailable(
            f"the container engine failed: {_first_line(str(error))}",
            hint="run `docker info` to see whether the engine answers; `scripts/setup` installs and starts one",
        ) from error


def make_own_base(engine: docker.DockerClient, progress: Progress, recipe: DebianRecipe, *, instead_of: str) -> str:
    """Makes a base from Debian packages; returns its tag. Raises `SandboxUnavailable` where that can't be done."""
    tool = shutil.which("mmdebstrap")
    if tool is None or os.geteuid() != 0:
        missing = "mmdebstrap is not installed" if tool is None else "making one from Debian packages needs root"
        raise SandboxUnavailable(
            f"there is no base image: {instead_of} is neither present nor pullable, and {missing}",
            hint=f"run `docker pull {instead_of}` where there is a way to a registry, or `scripts/setup` as root",
        )
    if not KEYRING.exists():
        raise SandboxUnavailable(
            f"there is no {KEYRING}, and packages whose signatures can't be checked are not taken",
            hint="install debian-archive-keyring, or run `scripts/setup`",
        )
    progress(f"making a base image from Debian 13 packages instead: {recipe.tag} (about half a minute)")
    with tempfile.TemporaryDirectory(prefix="mendbox-base-") as directory:
        archive = Path(directory, "base.tar")
        _run_mmdebstrap([tool, *recipe.arguments, _SUITE, str(archive)], Path(directory), instead_of)
        with engine_faults():
            repository, _, version = recipe.tag.partition(":")
            engine.api.import_image_from_file(str(archive), repository=repository, tag=version)
    return recipe.tag


def _run_mmdebstrap(command: list[str], directory: Path, instead_of: str) -> None:
    hint = f"check that this machine reaches a Debian mirror, or put {instead_of} into the engine by `docker load`"
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "TMPDIR": str(directory)}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=_MAKE_DEADLINE_S, check=False
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise SandboxUnavailable(f"mmdebstrap did not make a base image: {error}", hint=hint) from error
    if done.returncode != 0:
        tail = "\n".join(done.stderr.strip().splitlines()[-5:])
        raise SandboxUnavailable(f"mmdebstrap did not make a base image:\n{tail}", hint=hint)


def _first_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0] if lines else "no reason given"
