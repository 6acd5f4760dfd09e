"""Webhooks as they arrive: signed, tried again, never followed elsewhere, and never waited for for ever."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from store.records import AuditFilter, NewToken, Role
from store.secret_files import SettingsInvalid
from store.settings import Settings
from store.store import Store
from store.webhook_rules import Answer, DeliveryState
from store.webhooks import Attempt
from tests.support.certificates import Authority
from tests.support.mail import slow_server
from tests.support.receiver import Receiver
from tests.worker.conftest import ROOT, World, wait_for
from worker.webhook_sending import Target
from worker.webhooks import target_of, tell

KEY, KEY_BEFORE = b"k" * 32, b"b" * 24
SECRET, SECRET_BEFORE = (f"whsec_{base64.b64encode(key).decode()}" for key in (KEY, KEY_BEFORE))
AT = datetime(2026, 11, 30, 12, 0, 0, 900_000, tzinfo=UTC)
ATTEMPT = Attempt("0" * 32, 1, b'{"type":"webhook.test"}')


def documented() -> Any:
    """`verified` of docs/webhooks.md, as people copy it."""
    text = (ROOT / "docs" / "webhooks.md").read_text()
    code = text.split("```python\n")[1].split("```")[0]
    names: dict[str, Any] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), names)
    return names["verified"]


class _Clock:
    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
def store(tmp_path: Path, empty_database: Path, clock: _Clock) -> Iterator[Store]:
    shutil.copy(empty_database, tmp_path / "mendbox.db")
    with Store.open(f"sqlite:///{tmp_path / 'mendbox.db'}", clock=clock) as opened:
        opened.webhooks.collect()
        yield opened


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


def test_what_arrives_is_signed_and_told_for_true_by_the_code_of_the_docs() -> None:
    verified = documented()
    with Receiver() as receiver:
        target = Target(f"{receiver.url}/hooks/one?from=mendbox", (KEY, KEY_BEFORE))
        assert target.send(ATTEMPT, AT) == Answer(204)
        (got,) = receiver.received
    assert (got.path, got.body) == ("/hooks/one?from=mendbox", ATTEMPT.body)
    assert got.headers["content-type"] == "application/json"
    assert got.headers["host"] == receiver.url.removeprefix("http://")
    assert got.headers["webhook-id"] == ATTEMPT.id
    assert got.headers["webhook-timestamp"] == str(int(AT.timestamp()))
    now = AT.timestamp() + 3
    for secret in (SECRET, SECRET_BEFORE):
        assert verified(got.headers, got.body, secret, now) == {"type": "webhook.test"}
    other = f"whsec_{base64.b64encode(b'x' * 32).decode()}"
    changed = [
        (got.headers, got.body.replace(b"test", b"tess"), SECRET, now),
        ({**got.headers, "webhook-id": "1" * 32}, got.body, SECRET, now),
        ({**got.headers, "webhook-timestamp": str(int(now))}, got.body, SECRET, now),
        (got.headers, got.body, other, now),
        (got.headers, got.body, SECRET, now + 3600),
    ]
    for case in changed:
        with pytest.raises(ValueError):
            verified(*case)


def test_one_secret_signs_once_as_the_specification_has_it() -> None:
    # The example of the specification: its libraries give this signature for this secret, id, time and body.
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    with Receiver() as receiver:
        body = b'{"test": 2432232314}'
        attempt = Attempt("msg_p5jXN8AQM9LWM0D4loKWxJek", 1, body)
        assert Target(receiver.url, (key,)).send(attempt, datetime.fromtimestamp(1614265330, UTC)) == Answer(204)
        (got,) = receiver.received
    assert got.path == "/"
    assert got.headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("status", [200, 302, 308, 400, 410, 500])
def test_an_answer_is_its_status_and_a_redirect_is_not_followed(status: int) -> None:
    with Receiver(status) as receiver:
        assert Target(receiver.url, (KEY,)).send(ATTEMPT, AT) == Answer(status)
        assert [each.path for each in receiver.received] == ["/"]


def test_a_target_that_is_not_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    answer = Target(f"http://127.0.0.1:{port}", (KEY,)).send(ATTEMPT, AT)
    assert answer == Answer(None, "it can't be reached: Connection refused")
    answer = Target("https://no-such-host.invalid/x", (KEY,)).send(ATTEMPT, AT)
    assert answer == Answer(None, "its name is not known")


@pytest.mark.parametrize(
    ("said", "every_s", "step_s", "total_s", "fault"),
    [
        (b"", None, 0.3, 60.0, "no answer"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 2000, 0.05, 60.0, 1.0, "no answer within 1 s"),
        (b"+OK mail here\r\n", None, 60.0, 60.0, "what it answered is no HTTP"),
    ],
    ids=["silent", "a byte at a time", "no HTTP"],
)
def test_a_target_that_hangs_drips_or_speaks_otherwise_holds_nothing_up(
    said: bytes, every_s: float | None, step_s: float, total_s: float, fault: str
) -> None:
    with slow_server(said, every_s=every_s) as port:
        target = Target(f"http://127.0.0.1:{port}", (KEY,), step_s, total_s)
        assert target.send(ATTEMPT, AT) == Answer(None, fault)


def test_over_tls_the_certificate_counts(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    own = authority.sign("127.0.0.1", "IP:127.0.0.1")
    with Receiver(certificate=own) as receiver:
        answer = Target(receiver.url, (KEY,)).send(ATTEMPT, AT)
        assert answer.status is None
        assert answer.fault.startswith("its certificate is not good: ")
        assert receiver.received == []
        # What this machine trusts is OpenSSL's to say.
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.own.certificate))
        assert Target(receiver.url, (KEY,)).send(ATTEMPT, AT) == Answer(204)
        plain = Target(receiver.url.replace("https", "http"), (KEY,), step_s=1.0, total_s=3.0)
        assert plain.send(ATTEMPT, AT).status != 204
    with Receiver() as receiver:
        answer = Target(receiver.url.replace("http", "https"), (KEY,)).send(ATTEMPT, AT)
        assert answer == Answer(None, "it does not speak TLS as asked")


def test_what_fails_is_told_later_with_the_same_id_and_body(store: Store, clock: _Clock) -> None:
    store.tokens.create(NewToken("Ada", Role.CANDIDATE, ("late-fees",), "A-17"))
    with Receiver(500, 302) as receiver:
        target = Target(receiver.url, (KEY,))
        assert tell(store, target, clock) == 1
        assert tell(store, target, clock) == 0
        (waiting,) = store.webhooks.page().items
        assert (waiting.state, waiting.status, waiting.fault) == (DeliveryState.WAITING, 500, "answered 500")
        for fault in ("answered 302: redirects are not followed", None):
            clock.now += timedelta(minutes=1)
            assert tell(store, target, clock) == 1
            assert store.webhooks.page().items[0].fault == fault
        assert store.webhooks.page().items[0].state is DeliveryState.DELIVERED
        clock.now += timedelta(days=2)
        assert tell(store, target, clock) == 0
    first, *others = receiver.received
    assert len(others) == 2
    assert {(each.headers["webhook-id"], each.body) for each in others} == {(first.headers["webhook-id"], first.body)}
    assert len({each.headers["webhook-signature"] for each in receiver.received}) == 3
    assert json.loads(first.body)["data"]["candidate"]["reference"] == "A-17"


def test_a_target_that_wants_no_more_of_one_gets_the_next(store: Store, clock: _Clock) -> None:
    for _ in range(2):
        store.webhooks.test(actor="ada")
    with Receiver(410) as receiver:
        assert tell(store, Target(receiver.url, (KEY,)), clock) == 2
    assert {each.state for each in store.webhooks.page().items} == {DeliveryState.GIVEN_UP, DeliveryState.DELIVERED}


def test_settings_name_a_target_and_a_secret_or_are_refused() -> None:
    url = "https://hooks.example/mendbox"
    target = target_of(Settings.from_env({"MENDBOX_WEBHOOK_URL": url, "MENDBOX_WEBHOOK_SECRET": SECRET}))
    assert (target.url, target.keys) == (url, (KEY,))
    before = {"MENDBOX_WEBHOOK_SECRET_BEFORE": SECRET_BEFORE}
    both = Settings.from_env({"MENDBOX_WEBHOOK_URL": url, "MENDBOX_WEBHOOK_SECRET": SECRET, **before})
    assert target_of(both).keys == (KEY, KEY_BEFORE)
    assert SECRET not in repr(both) + repr(target_of(both))
    assert "hooks.example" not in repr(both) + repr(target_of(both))
    for given in ({}, {"MENDBOX_WEBHOOK_URL": url}):
        with pytest.raises(SettingsInvalid):
            target_of(Settings.from_env(given))


@pytest.fixture
def told(tmp_path: Path, empty_database: Path) -> dict[str, str]:
    """The environment of a process that delivers, without a queue server and an engine."""
    shutil.copy(empty_database, tmp_path / "mendbox.db")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MENDBOX_")}
    return {**inherited, "MENDBOX_HOME": str(tmp_path), "MENDBOX_WEBHOOK_SECRET": SECRET}


def test_the_process_delivers_what_happens_needs_the_database_alone_and_stops_when_told(
    told: dict[str, str], tmp_path: Path
) -> None:
    with Receiver(500) as receiver, Store.open(f"sqlite:///{tmp_path / 'mendbox.db'}") as store:
        environ = {**told, "MENDBOX_WEBHOOK_URL": f"{receiver.url}/hook"}
        store.webhooks.collect()
        issued = store.tokens.create(NewToken("Ada", Role.CANDIDATE, ("late-fees",)))
        process = subprocess.Popen([sys.executable, "-m", "worker.webhooks"], cwd=ROOT, env=environ)
        try:
            _, second = receiver.wait_for(2)
            wait_for(lambda: store.webhooks.counts()[DeliveryState.DELIVERED], "it was not recorded")
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        finally:
            process.kill()
            process.wait()
        (deed,) = store.audit.page(AuditFilter(action="webhook.deliver")).items
    assert second.path == "/hook"
    assert json.loads(second.body)["data"]["candidate"]["id"] == issued.record.id
    assert deed.deed.detail["attempts"] == 2


def test_the_process_may_connect_nowhere_else() -> None:
    code = (
        "import socket\nfrom store.outbound import hold_to, NotOnTheList\n"
        "from store.settings import Settings\nfrom worker.webhooks import webhooks_places\n"
        "settings = Settings(webhook_url='https://hooks.example/x', redis_url='redis://127.0.0.1:6379')\n"
        "hold_to(webhooks_places(settings, {}))\n"
        "for place in (('127.0.0.1', 6379), ('127.0.0.1', 443)):\n"
        "    try: socket.create_connection(place, 1)\n"
        "    except NotOnTheList: print('refused')\n"
        "try: socket.socket(socket.AF_UNIX).connect('/var/run/docker.sock')\n"
        "except NotOnTheList: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "refused\n" * 3, done.stderr


@pytest.mark.parametrize("module", ["worker.webhooks", "worker.supervisor"])
def test_without_a_secret_nothing_starts_and_the_reason_is_said(world: World, module: str) -> None:
    environ = {**world.environ, "MENDBOX_WEBHOOK_URL": "https://hooks.example/x"}
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "MENDBOX_WEBHOOK_URL needs MENDBOX_WEBHOOK_SECRET" in done.stderr
    assert "hooks.example" not in done.stderr


def test_a_worker_tells_of_a_grade_and_grades_on_while_the_target_is_away(world: World) -> None:
    with Receiver(*[500] * 3) as receiver:
        world.store.webhooks.collect()
        world.supervisor("--slots", "1", MENDBOX_WEBHOOK_URL=receiver.url, MENDBOX_WEBHOOK_SECRET=SECRET)
        (first,) = world.finished(world.submit())
        (second,) = world.finished(world.submit())
        wait_for(
            lambda: {first.id, second.id} <= {_grading(each.body) for each in receiver.received}, "nothing was told"
        )


def _grading(body: bytes) -> str | None:
    grading: str | None = json.loads(body)["data"].get("grading")
    return grading
