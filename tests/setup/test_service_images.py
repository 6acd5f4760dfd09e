"""The images that Compose starts, on the real engine: what they are made of, and that they do what they are for."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import docker
import pytest

from mendbox import service_images as module
from mendbox.doctor import run_checks
from mendbox.service_images import CODE, ServiceImages, ensure_service_images, make_current, service_inputs
from runner.sandbox.build import CURRENT, ImageRef, remove_others
from runner.sandbox.engine import Engine
from runner.sandbox.image import CHECKOUT
from runner.services import SERVICES
from store.settings import Settings


@pytest.fixture
def own_names(engine: docker.DockerClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Repositories of the test's own, so that it moves and removes no tag of the person at this machine."""
    prefix = f"localhost/mendbox-test-{secrets.token_hex(4)}"
    servers = {name: f"{prefix}/sandbox_{name}" for name in SERVICES}
    names = {name: f"{prefix}/{name.lower()}" for name in ("SANDBOX", "SERVICE", "POSTGRES")}
    for name, repository in names.items():
        monkeypatch.setattr(module, name, repository)
    monkeypatch.setattr(module, "SANDBOX_SERVERS", servers)
    sandbox = names.pop("SANDBOX")
    yield {"SANDBOX": sandbox, **servers, **names}
    for image in engine.images.list():
        for tag in image.tags:
            if tag.startswith(prefix):
                engine.images.remove(tag)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the service image is made of."""
    for package in CODE:
        shutil.copytree(CHECKOUT / package, tmp_path / package)
    for name in ("pyproject.toml", "uv.lock", "README.md"):
        shutil.copy(CHECKOUT / name, tmp_path / name)
    if (CHECKOUT / ".mendbox").exists():
        (tmp_path / ".mendbox").symlink_to(CHECKOUT / ".mendbox")
    return tmp_path


def test_all_code_is_in_the_tag_and_nothing_beside_it(checkout: Path) -> None:
    before = service_inputs("sha256:base", checkout=checkout)
    assert before.tag == service_inputs("sha256:base").tag
    (beside,) = {name.partition("/")[0] for name in before.files} - set(CODE)
    assert beside == f"mendbox-{version('mendbox')}.dist-info"
    bytecode = checkout / "api" / "__pycache__" / "app.cpython-399.pyc"
    bytecode.parent.mkdir(exist_ok=True)
    bytecode.write_bytes(b"x")
    (checkout / "docs").mkdir()
    (checkout / "docs" / "new.md").write_text("new")
    assert service_inputs("sha256:base", checkout=checkout).tag == before.tag
    with (checkout / "worker" / "run.py").open("a") as file:
        file.write("\n")
    assert service_inputs("sha256:base", checkout=checkout).tag != before.tag


def test_its_packages_are_the_locked_ones_and_no_tools_of_development() -> None:
    packages = {line.partition("==")[0] for line in service_inputs("sha256:base").requirements.splitlines()}
    assert {"flask", "gunicorn", "rq", "sqlalchemy"} <= packages
    assert not packages & {"mypy", "ruff", "hypothesis", "mendbox"}


def test_images_that_are_there_are_found_without_a_step(service_images: ServiceImages) -> None:
    steps: list[str] = []
    engine = Engine()
    assert ensure_service_images(engine, progress=steps.append) == service_images
    engine.close()
    assert steps == []


def test_compose_starts_what_was_built_last_and_other_images_go(
    engine: docker.DockerClient, service_images: ServiceImages, own_names: dict[str, str]
) -> None:
    door = Engine()
    try:
        assert module.missing_images(door) == [f"{repository}:{CURRENT}" for repository in own_names.values()]
        assert make_current(door, service_images) == [f"{name}:{CURRENT}" for name in own_names.values()]
        assert module.missing_images(door) == []
        image = engine.images.get(f"{own_names['SERVICE']}:{CURRENT}")
        assert image.id == service_images.service.id
        engine.api.tag(service_images.service.id, own_names["SERVICE"], "000000000001")
        engine.api.tag(service_images.sandbox.id, own_names["SERVICE"], "000000000002")
        # What is current stays under every name it has.
        assert module.remove_other_service_images(door) == [f"{own_names['SERVICE']}:000000000002"]
        assert remove_others(door.client, own_names["POSTGRES"], set()) == [f"{own_names['POSTGRES']}:{CURRENT}"]
        assert module.missing_images(door) == [f"{own_names['POSTGRES']}:{CURRENT}"]
    finally:
        door.close()


def test_doctor_names_what_compose_would_not_find(own_names: dict[str, str]) -> None:
    (check,) = [check for check in run_checks(Settings.from_env({}), os.environ) if check.name == "Compose images"]
    assert not check.ok
    assert not check.required
    assert f"{own_names['SERVICE']}:{CURRENT}" in check.detail
    assert "mendbox image build --services" in check.mend


def test_the_official_postgresql_is_taken_where_the_engine_has_it(
    engine: docker.DockerClient, service_images: ServiceImages, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository = f"localhost/mendbox-test-{secrets.token_hex(4)}/postgres"
    monkeypatch.setattr(module, "OFFICIAL_POSTGRES", f"{repository}:17")
    engine.api.tag(service_images.postgres.id, repository, "17")
    door = Engine()
    steps: list[str] = []
    try:
        assert ensure_service_images(door, progress=steps.append).postgres.tag == f"{repository}:17"
    finally:
        door.close()
        engine.images.remove(f"{repository}:17")
    assert steps == []


def test_mendbox_in_the_image_cannot_change_itself_and_the_queue_server_is_there(
    engine: docker.DockerClient, service_images: ServiceImages
) -> None:
    image = service_images.service
    assert run(engine, image, ["find", "/opt/mendbox", "-writable"]) == ""
    assert run(engine, image, ["find", "/", "-xdev", "-type", "f", "-perm", "/6000"], user="0") == ""
    assert "Valkey server" in run(engine, image, ["valkey-server", "--version"])
    assert engine.images.get(image.id).labels["org.mendbox.role"] == "service"


def test_a_new_database_without_a_password_is_refused(
    engine: docker.DockerClient, service_images: ServiceImages
) -> None:
    assert "POSTGRES_PASSWORD" in run(engine, service_images.postgres, None, status=None)


def run(
    engine: docker.DockerClient, image: ImageRef, command: list[str] | None, *, user: str = "", status: int | None = 0
) -> str:
    """What a command prints in a container of the image; `status` None: it must fail."""
    container = engine.containers.create(image.id, command, network_mode="none", user=user or None)
    try:
        container.start()
        ended = container.wait()["StatusCode"]
        output = container.logs().decode().strip()
    finally:
        container.remove(force=True, v=True)
    assert ended != 0 if status is None else ended == status, output
    return output
