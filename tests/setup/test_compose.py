"""`docker-compose.yml` as it is shipped: every part in a container, from an HTTP submission to a grade."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
import requests

from mendbox.client import ApiClient
from mendbox.compose_secrets import NAMES, ensure_compose_secrets
from mendbox.service_images import ServiceImages
from runner.errors import MendboxError
from runner.sandbox.image import CHECKOUT
from tests.support.compose import Project

CHALLENGE = CHECKOUT / "challenges" / "user-500"
STARTER = CHALLENGE / "starter"
FIX = min((CHALLENGE / "fixes").iterdir())
PARTS = ("postgres", "redis", "migrate", "api", "worker")
SECRETS = {name: secrets.token_hex(32) for name in NAMES}
#: Far more than anything here takes; a machine under load is slow.
PATIENCE_S = 120.0


@dataclass(frozen=True)
class Installation:
    """A project that runs, and the engine it runs on."""

    project: Project
    engine: docker.DockerClient

    @property
    def url(self) -> str:
        """The API's address on this machine; its port is another after each start."""
        return f"http://{self.project.run('port', 'api', '8080')}"

    def token(self, *arguments: str) -> str:
        """A new token, made as operations.md says."""
        made = self.project.run("exec", "-T", "api", "mendbox", "token", "create", "--json", *arguments)
        return str(json.loads(made)["token"])

    def state(self, part: str) -> dict[str, Any]:
        """What the engine says of the part's container."""
        return dict(self.project.container(self.engine, part).attrs)

    def pairs(self) -> list[str]:
        """Containers that this project's worker started, by id."""
        hostname = self.state("worker")["Config"]["Hostname"]
        return [
            str(container.id)
            for container in self.engine.containers.list(
                all=True, ignore_removed=True, filters={"label": "org.mendbox.pair"}
            )
            if container.labels.get("org.mendbox.host", "").startswith(f"{hostname}:")
        ]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=10).status_code == 200
    except requests.RequestException:
        return False


def graded(client: ApiClient, identity: str) -> dict[str, Any]:
    """A submission once it is graded."""
    found: dict[str, Any] = {}

    def done() -> bool:
        found.update(client.submission(identity))
        return found["status"] not in ("queued", "running")

    wait_for(done, f"not graded: {found}")
    assert found["status"] == "graded", found
    return found


@pytest.fixture(scope="module")
def installation(engine: docker.DockerClient, service_images: ServiceImages) -> Iterator[Installation]:
    # Port 0: any free one. No `current` tag is moved: what a person runs on this machine stays as it is.
    variables = {"MENDBOX_PORT": "0", "MENDBOX_SLOTS": "1", **service_images.environ, **SECRETS}
    project = Project(f"mendbox-test-{secrets.token_hex(4)}", variables)
    try:
        started = project.attempt("up", "-d")
        if started.returncode != 0:
            logs = project.attempt("logs", "--no-color").stdout
            pytest.fail(f"{started.stdout}{started.stderr}\n{logs}")
        installation = Installation(project, engine)
        # `up -d` returns when the API's container runs, which is before the API listens.
        wait_for(lambda: answers(f"{installation.url}/readyz"), "the API is not ready")
        yield installation
    finally:
        removed = project.attempt("down", "--volumes", "--timeout", "45")
        left = project.leftovers(engine)
    assert removed.returncode == 0, removed.stderr
    assert left == []


@pytest.fixture(scope="module")
def admin(installation: Installation) -> str:
    return installation.token("Administrator", "--role", "admin")


