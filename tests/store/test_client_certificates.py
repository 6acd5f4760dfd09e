"""API and workers show certificates, and no password, to the database and the queue server."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from store.errors import StoreFault
from store.queue import QueueUnavailable, connect, translated
from store.records import NewToken, Role
from store.settings import Settings
from store.store import Store
from tests.support.certificates import Authority, Certificate
from tests.support.postgres import SUPERUSER, PostgresServer
from tests.support.tls_front import TlsFront
from tests.support.valkey import TestServer, valkey  # noqa: F401 -- a fixture


@dataclass(frozen=True)
class Papers:
    """Of a server, of a client that it lets in, and of one that somebody else vouches for."""

    authority: Path
    server: Certificate
    client: Certificate
    stranger: Certificate


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    ours = Authority(tmp_path_factory.mktemp("ours"))
    theirs = Authority(tmp_path_factory.mktemp("theirs"), "other authority")
    return Papers(
        ours.own.certificate,
        ours.sign("server", "IP:127.0.0.1,DNS:localhost"),
        ours.sign(SUPERUSER),
        theirs.sign(SUPERUSER),
    )


@pytest.fixture(scope="module")
def database(papers: Papers) -> Iterator[str]:
    """The URL of a database that takes nothing but TLS and a certificate with the role's name."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"listen_addresses": "127.0.0.1", "port": str(port), "ssl": "on"}
    server = PostgresServer(options)
    files = {"ssl_cert_file": papers.server.certificate, "ssl_key_file": papers.server.key}
    for option, path in {**files, "ssl_ca_file": papers.authority}.items():
        server.options[option] = str(server.own(Path(shutil.copy(path, server.folder / option))))
    rules = server.folder / "hba.conf"
    rules.write_text("local all all trust\nhostssl all all 127.0.0.1/32 cert\n")
    server.options["hba_file"] = str(server.own(rules))
    server.start()
    try:
        yield f"postgresql://{SUPERUSER}@127.0.0.1:{port}/{server.create_database()}"
    finally:
        server.stop()


def _database_url(database: str, papers: Papers, shown: Certificate | None) -> str:
    query = {"sslmode": "verify-full", "sslrootcert": str(papers.authority)}
    if shown is not None:
        query |= {"sslcert": str(shown.certificate), "sslkey": str(shown.key)}
    return f"{database}?{urlencode(query)}"


def test_the_database_lets_in_by_a_certificate_and_no_password(database: str, papers: Papers) -> None:
    settings = Settings.from_env({"MENDBOX_DATABASE_URL": _database_url(database, papers, papers.client)})
    with Store.open(settings.effective_database_url) as store:
        store.upgrade()
        store.check()
        issued = store.tokens.create(NewToken("Ada", Role.ADMIN))
        assert store.tokens.find(issued.text) == issued.record


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_the_database_lets_in_nobody_else(database: str, papers: Papers, who: str) -> None:
    shown = papers.stranger if who == "stranger" else None
    with Store.open(_database_url(database, papers, shown)) as store, pytest.raises(StoreFault):
        store.check()


@pytest.fixture
def front(valkey: TestServer, papers: Papers) -> Iterator[TlsFront]:  # noqa: F811
    socket_path = Path(valkey.url.removeprefix("unix://").partition("?")[0])
    with TlsFront(socket_path, papers.server, papers.authority) as made:
        yield made


def _queue_url(front: TlsFront, papers: Papers, shown: Certificate | None) -> str:
    query = {"ssl_ca_certs": str(papers.authority)}
    if shown is not None:
        query |= {"ssl_certfile": str(shown.certificate), "ssl_keyfile": str(shown.key)}
    return f"rediss://127.0.0.1:{front.port}/0?{urlencode(query)}"


def test_the_queue_server_lets_in_by_a_certificate_and_no_password(front: TlsFront, papers: Papers) -> None:
    settings = Settings.from_env({"MENDBOX_REDIS_URL": _queue_url(front, papers, papers.client)})
    client = connect(settings.redis_url)
    assert client.ping()
    client.close()


@pytest.mark.parametrize("who", ["nobody", "stranger"])
def test_the_queue_server_lets_in_nobody_else(front: TlsFront, papers: Papers, who: str) -> None:
    client = connect(_queue_url(front, papers, papers.stranger if who == "stranger" else None))
    with pytest.raises(QueueUnavailable), translated():
        client.ping()
    client.close()
