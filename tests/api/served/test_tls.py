"""The API with a certificate: TLS of today alone, and the same limits as without."""

from __future__ import annotations

import socket
import ssl
import subprocess
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from store.settings import Settings
from tests.api.conftest import PASSWORD, SESSION, Platform
from tests.api.served.live import WAIT_S, Server, raw_answer, serving

WEAK = ("AES128-SHA", "AES256-GCM-SHA384", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA384")
STRONG = ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-CHACHA20-POLY1305")


@dataclass(frozen=True)
class Pair:
    """A certificate for 127.0.0.1 that nobody else trusts, and its key."""

    certificate: Path
    key: Path


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    folder = tmp_path_factory.mktemp("tls")
    made = Pair(folder / "cert.pem", folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-out", str(made.certificate), "-keyout", str(made.key)]
    subprocess.run(command, check=True, capture_output=True)
    return made


def _serving(platform: Platform, pair: Pair, worker: str = "api.gunicorn_worker.Worker") -> Iterator[Server]:
    environ = {
        **platform.environ,
        "MENDBOX_TLS_CERTIFICATE": str(pair.certificate),
        "MENDBOX_TLS_KEY": str(pair.key),
    }
    with serving(Settings.from_env(environ), environ, worker, pair.certificate) as running:
        yield running


@pytest.fixture
def served(platform: Platform, pair: Pair) -> Iterator[Server]:
    yield from _serving(platform, pair)


@pytest.fixture
def impatient(platform: Platform, pair: Pair) -> Iterator[Server]:
    yield from _serving(platform, pair, "tests.api.served.live.ImpatientWorker")


def _context(pair: Pair) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(pair.certificate))


def _handshake(server: Server, context: ssl.SSLContext) -> str:
    """The version that both ends agree on. Raises ssl.SSLError or ConnectionError."""
    with server.connect() as plain, context.wrap_socket(plain, server_hostname="127.0.0.1") as wrapped:
        wrapped.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"200 OK" in raw_answer(wrapped)
        return str(wrapped.version())


def test_versions_of_today_are_spoken_and_no_others(served: Server, pair: Pair) -> None:
    assert _handshake(served, _context(pair)) == "TLSv1.3"
    for version, spoken in (
        (ssl.TLSVersion.TLSv1_3, True),
        (ssl.TLSVersion.TLSv1_2, True),
        (ssl.TLSVersion.TLSv1_1, False),
        (ssl.TLSVersion.TLSv1, False),
    ):
        context = _context(pair)
        context.set_ciphers("ALL:@SECLEVEL=0")
        # A refusal must be the server's: this client would speak them all.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = version
            context.maximum_version = version
        if spoken:
            assert _handshake(served, context).replace(".", "_") == version.name
        else:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                _handshake(served, context)


@pytest.mark.parametrize("cipher", [*WEAK, *STRONG])
def test_ciphers_have_forward_secrecy_and_authenticate_what_they_encrypt(
    served: Server, pair: Pair, cipher: str
) -> None:
    context = _context(pair)
    context.set_ciphers(f"{cipher}:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    if cipher in STRONG:
        assert _handshake(served, context) == "TLSv1.2"
    else:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            _handshake(served, context)


def test_plain_http_gets_nothing_there(served: Server) -> None:
    with served.connect() as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        try:
            said = plain.recv(65536)
        except ConnectionError:
            said = b""
    assert b"HTTP/1.1 200" not in said
    assert b"ok" not in said


def test_a_client_that_does_not_know_the_certificate_does_not_go_on(served: Server) -> None:
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"{served.url}/healthz", timeout=WAIT_S)


def test_with_a_certificate_cookies_are_for_tls_and_browsers_keep_to_it(
    platform: Platform, served: Server, pair: Pair
) -> None:
    user = platform.user()
    sent = {"account": user.account, "password": PASSWORD}
    answer = requests.post(f"{served.url}{SESSION}", json=sent, timeout=WAIT_S, verify=str(pair.certificate))
    assert answer.status_code == 201, answer.text
    assert answer.headers["Set-Cookie"].startswith("__Host-mendbox=")
    assert "; Secure" in answer.headers["Set-Cookie"]
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n",
        b"POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    ],
)
def test_a_request_that_never_ends_is_ended_and_what_is_answered_is_encrypted(
    impatient: Server, pair: Pair, sent: bytes
) -> None:
    with impatient.connect() as plain, _context(pair).wrap_socket(plain, server_hostname="127.0.0.1") as wrapped:
        wrapped.sendall(sent)
        refused, answer = "", b""
        try:
            answer = raw_answer(wrapped)
        except ssl.SSLError as error:
            refused = error.reason
    # An alert, or the end. Plain text in the place of a record would be an error of the record layer.
    assert refused not in ("WRONG_VERSION_NUMBER", "UNEXPECTED_MESSAGE")
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")


def test_handshakes_that_never_end_do_not_keep_the_server_from_others(impatient: Server, pair: Pair) -> None:
    silent: list[socket.socket] = [impatient.connect() for _ in range(12)]  # more than there are threads
    for connection in silent:
        connection.sendall(b"\x16\x03\x01")
    assert _handshake(impatient, _context(pair)) == "TLSv1.3"
    for connection in silent:
        connection.close()