def test_a_candidate_sends_a_fix_and_the_starter_and_gets_100_and_0(installation: Installation) -> None:
    candidate = installation.token("Backend, no. 17", "--role", "candidate", "--challenge", "user-500")
    with ApiClient(installation.url, candidate) as client:
        starter = client.submit("user-500", STARTER)
        shown = subprocess.run(
            ["mendbox", "submit", "user-500", str(FIX), "--url", installation.url, "--wait"],
            env={**os.environ, "MENDBOX_TOKEN": candidate},
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert shown.returncode == 0, shown.stderr
        assert "100/100  solved" in shown.stdout
        assert graded(client, starter.id)["grade"]["score"] == 0


def test_nothing_is_lost_when_worker_queue_and_database_restart(installation: Installation, admin: str) -> None:
    project = installation.project
    wait_for(lambda: installation.pairs() != [], "the worker keeps no pair warm")
    project.run("stop", "worker")
    assert installation.state("worker")["State"]["ExitCode"] == 0
    assert installation.pairs() == []
    with ApiClient(installation.url, admin) as client:
        waiting = client.submit("user-500", FIX)
        # The queue is in memory alone: its server forgets the submission.
        project.run("restart", "redis", "postgres")
        wait_for(lambda: ready(client), "the API does not find database and queue again")
        assert client.submission(waiting.id)["status"] == "queued"
        project.run("start", "worker")
        assert graded(client, waiting.id)["grade"]["score"] == 100


def ready(client: ApiClient) -> bool:
    return requests.get(f"{client.url}/readyz", timeout=10).status_code == 200


def test_a_backup_is_made_and_restored_as_the_documentation_says(
    installation: Installation, admin: str, tmp_path: Path
) -> None:
    project = installation.project
    text = (CHECKOUT / "docs" / "operations.md").read_text()
    blocks = [block for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL) if "backup.sql" in block]
    backup, restore = blocks
    with ApiClient(installation.url, admin) as client:
        kept = graded(client, client.submit("user-500", STARTER).id)
        project.shell(backup, tmp_path)
        lost = client.submit("user-500", FIX).id
    project.shell(restore, tmp_path)
    wait_for(lambda: answers(f"{installation.url}/readyz"), "the API is not ready")
    with ApiClient(installation.url, admin) as client:
        assert client.submission(kept["id"])["grade"] == kept["grade"]
        assert installation.token("After", "--role", "candidate", "--challenge", "user-500")
        with pytest.raises(MendboxError):
            client.submission(lost)


def test_the_assessments_of_files_are_there(installation: Installation) -> None:
    listed = installation.project.run("exec", "-T", "api", "mendbox", "assessment", "list")
    assert "junior-backend" in listed


def test_the_queue_server_and_the_database_ask_for_their_passwords(installation: Installation) -> None:
    ask = (
        "import socket; s = socket.create_connection(('redis', 6379), 5); s.sendall(b'KEYS *\\r\\n'); print(s.recv(99))"
    )
    assert "NOAUTH" in installation.project.run("exec", "-T", "api", "python3", "-c", ask)
    connect = "import psycopg, sys; psycopg.connect('postgresql://mendbox@postgres/mendbox', password=sys.argv[1])"
    for wrong in ("mendbox", "postgres", "x"):
        refused = installation.project.attempt("exec", "-T", "api", "python3", "-c", connect, wrong)
        assert refused.returncode != 0
        assert "password authentication failed" in refused.stderr
    right = SECRETS["MENDBOX_POSTGRES_PASSWORD"]
    installation.project.run("exec", "-T", "api", "python3", "-c", connect, right)


def test_the_api_and_the_worker_own_nothing_in_the_database_and_rewrite_no_trail(installation: Installation) -> None:
    run = "import psycopg, sys; psycopg.connect('postgresql://mendbox_parts@postgres/mendbox').execute(sys.argv[1])"
    installation.project.run("exec", "-T", "api", "python3", "-c", run, "SELECT count(*) FROM audit")
    for statement in ("DELETE FROM audit", "UPDATE audit SET actor = 'x'", "DROP TABLE audit", "CREATE TABLE x ()"):
        refused = installation.project.attempt("exec", "-T", "worker", "python3", "-c", run, statement)
        assert refused.returncode != 0
        assert "permission denied" in refused.stderr or "must be owner" in refused.stderr


def test_no_secret_is_in_a_command_line_that_others_on_the_host_can_read(installation: Installation) -> None:
    shown = "".join(str(installation.project.container(installation.engine, part).top()) for part in PARTS[:2])
    assert "valkey-server" in shown
    assert not any(secret in shown for secret in SECRETS.values())


@pytest.mark.parametrize("name", NAMES)
def test_without_a_secret_nothing_starts_and_the_command_that_makes_it_is_named(
    service_images: ServiceImages, name: str
) -> None:
    variables = {**service_images.environ, **SECRETS, name: ""}
    refused = Project(f"mendbox-test-{secrets.token_hex(4)}", variables).attempt("config")
    assert refused.returncode != 0
    assert name in refused.stderr
    assert "run mendbox image build --services" in refused.stderr


