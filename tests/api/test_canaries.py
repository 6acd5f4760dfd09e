"""Secrets leave by no door: logs of every level, answers, errors, metrics, audit trail, Redis, commands' output.

Each secret is real: a token that works, a password that signs in, a session that is open, a Redis that asks for a
password. Everything the platform says meanwhile is searched for all of them.
"""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from flask import Flask
from werkzeug.test import TestResponse

from api.app import create_app
from api.observability import configure_logging
from store.progress import Progress
from store.queue import GradingQueue, connect
from store.records import NewToken, Role
from store.settings import Settings
from store.store import Store
from tests.api.conftest import SESSION, Platform
from tests.api.sample import CANARY, FIX_ZIP, SLUG
from tests.support.valkey import TestServer

ROOT = Path(__file__).parents[2]
PASSWORD = "canary password of a user"
WRONG = "canary password with a typo"
REDIS_PASSWORD = "canaryOfRedis7d1"
DATABASE_PASSWORD = "canaryOfTheDatabase4e2"
SECRET_KEY = "canaryOfTheSecretKey0123456789abcdef"


@dataclass
class Watched:
    """A platform and all that it has said."""

    platform: Platform
    app: Flask
    log: io.StringIO
    secrets: dict[str, str]
    answers: list[TestResponse] = field(default_factory=list)

    def send(self, method: str, path: str, **options: Any) -> TestResponse:
        # Without a cookie jar: it would take the place of a Cookie header.
        answer = self.app.test_client(use_cookies=False).open(path, method=method, **options)
        answer.get_data()
        answer.close()
        self.answers.append(answer)
        return answer

    def said(self) -> str:
        """Log, answers with their headers, metrics, audit trail and what can be read in Redis."""
        answers = [
            "".join(f"{name}: {value}\n" for name, value in answer.headers) + _text(answer) for answer in self.answers
        ]
        trail = str(self.platform.store.audit.page(limit=500).items)
        metrics = self.app.test_client().get("/metrics").text
        keys = [key.decode("utf-8", "replace") for key in self.platform.redis.scan_iter("*")]
        return "\n".join([self.log.getvalue(), *answers, trail, metrics, *keys])

    def leaks(self, text: str) -> list[str]:
        return [name for name, secret in self.secrets.items() if secret in text or quote(secret) in text]


def _text(answer: TestResponse) -> str:
    return answer.get_data().decode("utf-8", "replace")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything logged from DEBUG on, ours and libraries'; what was set up before is put back."""
    root = logging.getLogger()
    before, level, config = list(root.handlers), root.level, structlog.get_config()
    stream = io.StringIO()
    configure_logging("DEBUG", stream)
    structlog.configure(cache_logger_on_first_use=False)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.configure(**config)


@pytest.fixture
def watched(platform: Platform, valkey: TestServer, log: io.StringIO) -> Iterator[Watched]:
    client: Any = connect(valkey.url)
    client.config_set("requirepass", REDIS_PASSWORD)
    url = valkey.url.replace("unix://", f"unix://:{REDIS_PASSWORD}@")
    settings = platform.settings.model_copy(update={"redis_url": url, "secret_key": SECRET_KEY})
    redis = connect(url)
    app = create_app(settings, platform.store, GradingQueue(redis, settings), Progress(redis, settings))
    platform.redis = redis
    platform.store.users.add("ada", Role.ADMIN, PASSWORD)
    answer = app.test_client().post(SESSION, json={"account": "ada", "password": PASSWORD})
    session = re.search("mendbox_session=([^;]+)", answer.headers["Set-Cookie"])
    assert session is not None
    secrets = {
        "password": PASSWORD,
        "wrong password": WRONG,
        "session": session[1],
        "csrf": answer.get_json()["csrf_token"],
        "secret key": SECRET_KEY,
        "redis password": REDIS_PASSWORD,
        "hidden suite": CANARY,
        **{f"token of {role.value}": issued.text for role, issued in platform.tokens.items()},
    }
    yield Watched(platform, app, log, secrets)
    redis.close()
    client.close()


