"""API and workers connect to what their settings name, and to nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.outbound import NotOnTheList, Outbound, Place, database_places, engine_place, place_of

ROOT = Path(__file__).resolve().parents[2]
QUEUE = Place("queue.internal", 6379)
ENGINE = Place("/run/engine.sock")
#: What the names stand for: one address, then, after the server has moved, another.
ADDRESSES = {"queue.internal": [frozenset({"10.0.0.5"}), frozenset({"10.0.0.6"})]}


@pytest.fixture
def listed() -> Outbound:
    found = {name: iter(answers) for name, answers in ADDRESSES.items()}
    return Outbound([QUEUE, ENGINE], lambda host: next(found[host], frozenset()) if host in found else frozenset())


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://:secret@Queue.internal/0", Place("queue.internal", 6379)),
        ("rediss://u:p@queue.internal:7000", Place("queue.internal", 7000)),
        ("redis://[::1]:6390/0", Place("::1", 6390)),
        ("unix:///run/my%20queue.sock?db=0", Place("/run/my queue.sock")),
        ("unix://run/queue.sock", Place("run/queue.sock")),
        ("tcp://10.0.0.9:2376", Place("10.0.0.9", 2376)),
        ("tcp://10.0.0.9", Place("10.0.0.9", 2375)),
    ],
)
def test_a_url_is_a_place(url: str, place: Place) -> None:
    assert place_of(url) == place
    assert "secret" not in str(place)


@pytest.mark.parametrize(
    ("url", "places"),
    [
        ("postgresql://parts@Postgres/mendbox", [Place("postgres", 5432)]),
        ("postgresql+psycopg://u:p@db.internal:6000/d?sslmode=verify-full", [Place("db.internal", 6000)]),
        ("postgresql://u@/d?host=/run/postgresql", [Place("/run/postgresql/.s.PGSQL.5432")]),
        ("postgresql://u@/d?host=a.internal,b.internal", [Place("a.internal", 5432), Place("b.internal", 5432)]),
        ("postgresql://u@/d", [Place("from.pghost", 5432)]),
        ("sqlite:////srv/mendbox.db", []),
    ],
)
def test_the_database_is_where_its_url_says(url: str, places: list[Place]) -> None:
    assert database_places(url, "from.pghost") == places
    assert database_places("postgresql://u@/d") == []


def test_the_engine_is_where_docker_host_says_or_at_the_usual_socket() -> None:
    assert engine_place("") == Place("/var/run/docker.sock")
    assert engine_place("unix:///run/user/1000/docker.sock") == Place("/run/user/1000/docker.sock")


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("socket.connect", (None, "/run/engine.sock")),
        ("socket.connect", (None, b"/run/engine.sock")),
        ("socket.connect", (None, ("10.0.0.5", 6379))),
        ("socket.connect", (None, ("queue.internal", 6379))),
        ("socket.getaddrinfo", ("queue.internal", 6379, 0, 0, 0)),
        ("socket.getaddrinfo", (b"QUEUE.internal", 6379, 0, 0, 0)),
        ("socket.getaddrinfo", (None, 8080, 0, 0, 0)),
        ("socket.sendmsg", (None, None)),
        ("open", ("/etc/passwd", "r", 0)),
    ],
)
def test_what_is_on_the_list_goes_through(listed: Outbound, event: str, args: tuple[object, ...]) -> None:
    listed.check(event, args)


@pytest.mark.parametrize(
    ("event", "args"),
    [
        ("socket.connect", (None, "/run/other.sock")),
        ("socket.connect", (None, b"\0abstract")),
        ("socket.connect", (None, ("10.0.0.5", 80))),
        ("socket.connect", (None, ("10.0.0.7", 6379))),
        ("socket.connect", (None, ("169.254.169.254", 80))),
        ("socket.connect", (None, ("::1", 6379, 0, 0))),
        ("socket.sendto", (None, ("10.0.0.5", 53))),
        ("socket.sendmsg", (None, ("203.0.113.9", 6379))),
        ("socket.getaddrinfo", ("elsewhere.example.org", 6379, 0, 0, 0)),
        ("socket.getaddrinfo", (b"queue.internal.example.org", 6379, 0, 0, 0)),
        ("socket.gethostbyname", ("elsewhere.example.org",)),
    ],
)
def test_anything_else_is_refused_and_logged(
    listed: Outbound, event: str, args: tuple[object, ...], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(NotOnTheList, match=r"is not on the list: /run/engine\.sock, queue\.internal:6379"):
        listed.check(event, args)
    assert "was refused" in caplog.text


def test_a_server_that_has_moved_is_found_again(listed: Outbound) -> None:
    listed.check("socket.connect", (None, ("10.0.0.5", 6379)))
    listed.check("socket.connect", (None, ("10.0.0.6", 6379)))
    with pytest.raises(NotOnTheList):
        listed.check("socket.connect", (None, ("10.0.0.7", 6379)))


@pytest.fixture
def servers() -> Iterator[tuple[int, int]]:
    """The ports of two that listen on this host."""
    with closing(socket.create_server(("127.0.0.1", 0))) as first, closing(socket.create_server(("127.0.0.1", 0))) as b:
        yield first.getsockname()[1], b.getsockname()[1]


#: Tries each port given; whoever holds it to a list has done so before.
_TRY = """
import socket, sys
for port in sys.argv[1:]:
    try:
        socket.create_connection(("127.0.0.1", int(port)), 5).close()
        print(port, "connected")
    except PermissionError as error:
        print(port, type(error).__name__)
"""
_API = "import api.wsgi\napi.wsgi.serve()\n" + _TRY
_SLOT = f"import worker.process as process\nprocess.Slot.run = lambda _: exec({_TRY!r})\nprocess.main([])\n"
_SUPERVISOR = (
    "import worker.supervisor as supervisor\n"
    f"supervisor.Supervisor.run = lambda _: exec({_TRY!r})\n"
    "supervisor.main([])\n"
)


@pytest.mark.parametrize("program", [_API, _SLOT, _SUPERVISOR], ids=["api", "slot", "worker"])
def test_a_real_process_reaches_its_queue_server_and_no_other(
    program: str, servers: tuple[int, int], tmp_path: Path
) -> None:
    queue, other = servers
    (tmp_path / "challenges" / "some").mkdir(parents=True)
    (tmp_path / "challenges" / "some" / "challenge.toml").touch()
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MENDBOX_")},
        "MENDBOX_HOME": str(tmp_path),
        "MENDBOX_CHALLENGES": str(tmp_path / "challenges"),
        "MENDBOX_REDIS_URL": f"redis://127.0.0.1:{queue}/0",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-c", program, str(queue), str(other)]
    done = subprocess.run(command, check=False, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines() == [f"{queue} connected", f"{other} NotOnTheList"], done.stderr
