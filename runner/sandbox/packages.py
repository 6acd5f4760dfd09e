"""Python packages for an image, fetched on the host: pinned and hashed by `uv.lock`, wheels only.

Builds have no network, so they need no index and no certificates, and what goes in is what the lock file names. uv's
cache is left out: it keeps wheels unpacked, with the hash that they had once, and does not look whether they still do.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from runner.errors import SandboxUnavailable

_DEADLINE_S = 600
_ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}


@dataclass(frozen=True, slots=True)
class Target:
    """The interpreter that will import the packages: version such as `3.13`, architecture as the engine names it."""

    python: str
    architecture: str

    @property
    def platform(self) -> str:
        """uv's name of the platform. Raises `SandboxUnavailable` for an architecture we have no wheels for."""
        known = _ARCHITECTURES.get(self.architecture)
        if known is None:
            raise SandboxUnavailable(
                f"the engine runs on {self.architecture}; the sandbox image is built for x86_64 and aarch64",
                hint="use an engine on one of those, through DOCKER_HOST",
            )
        return f"{known}-manylinux_2_28"


def find_uv(checkout: Path) -> list[str]:
    """The command that starts uv: from PATH, from set-up's private environment, or as a module."""
    on_path = shutil.which("uv")
    if on_path is not None:
        return [on_path]
    private = checkout / ".mendbox" / "uv" / "bin" / "uv"
    if private.exists():
        return [str(private)]
    module = [sys.executable, "-m", "uv"]
    if subprocess.run([*module, "--version"], capture_output=True, check=False).returncode == 0:
        return module
    raise SandboxUnavailable("uv is not here, and the image's packages are fetched with it", hint="run `scripts/setup`")


def export_requirements(checkout: Path, *, group: str = "") -> str:
    """The packages of a dependency group as requirements with hashes, from `uv.lock`; no group: the project's."""
    if not (checkout / "uv.lock").is_file():
        raise SandboxUnavailable(
            f"{checkout} has no uv.lock, and the image is built from what it pins",
            hint="build the image from a checkout of the project: `mendbox image build`",
        )
    which = ["--only-group", group] if group else ["--no-default-groups"]
    arguments = ["export", "--quiet", "--locked", *which, "--no-emit-project", "--no-header"]
    text = _run_uv(checkout, [*arguments, "--no-annotate", "--format", "requirements-txt"])
    return text.strip() + "\n"


def python_target(directory: Path, requirements: str, target: Target, *, checkout: Path) -> None:
    """Installs `requirements` (text with hashes) into `directory`, for `target`: wheels only, no console scripts.

    Each wheel is read anew and held against its hash, whatever the environment says of uv's checks. Raises
    `SandboxUnavailable` when one has another hash, none, or can't be had.
    """
    listed = directory.parent / f"{directory.name}.requirements.txt"
    listed.write_text(requirements, encoding="utf-8")
    what = ["--no-cache", "--require-hashes", "--only-binary", ":all:", "--requirements", str(listed)]
    whither = ["--target", str(directory), "--python-version", target.python, "--python-platform", target.platform]
    _run_uv(checkout, ["pip", "install", "--quiet", "--no-config", "--link-mode", "copy", *whither, *what])
    # Console scripts name the host's interpreter; nothing in an image calls them.
    shutil.rmtree(directory / "bin", ignore_errors=True)


def _run_uv(checkout: Path, arguments: list[str]) -> str:
    command = [*find_uv(checkout), *arguments]
    try:
        done = subprocess.run(command, cwd=checkout, capture_output=True, text=True, timeout=_DEADLINE_S, check=False)
    except (subprocess.TimeoutExpired, OSError) as error:
        raise SandboxUnavailable(f"uv {arguments[0]} did not end: {error}", hint="check the network") from error
    if done.returncode != 0:
        raise SandboxUnavailable(
            f"uv {arguments[0]} failed:\n{done.stderr.strip()}",
            hint="check the network, and that uv.lock fits pyproject.toml (`uv lock --check`); "
            "where a hash does not match, find out who changed the wheel before you go on",
        )
    return done.stdout
