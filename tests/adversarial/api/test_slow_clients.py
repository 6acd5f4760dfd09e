"""Clients that hold the server's threads by sending slowly. The control is a server that waits as long as they like."""

from __future__ import annotations

import pytest

from api.gunicorn_worker import Worker
from store.records import Role
from tests.api.conftest import Platform
from tests.api.served.live import Server, serving

#: How long a client waits for an answer that does not come. The impatient server's deadlines are a second.
PATIENCE_S = 8.0
IMPATIENT = "tests.api.served.live.ImpatientWorker"
PATIENT = "tests.adversarial.api.test_slow_clients.PatientWorker"


class PatientWorker(Worker):
    """The server's worker with the mitigation off: it waits for ever."""

    head_s = 3600.0
    body_s = 3600.0


def _sent(kind: str, platform: Platform) -> bytes:
    head = "POST /api/v1/tokens HTTP/1.1\r\nHost: localhost\r\n"
    if kind == "slow-head":
        return head.encode()
    token = platform.tokens[Role.ADMIN].text
    rest = f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    return (head + rest).encode()


def _holds_a_thread(server: Server, platform: Platform, kind: str) -> bool:
    with server.connect() as connection:
        connection.sendall(_sent(kind, platform))
        connection.settimeout(PATIENCE_S)
        try:
            connection.recv(1024)  # an answer, or the connection's end
        except TimeoutError:
            return True
    return False


@pytest.mark.parametrize(("worker", "holds"), [(IMPATIENT, False), (PATIENT, True)])
def test_a_slow_head_and_a_slow_body_hold_a_thread_only_without_deadlines(
    platform: Platform, worker: str, holds: bool
) -> None:
    with serving(platform.settings, dict(platform.environ), worker) as server:
        assert [_holds_a_thread(server, platform, kind) for kind in ("slow-head", "slow-body")] == [holds, holds]
