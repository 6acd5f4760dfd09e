"""A project of Docker Compose under a name of its own, by whichever Compose this machine has."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import docker

ROOT = Path(__file__).resolve().parents[2]
#: What Compose marks everything with that it makes, in both versions.
PROJECT_LABEL = "com.docker.compose.project"


@cache
def compose_command() -> tuple[str, ...]:
    """`docker compose` where there is one, else `docker-compose`."""
    plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return ("docker", "compose") if plugin.returncode == 0 else ("docker-compose",)


@dataclass(frozen=True)
class Project:
    """One project of the repository's `docker-compose.yml`. `variables` are all that it sees of `MENDBOX_*`.

    `files`: what it is made of, each changing those before.
    """

    name: str
    variables: Mapping[str, str]
    files: tuple[str, ...] = ("docker-compose.yml",)

    def run(self, *arguments: str, timeout_s: float = 240) -> str:
        """Runs a Compose command, which must succeed; gives its output."""
        done = self.attempt(*arguments, timeout_s=timeout_s)
        assert done.returncode == 0, f"{' '.join(arguments)}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def shell(self, script: str, folder: Path, timeout_s: float = 240) -> None:
        """Runs lines of a shell in which `docker-compose` is this project's, in `folder`; each must succeed."""
        compose = " ".join(shlex.quote(part) for part in self._command)
        command = ["bash", "-ec", f'docker-compose() {{ command {compose} "$@"; }}\n{script}']
        done = self._ran(command, folder, timeout_s)
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"

    @property
    def _command(self) -> list[str]:
        files = [part for file in self.files for part in ("--file", str(ROOT / file))]
        return [*compose_command(), "--project-name", self.name, *files]

    def _ran(self, command: list[str], folder: Path, timeout_s: float) -> subprocess.CompletedProcess[str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("MENDBOX_", "COMPOSE_"))  # a developer's own settings are no part of a test
        }
        return subprocess.run(
            command,
            env={**kept, **self.variables},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def attempt(self, *arguments: str, timeout_s: float = 240) -> subprocess.CompletedProcess[str]:
        """Runs a Compose command."""
        return self._ran([*self._command, *arguments], ROOT, timeout_s)

    def container(self, engine: docker.DockerClient, service: str) -> docker.models.containers.Container:
        """The one container of a service, running or not."""
        labels = [f"{PROJECT_LABEL}={self.name}", f"com.docker.compose.service={service}"]
        (found,) = engine.containers.list(all=True, ignore_removed=True, filters={"label": labels})
        return found

    def leftovers(self, engine: docker.DockerClient) -> list[str]:
        """Names of what there is of this project: containers, networks, volumes."""
        mine = {"label": f"{PROJECT_LABEL}={self.name}"}
        return [
            *(str(container.name) for container in engine.containers.list(all=True, ignore_removed=True, filters=mine)),
            *(str(network.name) for network in engine.networks.list(filters=mine)),
            *(str(volume.name) for volume in engine.volumes.list(filters=mine)),
        ]
