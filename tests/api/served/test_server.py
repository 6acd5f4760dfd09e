"""The API behind gunicorn: bodies that are too large, too slow or cut short, and the command that starts it."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from api.bodies import FORM_OVERHEAD_BYTES, JSON_BYTES
from api.gunicorn_worker import ReadDeadlines
from api.server import gunicorn_command
from runner.limits import SubmissionLimits
from store.records import Role
from store.secret_files import SettingsInvalid
from store.settings import Settings
from tests.api.conftest import Platform
from tests.api.sample import FIX_ZIP, SLUG
from tests.api.served.live import ROOT, WAIT_S, ImpatientWorker, Server, raw_answer

UPLOAD_BYTES = SubmissionLimits().upload_bytes + FORM_OVERHEAD_BYTES
URL = "/api/v1/submissions"


def _form(archive: bytes = FIX_ZIP) -> bytes:
    return (
        f'--b\r\nContent-Disposition: form-data; name="challenge"\r\n\r\n{SLUG}\r\n'
        '--b\r\nContent-Disposition: form-data; name="archive"; filename="fix.zip"\r\n\r\n'
    ).encode() + (archive + b"\r\n--b--\r\n")


def _head(platform: Platform, *headers: str, path: str = URL) -> bytes:
    token = platform.tokens[Role.CANDIDATE].text
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Bearer {token}",
        "Content-Type: multipart/form-data; boundary=b",
        *headers,
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _problem(answer: bytes, status: int) -> dict[str, Any]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), answer[:300]
    assert b"application/problem+json" in head.lower()
    return dict(json.loads(body))


def test_a_submission_through_the_server_is_accepted(platform: Platform, server: Server) -> None:
    answer = requests.post(
        server.url + URL,
        headers=platform.headers(Role.CANDIDATE),
        data={"challenge": SLUG},
        files={"archive": ("fix.zip", FIX_ZIP)},
        timeout=WAIT_S,
    )

    assert answer.status_code == 202, answer.text


def test_a_chunked_body_is_taken(platform: Platform, server: Server) -> None:
    form = _form()
    with server.connect() as connection:
        connection.sendall(_head(platform, "Transfer-Encoding: chunked"))
        for start in range(0, len(form), 100):
            part = form[start : start + 100]
            connection.sendall(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        connection.sendall(b"0\r\n\r\n")

        assert raw_answer(connection).startswith(b"HTTP/1.1 202 ")


def test_a_chunked_body_that_grows_too_large_is_413(platform: Platform, server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(_head(platform, "Transfer-Encoding: chunked"))
        chunk = b"x" * 65536
        try:
            for _ in range(UPLOAD_BYTES // len(chunk) + 2):
                connection.sendall(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server need not wait for the rest

        _problem(raw_answer(connection), 413)


@pytest.mark.parametrize("more", [0, 1, 5000])
def test_a_chunked_body_is_taken_whole_or_not_at_all(platform: Platform, server: Server, more: int) -> None:
    body = b'{"name": "x", "role": "recruiter"}'
    body += b" " * (JSON_BYTES + more - len(body))
    answer = requests.post(
        f"{server.url}/api/v1/tokens",
        data=iter([body[:100], body[100:]]),
        headers={**platform.headers(Role.ADMIN), "Content-Type": "application/json"},
        timeout=WAIT_S,
    )

    assert answer.status_code == (413 if more else 201), answer.text


@pytest.mark.parametrize("chunk", [b"zz\r\nabc\r\n", b"3\r\nabcdef\r\n0\r\n\r\n", b"-1\r\n\r\n"])
def test_chunks_that_can_not_be_read_are_400(platform: Platform, server: Server, chunk: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(_head(platform, "Transfer-Encoding: chunked") + chunk)

        assert _problem(raw_answer(connection), 400)["type"] == "urn:mendbox:problem:malformed-request"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: h\r\nX: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: h\r\nbad header: 1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: lzma\r\n\r\n", 501),
        (b"GET /?mbx_secretsecretsecret HTCPCP/1.0\r\n\r\n", 400),
    ],
)
def test_what_is_no_request_is_answered_as_all_other_errors(server: Server, request_bytes: bytes, status: int) -> None:
    with server.connect() as connection:
        connection.sendall(request_bytes)
        answer = raw_answer(connection)

    document = _problem(answer, status)
    assert {"type", "title", "status", "detail"} <= set(document)
    assert b"x-content-type-options: nosniff" in answer.lower()
    assert "mbx_secret" not in "".join(server.lines) + answer.decode()


def test_a_body_that_says_it_is_too_large_is_answered_before_it_is_sent(platform: Platform, server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(_head(platform, f"Content-Length: {UPLOAD_BYTES + 1}"))

        _problem(raw_answer(connection), 413)


def test_a_missing_length_is_an_empty_body(platform: Platform, server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(_head(platform))

        _problem(raw_answer(connection), 422)


@pytest.mark.parametrize("length", ["-1", "x", "1, 2", "1\r\nContent-Length: 2"])
def test_a_length_that_is_none_is_refused(platform: Platform, server: Server, length: str) -> None:
    with server.connect() as connection:
        connection.sendall(_head(platform, f"Content-Length: {length}") + b"xx")

        assert raw_answer(connection).startswith(b"HTTP/1.1 400 ")


def test_a_body_that_is_cut_short_stores_nothing(platform: Platform, server: Server) -> None:
    form = _form()
    with server.connect() as connection:
        connection.sendall(_head(platform, f"Content-Length: {len(form) + 1000}") + form)
        connection.shutdown(socket.SHUT_WR)

        assert _problem(raw_answer(connection), 408)["type"] == "urn:mendbox:problem:request-timeout"
    assert platform.store.submissions.page().items == ()


def test_a_body_that_comes_too_slowly_is_408_and_frees_the_thread(platform: Platform, impatient_server: Server) -> None:
    connections = [impatient_server.connect() for _ in range(platform.settings.api_threads)]
    for connection in connections:
        connection.sendall(_head(platform, "Content-Length: 1000") + b"--b")

    for connection in connections:
        _problem(raw_answer(connection), 408)
        connection.close()
    assert requests.get(f"{impatient_server.url}/healthz", timeout=WAIT_S).status_code == 200


def test_a_body_that_drips_is_408_all_the_same(platform: Platform, impatient_server: Server) -> None:
    with impatient_server.connect() as connection:
        connection.sendall(_head(platform, "Content-Length: 100000"))
        connection.settimeout(0.1)
        answer = b""
        for _ in range(int(WAIT_S / 0.1)):
            try:
                connection.sendall(b"-")
                answer += connection.recv(65536)
                break
            except TimeoutError:
                continue
        connection.settimeout(WAIT_S)
        while b"\r\n\r\n" not in answer or answer.endswith(b"\r\n\r\n"):
            more = connection.recv(65536)
            if not more:
                break
            answer += more

        _problem(answer, 408)


def test_heads_that_never_end_do_not_keep_the_server_from_others(platform: Platform, impatient_server: Server) -> None:
    connections = [impatient_server.connect() for _ in range(platform.settings.api_threads)]
    for connection in connections:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nX-Slow: ")

    assert requests.get(f"{impatient_server.url}/healthz", timeout=WAIT_S).status_code == 200
    for connection in connections:
        connection.close()


def test_a_connection_that_idles_between_requests_is_not_ended(platform: Platform, impatient_server: Server) -> None:
    with requests.Session() as session:
        for _ in range(2):
            assert session.get(f"{impatient_server.url}/healthz", timeout=WAIT_S).status_code == 200
            time.sleep(ImpatientWorker.head_s * 1.6)


def test_every_request_is_one_line_of_json_in_the_log_and_no_line_holds_a_token(
    platform: Platform, own_server: Server
) -> None:
    headers = platform.headers(Role.CANDIDATE, X_Request_Id="mine-1")
    requests.get(f"{own_server.url}/api/v1/me", headers=headers, timeout=WAIT_S)
    requests.get(f"{own_server.url}/{platform.tokens[Role.CANDIDATE].text}", timeout=WAIT_S)
    own_server.process.terminate()
    own_server.process.wait(WAIT_S)

    lines = [line for line in own_server.log() if line["event"] == "request"]
    assert [(line["request_id"], line["status"], line["role"]) for line in lines[:1]] == [("mine-1", 200, "candidate")]
    assert len(lines) == 2
    assert platform.tokens[Role.CANDIDATE].text not in "\n".join(own_server.lines)


def test_threads_must_be_more_than_event_streams() -> None:
    with pytest.raises(SettingsInvalid, match="MENDBOX_API_THREADS"):
        gunicorn_command(Settings(api_threads=8, event_streams=8))


def test_a_certificate_that_can_not_be_used_is_told_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match=r"MENDBOX_TLS_CERTIFICATE='/nope'.*No such file"):
        gunicorn_command(Settings(tls_certificate="/nope", tls_key="/nope"))
    (tmp_path / "no.pem").write_text("no certificate")
    with pytest.raises(SettingsInvalid, match="can't be used"):
        gunicorn_command(Settings(tls_certificate=str(tmp_path / "no.pem"), tls_key=str(tmp_path / "no.pem")))


def test_an_address_of_version_6_is_in_brackets() -> None:
    assert "[::1]:8080" in gunicorn_command(Settings(host="::1"))


def test_without_redis_in_the_environment_the_server_says_what_to_do(platform: Platform) -> None:
    environ = {name: value for name, value in platform.environ.items() if name != "MENDBOX_REDIS_URL"}

    done = subprocess.run(
        [sys.executable, "-c", "import api.wsgi; api.wsgi.serve()"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "MENDBOX_REDIS_URL is not set" in done.stderr


def test_importing_the_api_reads_no_environment_and_opens_nothing() -> None:
    code = (
        "import os, socket, builtins\n"
        "os.environ['MENDBOX_PORT'] = 'nonsense'\n"
        "socket.socket.connect = None\n"
        "import api.app, api.wsgi, api.server\n"
        "import sys; assert 'worker' not in sys.modules and 'docker' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=ROOT, check=True)


def test_only_a_socket_whose_time_is_up_is_ended() -> None:
    deadlines = ReadDeadlines()
    pairs = [socket.socketpair() for _ in range(3)]
    watched, let_go, in_time = (ours for ours, _ in pairs)
    deadlines.watch(watched, 10)
    deadlines.watch(let_go, 10)
    deadlines.watch(in_time, 100)
    deadlines.let_go(let_go)

    deadlines.end_overdue(time.monotonic() + 50)

    for ours, theirs in pairs:
        theirs.sendall(b"x") if ours is not watched else None
    assert [ours.recv(1) for ours, _ in pairs] == [b"", b"x", b"x"]
    for ours, theirs in pairs:
        ours.close()
        theirs.close()