def _walk(watched: Watched) -> None:
    """Every route, as well and as badly as it can be called, with the secrets wherever somebody could put them."""
    platform, secrets = watched.platform, watched.secrets
    callers = [
        {},
        platform.headers(Role.CANDIDATE),
        platform.headers(),
        {"Cookie": f"mendbox_session={secrets['session']}", "X-CSRF-Token": secrets["csrf"]},
        {"Authorization": f"Bearer {secrets['session']}", "X-Request-Id": secrets["token of admin"]},
        {"Authorization": f"Basic {secrets['password']}", "Origin": "https://evil.example"},
    ]
    for rule in watched.app.url_map.iter_rules():
        # One for each route: the events of one that was sent to be graded again would not end.
        submission = platform.graded()
        path = re.sub("<[^>]*slug>", SLUG, rule.rule)
        path = re.sub("<[^>]*name>", "docs.js", re.sub("<[^>]*id>", submission.id, path))
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            if (method, path) == ("DELETE", SESSION):
                continue  # at the end
            token = secrets["token of admin"]
            for headers in callers:
                watched.send(method, path, headers=headers, json={"account": "ada", "password": WRONG})
            admin = callers[2]
            for query in (f"?token={token}&after={token}", f"?x=%6dbx_{token[4:]}"):
                watched.send(method, path + query, headers=admin)
            watched.send(method, path, headers=admin, json={"account": WRONG * 4, "password": [WRONG]})
            form = {"challenge": SLUG, "archive": (io.BytesIO(FIX_ZIP), "fix.zip"), "password": WRONG}
            watched.send(method, path, headers=admin, data=form, content_type="multipart/form-data")
    for role in Role:
        watched.send("GET", f"/{secrets[f'token of {role.value}']}")
        watched.send("GET", f"/api/v1/challenges/{secrets[f'token of {role.value}']}", headers=platform.headers())


def _is_for_the_sessions_owner(answer: TestResponse) -> bool:
    text = _text(answer)
    begun = answer.status_code == 201 and "csrf_token" in text
    asked = "mendbox_session=" in answer.request.headers.get("Cookie", "")
    return begun or (asked and ("csrf_token" in text or answer.mimetype == "text/html"))


