"""The one door to the container engine. Every call has a deadline; every fault is a `SandboxUnavailable`."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from typing import Any

import docker
import requests
from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from docker.utils import kwargs_from_env

from runner.errors import SandboxUnavailable
from runner.sandbox import confinement, runtimes
from runner.sandbox.confinement import ContainerSpec
from runner.sandbox.settings import LABEL

#: Of CPU time: what a container has, and what it has while it yields. Not less: what is right of an app that hangs in
#: one place earns its points, on a machine that is busy too.
FULL_SHARE, YIELDING_SHARE = 1024, 256


@contextlib.contextmanager
def faults(doing: str) -> Iterator[None]:
    """Turn what the engine or its transport raises into SandboxUnavailable, saying what was being done."""
    try:
        yield
    except ImageNotFound as error:
        raise SandboxUnavailable(
            f"the sandbox image is not there ({doing}): {error.explanation}", hint="run: mendbox image build"
        ) from error
    except APIError as error:
        raise SandboxUnavailable(f"the container engine refused ({doing}): {error.explanation}") from error
    except (requests.Timeout, requests.ConnectionError, OSError, DockerException) as error:
        raise SandboxUnavailable(
            f"the container engine does not answer ({doing}): {_reason(error)}",
            hint="see whether `docker info` answers; `mendbox doctor` says what is missing",
        ) from error


def _reason(error: BaseException) -> str:
    """The system's own words where there are some: the libraries between wrap them in theirs, several times."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, OSError) and at.strerror:
            return at.strerror
        at = at.__cause__ or at.__context__
    return str(error)


class Engine:
    """A connection to the engine. Not to be shared across a fork; threads may share it."""

    def __init__(self, timeout_s: float = 30.0) -> None:
        """Connect by the environment's DOCKER_* settings. Raises SandboxUnavailable."""
        with faults("connecting"):
            asked = kwargs_from_env()
            if asked.get("tls") or str(asked.get("base_url", "")).startswith(("https://", "ssh://")):
                raise SandboxUnavailable(
                    "the container engine is to be reached by TLS or SSH, over which containers' streams can't be read",
                    hint="run the worker on the engine's host, and have DOCKER_HOST name its socket or nothing",
                )
            self.client = docker.DockerClient.from_env(timeout=int(timeout_s), use_context=False)
            self._api = self.client.api
        # Or each request would look through the environment for proxies, and fail when another thread changes it.
        self._api.trust_env = False
        self._runtimes: dict[str, tuple[str, bool]] = {}

    def close(self) -> None:
        """Close every connection."""
        self.client.close()

    def info(self) -> dict[str, Any]:
        """What the engine says of itself."""
        with faults("asking for its state"):
            return dict(self._api.info())

    def version(self) -> dict[str, Any]:
        """What the engine says of its version and of its components'."""
        with faults("asking for its version"):
            return dict(self._api.version())

    def runtime(self, name: str) -> tuple[str, bool]:
        """The runtime's name (the engine's default for ""), and whether what runs in a container can't end its PID 1.

        Linux keeps an init process from signals of its own namespace; gVisor's kernel (release 20221219) does not. It
        is asked once: an engine takes up another default only when it starts anew.
        """
        if name not in self._runtimes:
            found, program = runtimes.chosen(name, self.info())
            self._runtimes[name] = found, not runtimes.is_gvisor(found, program)
        return self._runtimes[name]

    def is_gvisor(self, runtime: str) -> bool:
        """Whether a runtime (the engine's default for "") is gVisor's."""
        return not self.runtime(runtime)[1]

    def create(self, spec: ContainerSpec) -> str:
        """Create a container by `spec`, with nothing of the host in it; gives its id."""
        with faults(f"creating the {spec.role} container"):
            created = self._api.create_container(
                image=spec.image,
                labels={LABEL: spec.role, **spec.labels},
                host_config=self._api.create_host_config(**self.host_options(spec)),
                **self.container_options(spec),
            )
        return str(created["Id"])

    def host_options(self, spec: ContainerSpec) -> dict[str, Any]:
        """The container's HostConfig; a test of a wall overrides this to take that wall away."""
        return confinement.host_options(runtimes.with_room(spec) if self.is_gvisor(spec.runtime) else spec)

    def container_options(self, spec: ContainerSpec) -> dict[str, Any]:
        """What else the container is; overridden like `host_options`."""
        return confinement.container_options(spec)

    def attach(self, container_id: str) -> tuple[socket.socket, Any]:
        """The container's standard streams as one socket, and what must be closed with it."""
        with faults("attaching"):
            stream = self._api.attach_socket(container_id, params={"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1})
        return stream._sock, stream

    def start(self, container_id: str) -> None:
        """Start a created container."""
        with faults("starting a container"):
            self._api.start(container_id)

    def set_share(self, container_id: str, share: int) -> None:
        """Change what a running container gets beside others where there is not enough CPU time for all.

        Raises SandboxUnavailable, too where the runtime can't: gVisor's (release 20221219) changes nothing later.
        """
        with faults("changing a container's share"):
            self._api.update_container(container_id, cpu_shares=share)

    def state(self, container_id: str) -> dict[str, Any]:
        """The container's `State`; empty when it is gone."""
        try:
            with faults("looking at a container"):
                return dict(self._api.inspect_container(container_id)["State"])
        except SandboxUnavailable as error:
            if isinstance(error.__cause__, NotFound):
                return {}
            raise

    def wait_ended(self, container_id: str, timeout_s: int) -> None:
        """Wait until a container has ended or is gone. Raises SandboxUnavailable when it does neither in time."""
        try:
            with faults("waiting for a container to end"):
                self._api.wait(container_id, timeout=timeout_s)
        except SandboxUnavailable as error:
            if not isinstance(error.__cause__, NotFound):
                raise

    def remove(self, container_id: str) -> None:
        """Kill and remove a container; one that is gone or going is no fault."""
        try:
            with faults("removing a container"):
                self._api.remove_container(container_id, force=True, v=True)
        except SandboxUnavailable as error:
            cause = error.__cause__
            if not isinstance(cause, APIError) or cause.status_code not in (404, 409):
                raise

    def pairs(self) -> list[dict[str, Any]]:
        """Every container with our label, running or not."""
        with faults("listing containers"):
            return list(self._api.containers(all=True, filters={"label": LABEL}))

    def image_id(self, image: str) -> str:
        """The id of an image. Raises SandboxUnavailable when it is not there."""
        with faults(f"looking for image {image}"):
            return str(self.client.images.get(image).id)


def owner_labels(expires_at: float) -> dict[str, str]:
    """Labels that tell a reaper whose a container is and when nobody can want it any more (epoch seconds)."""
    return {
        "org.mendbox.host": machine_identity(),
        "org.mendbox.owner": process_identity(os.getpid()) or "",
        "org.mendbox.expires": str(int(expires_at)),
    }


def machine_identity() -> str:
    """This machine (or container) and boot: process ids mean the same only within it."""
    try:
        with open("/proc/sys/kernel/random/boot_id") as file:
            boot = file.read().strip()
        namespace = os.readlink("/proc/self/ns/pid")
    except OSError:
        boot, namespace = "", ""
    return f"{socket.gethostname()}:{boot}:{namespace}"


def process_identity(pid: int) -> str | None:
    """`pid:start time`, which no later process shares; None when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return f"{pid}:{file.read().rpartition(')')[2].split()[19]}"
    except OSError:
        return None if os.path.isdir("/proc/self") else f"{pid}:"