def test_secrets_are_made_once_for_their_owner_alone_and_what_is_set_stays(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("MENDBOX_PORT=81\nMENDBOX_QUEUE_PASSWORD=mine\nMENDBOX_SECRET_KEY=")
    file.chmod(0o600)
    made = ensure_compose_secrets(dict.fromkeys(NAMES[:2], "set elsewhere"), file)
    assert made == ["MENDBOX_SECRET_KEY"]
    before = file.read_text()
    assert before.startswith("MENDBOX_PORT=81\nMENDBOX_QUEUE_PASSWORD=mine\nMENDBOX_SECRET_KEY=\n")
    assert re.fullmatch("MENDBOX_SECRET_KEY=[0-9a-f]{64}", before.splitlines()[-1])
    assert ensure_compose_secrets({}, file) == list(NAMES[:2])
    assert ensure_compose_secrets({}, file) == []
    new = tmp_path / "new" / ".env"
    new.parent.mkdir()
    assert ensure_compose_secrets({}, new) == list(NAMES)
    assert new.stat().st_mode & 0o777 == 0o600
    values = [line.partition("=")[2] for line in new.read_text().splitlines()]
    assert len({*values}) == len(NAMES)


def test_the_worker_alone_reaches_the_engine(installation: Installation) -> None:
    with_socket = [
        part for part in PARTS if any("docker.sock" in mount["Source"] for mount in installation.state(part)["Mounts"])
    ]
    assert with_socket == ["worker"]


def test_the_api_alone_is_published_and_on_this_machine_only(installation: Installation) -> None:
    published = {
        part: [binding["HostIp"] for bindings in ports.values() for binding in bindings or ()]
        for part in PARTS
        if (ports := installation.state(part)["NetworkSettings"]["Ports"])
    }
    assert {part: hosts for part, hosts in published.items() if hosts} == {"api": ["127.0.0.1"]}
    inside, outside = (f"{installation.project.name}_{name}" for name in ("inside", "outside"))
    assert installation.engine.networks.get(inside).attrs["Internal"]
    networks = {part: set(installation.state(part)["NetworkSettings"]["Networks"]) for part in PARTS}
    assert networks == {**{part: {inside} for part in PARTS}, "api": {inside, outside}}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_runs_with_as_few_rights_as_it_needs(installation: Installation, part: str) -> None:
    state = installation.state(part)
    host = state["HostConfig"]
    assert host["ReadonlyRootfs"]
    assert host["CapDrop"] == ["ALL"]
    assert not host["CapAdd"]
    assert not host["Privileged"]
    assert "no-new-privileges:true" in host["SecurityOpt"]
    challenges = [mount for mount in state["Mounts"] if mount["Destination"] == "/challenges"]
    assert not any(mount["RW"] for mount in challenges)
    assert len(challenges) == (part in ("migrate", "api", "worker"))


def test_the_api_is_nobody_and_can_change_neither_code_nor_challenges(installation: Installation) -> None:
    # `touch` of a file that is there needs no more than the right to write it.
    script = "id -u; for path in /opt/mendbox/lib/api/app.py /challenges/user-500/challenge.toml /new; do"
    script += ' touch "$path" 2>/dev/null && echo "$path"; done; test -e /var/run/docker.sock && echo socket; exit 0'
    assert installation.project.run("exec", "-T", "api", "sh", "-c", script) == "65532"


def test_the_version_in_the_container_is_this_one(installation: Installation) -> None:
    here = subprocess.run(["mendbox", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert installation.project.run("exec", "-T", "api", "mendbox", "--version") == here
    assert here.startswith("mendbox, version ")


def test_a_folder_of_challenges_that_is_not_there_is_an_error_and_is_not_made(
    engine: docker.DockerClient, service_images: ServiceImages, tmp_path: Path
) -> None:
    missing = tmp_path / "missing"
    variables = {**service_images.environ, **SECRETS, "MENDBOX_CHALLENGES": str(missing)}
    project = Project(f"mendbox-test-{secrets.token_hex(4)}", variables)
    try:
        started = project.attempt("up", "--no-start", "--no-deps", "migrate")
        assert started.returncode != 0
        assert str(missing) in started.stdout + started.stderr
        assert not missing.exists()
    finally:
        project.run("down", "--volumes")
    assert project.leftovers(engine) == []
