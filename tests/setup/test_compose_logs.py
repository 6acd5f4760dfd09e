"""`docker-compose.logs.yml`: what the parts log arrives at another system, by TLS, and at no other."""

from __future__ import annotations

import contextlib
import re
import secrets
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest

from mendbox.compose_secrets import NAMES
from mendbox.service_images import ServiceImages
from runner.sandbox.image import CHECKOUT
from tests.setup.test_compose import PARTS
from tests.support.certificates import Authority, Certificate
from tests.support.compose import Project

#: Far more than anything here takes; a machine under load is slow.
PATIENCE_S = 60.0


class Collector:
    """A system that takes logs from whoever has a certificate of its authority. `received`: all bytes so far."""

    def __init__(self, own: Certificate, authority: Path) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(own.certificate, own.key)
        self._context.load_verify_locations(authority)
        self._context.verify_mode = ssl.CERT_REQUIRED
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.received = b""

    def __enter__(self) -> Collector:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, self._context.wrap_socket(client, server_side=True) as wrapped:
            while data := wrapped.recv(65536):
                self.received += data


@dataclass(frozen=True)
class Papers:
    authority: Path
    server: Certificate
    client: Certificate
    stranger: Certificate


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    ours, theirs = (Authority(tmp_path_factory.mktemp(name), name) for name in ("ours", "theirs"))
    return Papers(
        ours.own.certificate, ours.sign("server", "IP:127.0.0.1"), ours.sign("parts"), theirs.sign("stranger")
    )


@pytest.fixture
def collector(papers: Papers) -> Iterator[Collector]:
    with Collector(papers.server, papers.authority) as made:
        yield made


def _project(images: ServiceImages, papers: Papers, port: int, shown: Certificate) -> Project:
    return Project(
        f"mendbox-test-{secrets.token_hex(4)}",
        {
            **images.environ,
            **{name: secrets.token_hex(32) for name in NAMES},
            "MENDBOX_LOG_SERVER": f"tcp+tls://127.0.0.1:{port}",
            "MENDBOX_LOG_AUTHORITY": str(papers.authority),
            "MENDBOX_LOG_CERTIFICATE": str(shown.certificate),
            "MENDBOX_LOG_KEY": str(shown.key),
        },
        files=("docker-compose.yml", "docker-compose.logs.yml"),
    )


def _removed(project: Project, engine: docker.DockerClient) -> None:
    done = project.attempt("down", "--volumes", "--timeout", "5")
    assert done.returncode == 0, done.stderr
    assert project.leftovers(engine) == []


def test_a_parts_log_arrives_elsewhere_and_no_file_of_it_is_kept(
    engine: docker.DockerClient, service_images: ServiceImages, papers: Papers, collector: Collector
) -> None:
    project = _project(service_images, papers, collector.port, papers.client)
    try:
        project.run("up", "-d", "--no-deps", "redis")
        deadline = time.monotonic() + PATIENCE_S
        while b"Ready to accept connections" not in collector.received:
            assert time.monotonic() < deadline, collector.received
            time.sleep(0.1)
        container = project.container(engine, "redis")
        assert container.name.encode() in collector.received
        assert container.attrs["HostConfig"]["LogConfig"]["Type"] == "syslog"
    finally:
        _removed(project, engine)


def test_who_has_no_certificate_of_theirs_sends_nothing(
    engine: docker.DockerClient, service_images: ServiceImages, papers: Papers, collector: Collector
) -> None:
    project = _project(service_images, papers, collector.port, papers.stranger)
    try:
        project.attempt("up", "-d", "--no-deps", "redis")
        assert collector.received == b""
    finally:
        _removed(project, engine)


def test_the_logs_of_all_parts_go_there() -> None:
    def parts(file: str) -> set[str]:
        services = (CHECKOUT / file).read_text().partition("\nservices:\n")[2].partition("\nnetworks:")[0]
        return set(re.findall(r"^  (\w+):", services, re.MULTILINE))

    assert parts("docker-compose.logs.yml") == parts("docker-compose.yml") == set(PARTS)