@pytest.mark.parametrize("fault", [None, "view", "store", "redis"])
def test_no_secret_is_in_anything_that_the_platform_says(
    watched: Watched, valkey: TestServer, fault: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = watched.app.extensions["mendbox"].settings
    quiet = {"requests_per_minute": 0, "anonymous_per_minute": 0, "sign_ins_per_account": 0, "sign_ins_per_address": 0}
    object.__setattr__(watched.app.extensions["mendbox"], "settings", settings.model_copy(update=quiet))
    if fault == "view":

        def fail(**values: Any) -> None:
            secret = watched.secrets["password"]
            raise RuntimeError(f"{len(secret)} of {len(values)}")

        for endpoint in watched.app.view_functions:
            watched.app.view_functions[endpoint] = fail
    if fault == "store":
        with watched.platform.store.engine.begin() as connection:
            connection.exec_driver_sql("ALTER TABLE submissions RENAME TO elsewhere")
            connection.exec_driver_sql("ALTER TABLE users RENAME TO nobody")
    if fault == "redis":
        client: Any = watched.platform.redis
        client.config_set("requirepass", "another")
        client.connection_pool.disconnect()

    if fault == "store":
        monkeypatch.setattr(watched.platform, "graded", lambda: SimpleNamespace(id="0" * 32))
    _walk(watched)

    if fault == "redis":
        client = watched.platform.redis
        monkeypatch.setattr(client, "scan_iter", lambda _: iter(()))
    statuses = {answer.status_code for answer in watched.answers}
    assert {"view": 500, "store": 503, "redis": 503}.get(str(fault), 200) in statuses
    # The session's owner is told their own CSRF token, also by pages that say what went wrong, and nobody else.
    own = [answer for answer in watched.answers if _is_for_the_sessions_owner(answer)]
    watched.answers = [answer for answer in watched.answers if answer not in own]
    assert watched.leaks(watched.said()) == []
    assert not set(watched.leaks("".join(map(_text, own)))) - {"csrf"}
    lines = [json.loads(line) for line in watched.log.getvalue().splitlines()]
    assert len([line for line in lines if line["event"] == "request"]) > 150


def test_the_search_finds_what_is_there(watched: Watched) -> None:
    for name, secret in watched.secrets.items():
        assert watched.leaks(f"x{secret}x") == [name]
    logging.getLogger("another.package").debug("connecting with %s", REDIS_PASSWORD)
    assert "redis password" in watched.leaks(watched.said())


def _mendbox(*arguments: str, environ: dict[str, str], typed: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mendbox", *arguments],
        cwd=ROOT,
        env=environ,
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.stdout + done.stderr


def test_no_secret_is_in_what_commands_say(platform: Platform) -> None:
    environ = {**platform.environ, "MENDBOX_SECRET_KEY": SECRET_KEY, "MENDBOX_LOG_LEVEL": "DEBUG"}
    said = [
        _mendbox("user", "add", "ada", "--role", "admin", "--json", environ=environ, typed=f"{PASSWORD}\n"),
        _mendbox("user", "add", "ada", "--role", "admin", "--json", environ=environ, typed=f"{PASSWORD}\n"),
        _mendbox("user", "add", PASSWORD[:5], "--role", "admin", environ=environ, typed=f"{PASSWORD}\n"),
        _mendbox("user", "password", "ada", "--json", environ=environ, typed=f"{WRONG}\n"),
        _mendbox("user", "password", "nobody", environ=environ, typed=f"{WRONG}\n"),
        _mendbox("user", "list", "--json", environ=environ),
        _mendbox("user", "disable", "ada", environ=environ),
        _mendbox("token", "list", "--json", environ=environ),
        _mendbox("db", "status", "--json", environ=environ),
    ]
    made = [json.loads(text) for text in said if text.startswith("{")]
    assert [document["account"] for document in made if "account" in document] == ["ada", "ada"]

    away = f"postgresql://mendbox:{DATABASE_PASSWORD}@127.0.0.1:1/none"
    broken = {**environ, "MENDBOX_DATABASE_URL": away, "MENDBOX_REDIS_URL": f"redis://:{REDIS_PASSWORD}@127.0.0.1:1/0"}
    for command in (("db", "status"), ("db", "upgrade", "--json"), ("token", "list"), ("user", "list", "--json")):
        said.append(_mendbox(*command, environ=broken))
    for name, value in (("DATABASE_URL", f"nonsense://u:{DATABASE_PASSWORD}@h"), ("SECRET_KEY", "canaryTooShort")):
        said.append(_mendbox("db", "status", environ={**environ, f"MENDBOX_{name}": value}))

    text = "\n".join(said)
    secrets = [PASSWORD, WRONG, SECRET_KEY, REDIS_PASSWORD, DATABASE_PASSWORD, "canaryTooShort", "$argon2"]
    assert [secret for secret in secrets if secret in text] == []
    assert not [role for role, issued in platform.tokens.items() if issued.text in text]
    assert "does not answer" in text or "not available" in text


def test_a_database_that_is_away_is_told_without_its_password(platform: Platform, log: io.StringIO) -> None:
    url = f"postgresql://mendbox:{DATABASE_PASSWORD}@127.0.0.1:1/none"
    settings: Settings = platform.settings.model_copy(update={"database_url": url})
    with Store.open(url) as store:
        app = create_app(settings, store, platform.queue, platform.progress)
        token = platform.store.tokens.create(NewToken("x", Role.ADMIN)).text
        answers = [
            app.test_client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}),
            app.test_client().get("/readyz"),
            app.test_client().get("/metrics"),
        ]
    assert [answer.status_code for answer in answers] == [503, 503, 200]
    text = log.getvalue() + "".join(answer.text for answer in answers) + repr(store.engine) + repr(settings)
    assert "the database is not available" in text
    assert DATABASE_PASSWORD not in text
    assert token not in text
