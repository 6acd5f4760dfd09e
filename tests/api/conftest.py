"""The API's surroundings: a real store (SQLite), a real Redis-compatible server, two challenges, a token per role."""

from __future__ import annotations

import itertools
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from werkzeug.test import TestResponse

from api.app import create_app
from api.context import Services
from api.pages.routing import is_page
from runner.packages.loader import load_package
from runner.submissions.model import Submission
from store.progress import Progress
from store.queue import GradingQueue, connect
from store.records import (
    Claim,
    GradingRecord,
    IssuedToken,
    NewToken,
    Origin,
    Role,
    SourceKind,
    SubmissionRecord,
    UserRecord,
)
from store.settings import Settings
from store.store import Store
from tests.api.sample import FIXED, OTHER, SLUG, grade_of, write_challenge
from tests.support.valkey import TestServer, valkey  # noqa: F401 -- a fixture

SESSION = "/api/v1/session"
PASSWORD = "correct horse battery staple"
OTHER_PASSWORD = "another long password entirely"
_numbers = itertools.count(1)
#: Without set-up structlog draws each traceback in colours, with all local variables: seconds for each error.
structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)])


@dataclass
class Platform:
    """Everything a test of the API works with."""

    settings: Settings
    store: Store
    redis: Redis
    queue: GradingQueue
    progress: Progress
    tokens: Mapping[Role, IssuedToken]
    environ: Mapping[str, str]
    app: Flask

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def headers(self, role: Role | None = Role.ADMIN, **more: str) -> dict[str, str]:
        """Headers of a caller with this role; None: without a token."""
        sent = {} if role is None else {"Authorization": f"Bearer {self.tokens[role].text}"}
        return {**sent, **{name.replace("_", "-"): value for name, value in more.items()}}

    def get(self, path: str, role: Role | None = Role.ADMIN, **headers: str) -> TestResponse:
        return self.client.get(path, headers=self.headers(role, **headers))

    def post(self, path: str, role: Role | None = Role.ADMIN, **options: Any) -> TestResponse:
        more = options.pop("headers", {})
        return self.client.post(path, headers={**self.headers(role), **more}, **options)

    def submit(self, role: Role = Role.CANDIDATE, **options: Any) -> TestResponse:
        """POST /submissions; `data` are the form's fields."""
        return self.post("/api/v1/submissions", role, content_type="multipart/form-data", **options)

    def add(self, role: Role = Role.CANDIDATE, challenge: str = SLUG) -> tuple[SubmissionRecord, GradingRecord]:
        """Store a submission by this role's token, without the API and without queueing it."""
        origin = Origin(challenge, "sha256:c", SourceKind.ARCHIVE, self.tokens[role].record.id)
        return self.store.submissions.add(Submission({"app.py": FIXED}), origin)

    def claim(self, grading: GradingRecord) -> Claim:
        """Begin a grading, as a worker would."""
        claim = self.store.claims.take(grading.id, "worker-1")
        assert claim is not None
        return claim

    def graded(self, role: Role = Role.CANDIDATE) -> SubmissionRecord:
        """A submission that has a grade."""
        submission, grading = self.add(role)
        claim = self.claim(grading)
        assert self.store.claims.record_grade(claim, grade_of(claim))
        return submission

    def second_candidate(self) -> dict[str, str]:
        """Headers of another candidate's token."""
        issued = self.store.tokens.create(NewToken("second candidate", Role.CANDIDATE, (SLUG,)))
        return {"Authorization": f"Bearer {issued.text}"}

    def another_app(self, **changes: Any) -> Flask:
        """The API again, on the same records, with other settings."""
        return create_app(self.settings.model_copy(update=changes), self.store, self.queue, self.progress)

    def user(self, role: Role = Role.RECRUITER, account: str = "") -> UserRecord:
        """An account whose password is `PASSWORD`."""
        return self.store.users.add(account or f"{role.value}@example.org", role, PASSWORD)

    def sign_in(self, role: Role = Role.RECRUITER, app: Flask | None = None) -> SignedIn:
        """A browser in which a new user of this role has signed in."""
        user = self.user(role, f"{role.value}-{next(_numbers)}")
        client = (app or self.app).test_client()
        answer = client.post(SESSION, json={"account": user.account, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        return SignedIn(client, user, answer.get_json()["csrf_token"])


def api_routes(app: Flask) -> set[str]:
    """Method and rule of every route of the API; tests/pages has those of the pages."""
    return {
        f"{method} {re.sub('<string:', '<', rule.rule)}"
        for rule in app.url_map.iter_rules()
        if not is_page(rule.endpoint)
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def secret_keys(platform: Platform) -> tuple[bytes, ...]:
    """What second factors are encrypted with."""
    services: Services = platform.app.extensions["mendbox"]
    return services.secret_key.all()


@dataclass(frozen=True)
class SignedIn:
    """A browser with a session's cookie, and what its page knows."""

    client: FlaskClient
    user: UserRecord
    csrf: str

    @property
    def headers(self) -> dict[str, str]:
        return {"X-CSRF-Token": self.csrf}

    @property
    def text(self) -> str:
        """The session's id."""
        cookie = self.client.get_cookie("mendbox_session")
        assert cookie is not None
        return cookie.value


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestServer]:
    """One server for all; each test has a prefix of its own."""
    server = TestServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with tables, and the challenges, to be copied."""
    folder = tmp_path_factory.mktemp("templates")
    with Store.open(f"sqlite:///{folder / 'mendbox.db'}") as store:
        store.upgrade()
    for slug in (SLUG, OTHER):
        write_challenge(folder / "challenges" / slug)
        load_package(folder / "challenges" / slug)
    return folder


@contextmanager
def a_platform(folder: Path, redis_server: TestServer, templates: Path) -> Iterator[Platform]:
    """A platform in an empty folder."""
    shutil.copytree(templates, folder, dirs_exist_ok=True)
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MENDBOX_")},
        "MENDBOX_HOME": str(folder),
        "MENDBOX_CHALLENGES": str(folder / "challenges"),
        "MENDBOX_REDIS_URL": redis_server.url,
        "MENDBOX_QUEUE_PREFIX": f"t{os.getpid()}-{next(_numbers)}",
        "MENDBOX_PORT": "0",
        "MENDBOX_API_THREADS": "8",
        "MENDBOX_EVENT_STREAMS": "3",
        # What sessions may do is asked of accounts as they are made; tests/api/test_second_factors.py has it required.
        "MENDBOX_SECOND_FACTOR": "optional",
    }
    settings = Settings.from_env(environ)
    redis = connect(redis_server.url)
    store = Store.open(settings.effective_database_url)
    queue, progress = GradingQueue(redis, settings), Progress(redis, settings)
    app = create_app(settings, store, queue, progress)
    tokens = {
        role: store.tokens.create(NewToken(f"the {role.value}", role, (SLUG,) if role is Role.CANDIDATE else ()))
        for role in Role
    }
    yield Platform(settings, store, redis, queue, progress, tokens, environ, app)
    store.close()
    redis.close()


@pytest.fixture
def platform(tmp_path: Path, redis_server: TestServer, templates: Path) -> Iterator[Platform]:
    with a_platform(tmp_path, redis_server, templates) as made:
        yield made
