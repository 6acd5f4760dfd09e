"""The images that Compose starts: Mendbox itself, and PostgreSQL.

`mendbox/service` stands on the sandbox' base and holds the packages of `uv.lock` and our code; the queue's server is
among the packages. PostgreSQL is the official image where the engine has it or can pull it; elsewhere
`mendbox/postgres` is built from Debian packages, by the recipe of the base and one package more. Tags name contents;
`<repository>:current`, which `docker-compose.yml` starts, moves with each build.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mendbox.frontend import ensure_frontend
from runner.errors import SandboxUnavailable
from runner.sandbox.base_image import DebianRecipe, Progress, ensure_base, first_present, make_own_base, pull
from runner.sandbox.build import CURRENT, ImageInputs, ImageRef, ensure_built, find_image, name_current, remove_others
from runner.sandbox.engine import Engine
from runner.sandbox.image import CHECKOUT, ensure_image, ensure_server_images, one_builder
from runner.sandbox.image import REPOSITORY as SANDBOX
from runner.sandbox.packages import export_requirements
from runner.services import SERVICES

#: As of a registry on this machine: Compose pulls what is not there, and nobody else may answer under that name.
SERVICE = "localhost/mendbox/service"
POSTGRES = "localhost/mendbox/postgres"
#: Of challenges' own servers, by service.
SANDBOX_SERVERS = {name: server.repository for name, server in SERVICES.items()}
#: The major version is that of Debian 13's own package, so that one can follow the other on the same volume.
OFFICIAL_POSTGRES = "postgres:17-trixie"
CODE = ("mendbox", "api", "worker", "store", "runner")

_FILES = Path(__file__).parent / "dockerfiles"
_SKIPPED = ("__pycache__", ".pytest_cache", "node_modules")
_POSTGRES_RECIPE = DebianRecipe(
    "postgres",
    (
        "--include=postgresql-17",
        # Compiled queries: 170 MB that are no use for queries as short as ours.
        *(
            f"--dpkgopt=path-exclude={path}"
            for path in (
                "/usr/lib/*/libLLVM*",
                "/usr/lib/*/libz3*",
                "/usr/lib/postgresql/*/lib/llvmjit*",
                "/usr/lib/postgresql/*/lib/bitcode/*",
            )
        ),
        # Before the package comes, or it would make a cluster of its own.
        '--essential-hook=mkdir -p "$1/etc/postgresql-common/createcluster.d"',
        '--essential-hook=echo "create_main_cluster = false" > "$1/etc/postgresql-common/createcluster.d/mendbox.conf"',
    ),
)


@dataclass(frozen=True, slots=True)
class ServiceImages:
    """What Compose needs, each under a tag that names its content."""

    sandbox: ImageRef
    servers: Mapping[str, ImageRef]
    service: ImageRef
    postgres: ImageRef

    @property
    def environ(self) -> Mapping[str, str]:
        """The variables by which `docker-compose.yml` starts exactly these."""
        return {
            "MENDBOX_IMAGE": self.sandbox.tag,
            **{SERVICES[name].variable: image.tag for name, image in self.servers.items()},
            "MENDBOX_SERVICE_IMAGE": self.service.tag,
            "MENDBOX_POSTGRES_IMAGE": self.postgres.tag,
        }


def ensure_service_images(engine: Engine, *, progress: Progress, checkout: Path = CHECKOUT) -> ServiceImages:
    """All images of this checkout, built where the engine has them not. Moves no `current` tag.

    `progress` gets a line for each slow step. Raises `SandboxUnavailable` when one can't be had, and `NotBuilt`.
    """
    sandbox = ensure_image(engine.client, progress=progress, checkout=checkout)
    servers = ensure_server_images(engine.client, sandbox, progress=progress, checkout=checkout)
    service = ensure_service_image(engine, progress=progress, checkout=checkout)
    with one_builder():
        return ServiceImages(sandbox, servers, service, _postgres(engine, progress, checkout))


def ensure_service_image(engine: Engine, *, progress: Progress, checkout: Path = CHECKOUT) -> ImageRef:
    """The image that holds Mendbox itself, built if the engine has it not. Raises `SandboxUnavailable`, `NotBuilt`."""
    ensure_frontend(checkout, progress=progress)
    with one_builder():
        base = ensure_base(engine.client, progress)
        inputs = service_inputs(engine.image_id(base), checkout=checkout)
        return ensure_built(engine.client, inputs, base, progress=progress, checkout=checkout)


def make_current(engine: Engine, images: ServiceImages) -> list[str]:
    """Gives the images the tags that `docker-compose.yml` starts unless it is told others; returns those tags."""
    return [
        name_current(engine.client, image, repository)
        for image, repository in (
            (images.sandbox, SANDBOX),
            *((image, SANDBOX_SERVERS[name]) for name, image in images.servers.items()),
            (images.service, SERVICE),
            (images.postgres, POSTGRES),
        )
    ]


def missing_images(engine: Engine) -> list[str]:
    """The `current` tags that the engine has not."""
    tags = [f"{repository}:{CURRENT}" for repository in (SANDBOX, *SANDBOX_SERVERS.values(), SERVICE, POSTGRES)]
    return [tag for tag in tags if find_image(engine.client, tag) is None]


def remove_other_service_images(engine: Engine) -> list[str]:
    """Removes the service images but the current ones and those that containers use. Returns their tags."""
    removed: list[str] = []
    for repository in (SERVICE, POSTGRES):
        current = find_image(engine.client, f"{repository}:{CURRENT}")
        removed += remove_others(engine.client, repository, {current.id} if current else set())
    return removed


def service_inputs(base_id: str, *, checkout: Path = CHECKOUT) -> ImageInputs:
    """What the service image of this checkout is made of."""
    files = {path.relative_to(checkout).as_posix(): path.read_bytes() for path in _sources(checkout)}
    files |= _metadata(checkout)
    dockerfile = (_FILES / "service.Dockerfile").read_bytes()
    return ImageInputs(dockerfile, base_id, export_requirements(checkout), files, SERVICE)


def _sources(checkout: Path) -> Iterator[Path]:
    for package in CODE:
        for path in (checkout / package).rglob("*"):
            if path.is_file() and not any(part in _SKIPPED for part in path.parts):
                yield path


def _metadata(checkout: Path) -> Mapping[str, bytes]:
    """What an installed package says of itself; `mendbox --version` looks there."""
    version = tomllib.loads((checkout / "pyproject.toml").read_text())["project"]["version"]
    text = f"Metadata-Version: 2.1\nName: mendbox\nVersion: {version}\n"
    return {f"mendbox-{version}.dist-info/METADATA": text.encode()}


def _postgres(engine: Engine, progress: Progress, checkout: Path) -> ImageRef:
    name = first_present(engine.client, OFFICIAL_POSTGRES, _POSTGRES_RECIPE.tag)
    if name is None and pull(engine.client, OFFICIAL_POSTGRES, progress) is None:
        name = OFFICIAL_POSTGRES
    if name == OFFICIAL_POSTGRES:
        official = find_image(engine.client, name)
        if official is None:
            raise SandboxUnavailable(f"{name} was there and is gone again", hint="mendbox image build --services")
        return official
    if name is None:
        name = make_own_base(engine.client, progress, _POSTGRES_RECIPE, instead_of=OFFICIAL_POSTGRES)
    files = {"entrypoint": (_FILES / "postgres-entrypoint").read_bytes()}
    dockerfile = (_FILES / "postgres.Dockerfile").read_bytes()
    inputs = ImageInputs(dockerfile, engine.image_id(name), "", files, POSTGRES)
    return ensure_built(engine.client, inputs, name, progress=progress, checkout=checkout)
