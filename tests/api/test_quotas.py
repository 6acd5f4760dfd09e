"""How often: per token, per candidate and challenge, per address; and what happens while Redis is away."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api.addresses import network_of
from api.app import create_app
from api.context import Caller, set_caller
from api.doors import SubmissionQuota, submission_rules
from api.quotas import Quotas, QuotasUnavailable, Rule
from store.progress import Progress
from store.queue import GradingQueue, connect
from store.records import NewToken, Role
from store.settings import Settings
from store.store import Store
from tests.api.conftest import PASSWORD, SESSION, Platform, a_platform
from tests.api.sample import FIX_ZIP, FIXED, OTHER, SLUG, zipped
from tests.support.valkey import TestServer

URL = "/api/v1/submissions"


def _submit(app: Flask, headers: dict[str, str], challenge: str = SLUG, data: bytes = FIX_ZIP) -> TestResponse:
    return app.test_client().post(
        URL,
        headers=headers,
        data={"challenge": challenge, "archive": (io.BytesIO(data), "fix.zip")},
        content_type="multipart/form-data",
    )


def _is_too_many(answer: TestResponse, name: str, amount: int, seconds: int) -> None:
    assert answer.status_code == 429, answer.text
    assert answer.content_type == "application/problem+json"
    problem = answer.get_json()
    assert problem["type"] == "urn:mendbox:problem:too-many-requests"
    assert problem["limit"] == amount
    assert problem["window_s"] == seconds
    wait = int(answer.headers["Retry-After"])
    assert 1 <= wait <= seconds
    assert problem["retry_after_s"] == wait
    assert answer.headers["RateLimit-Policy"] == f'"{name}";q={amount};w={seconds}'
    assert answer.headers["RateLimit"] == f'"{name}";r=0;t={wait}'


def _candidate(platform: Platform, reference: str | None = None) -> dict[str, str]:
    new = NewToken("candidate", Role.CANDIDATE, (SLUG, OTHER), candidate=reference)
    return {"Authorization": f"Bearer {platform.store.tokens.create(new).text}"}


def test_a_token_has_so_many_requests_a_minute_and_another_has_its_own(platform: Platform) -> None:
    app = platform.another_app(requests_per_minute=3)
    for _ in range(3):
        assert app.test_client().get("/api/v1/me", headers=platform.headers()).status_code == 200
    _is_too_many(app.test_client().get("/api/v1/me", headers=platform.headers()), "requests", 3, 60)
    assert app.test_client().get("/api/v1/me", headers=platform.headers(Role.RECRUITER)).status_code == 200


def test_a_request_that_the_role_may_not_make_counts(platform: Platform) -> None:
    app = platform.another_app(requests_per_minute=2)
    for _ in range(2):
        assert app.test_client().get("/api/v1/tokens", headers=platform.headers(Role.CANDIDATE)).status_code == 403
    _is_too_many(app.test_client().get("/api/v1/me", headers=platform.headers(Role.CANDIDATE)), "requests", 2, 60)


def test_a_session_has_so_many_requests_a_minute(platform: Platform) -> None:
    app = platform.another_app(requests_per_minute=2)
    signed = platform.sign_in(app=app)
    for _ in range(2):
        assert signed.client.get(SESSION).status_code == 200
    _is_too_many(signed.client.get(SESSION), "requests", 2, 60)


def test_an_address_has_so_many_requests_without_a_valid_token(platform: Platform) -> None:
    app = platform.another_app(anonymous_per_minute=4)
    calls = ["/api/v1/me", "/nothing/here", "/api/v1/docs", f"/api/v1/me?x={platform.tokens[Role.ADMIN].text}"]
    statuses = [app.test_client().get(path).status_code for path in calls]
    assert statuses == [401, 404, 200, 400]
    for path in calls:
        _is_too_many(app.test_client().get(path), "requests without a token", 4, 60)
    assert app.test_client().get("/api/v1/me", headers=platform.headers()).status_code == 200
    for path in ("/healthz", "/readyz", "/metrics"):
        assert app.test_client().get(path).status_code == 200, path


def test_addresses_are_counted_apart(platform: Platform) -> None:
    app = platform.another_app(anonymous_per_minute=1)
    seen = [
        app.test_client().get("/api/v1/docs", environ_base={"REMOTE_ADDR": address}).status_code
        for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "2001:db8::1", "2001:db8:0:1::1", "2001:db8::2")
    ]
    assert seen == [200, 200, 429, 200, 200, 429]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_whom_an_address_stands_for(address: str | None, network: str) -> None:
    assert network_of(address) == network


def test_what_a_stranger_says_of_their_address_is_not_believed(platform: Platform) -> None:
    app = platform.another_app(anonymous_per_minute=1)
    seen = [
        app.test_client().get("/api/v1/docs", headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(2)
    ]
    assert seen == [200, 429]


def test_of_trusted_proxies_the_address_that_they_saw_is_believed_and_no_more(platform: Platform) -> None:
    app = platform.another_app(anonymous_per_minute=1, trusted_proxies=1)
    seen = [
        app.test_client().get("/api/v1/docs", headers={"X-Forwarded-For": chain}).status_code
        for chain in ("192.0.2.1", "192.0.2.2", "198.51.100.9, 192.0.2.1", "192.0.2.3, 192.0.2.2")
    ]
    assert seen == [200, 200, 429, 429]


def test_a_candidate_has_so_many_submissions_an_hour_to_each_challenge(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=2)
    ada = _candidate(platform)
    first, second, third = (_submit(app, ada) for _ in range(3))
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.headers["RateLimit-Policy"] == '"submissions";q=2;w=3600'
    assert re.fullmatch(r'"submissions";r=1;t=\d+', first.headers["RateLimit"])
    _is_too_many(third, "submissions", 2, 3600)
    assert _submit(app, ada, OTHER).status_code == 202
    assert _submit(app, _candidate(platform)).status_code == 202
    assert len(platform.store.submissions.page().items) == 4


def test_a_candidate_has_so_many_submissions_a_day_and_a_refused_one_costs_nothing_of_the_hour(
    platform: Platform,
) -> None:
    app = platform.another_app(submissions_per_hour=5, submissions_per_day=2)
    ada = _candidate(platform)
    assert [_submit(app, ada).status_code for _ in range(2)] == [202, 202]
    _is_too_many(_submit(app, ada), "submissions", 2, 86400)
    assert _left_of(platform, app, ada) == {86400: 0, 3600: 3}


def test_one_that_the_hour_refuses_costs_nothing_of_the_day(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=1, submissions_per_day=5)
    ada = _candidate(platform)
    assert [_submit(app, ada).status_code for _ in range(3)] == [202, 429, 429]
    assert _left_of(platform, app, ada) == {86400: 4, 3600: 0}


def _left_of(platform: Platform, app: Flask, candidate: dict[str, str]) -> dict[int, int]:
    """What is left of each window, by its seconds."""
    services = app.extensions["mendbox"]
    token = platform.store.tokens.find(candidate["Authorization"].removeprefix("Bearer "))
    assert token is not None
    with app.test_request_context():
        set_caller(Caller.with_token(token))
        quota = SubmissionQuota(SLUG)
    found = [services.quotas.left([rule], quota._who) for rule in submission_rules(services.settings)]
    return {left.rule.seconds: left.remaining for left in found if left is not None}


def test_two_tokens_with_the_same_reference_are_one_candidate(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=1)
    assert _submit(app, _candidate(platform, "A-17")).status_code == 202
    assert _submit(app, _candidate(platform, "A-17")).status_code == 429
    assert _submit(app, _candidate(platform, "A-18")).status_code == 202


def test_an_assessors_submissions_are_not_limited(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=1)
    assert [_submit(app, platform.headers(Role.RECRUITER)).status_code for _ in range(3)] == [202] * 3


def test_what_is_rejected_or_sent_again_costs_nothing(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=2)
    ada = _candidate(platform)
    keyed = {**ada, "Idempotency-Key": "once"}
    assert _submit(app, ada, data=b"no archive").status_code == 422
    assert _submit(app, ada, data=zipped({"tests/test_visible.py": b"x = 1\n"})).status_code == 422
    made = [_submit(app, keyed).get_json()["id"] for _ in range(5)]
    assert len(set(made)) == 1
    packed_anew = zipped({"app.py": FIXED, "README.md": b"# Greeter\n"})
    assert _submit(app, keyed, data=packed_anew).get_json()["id"] == made[0]
    assert _submit(app, ada).status_code == 202
    assert _submit(app, ada).status_code == 429


def test_what_the_platform_could_not_store_costs_nothing(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=1)
    ada = _candidate(platform)
    with platform.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE submissions RENAME TO elsewhere")
    assert _submit(app, ada).status_code == 503
    with platform.store.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO submissions")
    assert _submit(app, ada).status_code == 202
    assert _submit(app, ada).status_code == 429


def test_signing_in_is_limited_for_each_account_whether_it_is_there_or_not(platform: Platform) -> None:
    app = platform.another_app(sign_ins_per_account=2)
    platform.user(account="ada")
    for account in ("ada", "nobody"):
        for name in (account, account.upper()):
            answer = app.test_client().post(SESSION, json={"account": name, "password": "wrong"})
            assert answer.status_code == 401
        answer = app.test_client().post(SESSION, json={"account": account, "password": PASSWORD})
        _is_too_many(answer, "attempts to sign in", 2, 900)


def test_signing_in_is_limited_for_each_address(platform: Platform) -> None:
    app = platform.another_app(sign_ins_per_address=2)
    platform.user(account="ada")
    for account in ("x1", "x2"):
        assert app.test_client().post(SESSION, json={"account": account, "password": "wrong"}).status_code == 401
    answer = app.test_client().post(SESSION, json={"account": "ada", "password": PASSWORD})
    _is_too_many(answer, "attempts from an address", 2, 900)
    elsewhere = app.test_client().post(
        SESSION, json={"account": "ada", "password": PASSWORD}, environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    assert elsewhere.status_code == 201


def test_zero_is_no_limit(platform: Platform) -> None:
    names = ("requests_per_minute", "anonymous_per_minute", "submissions_per_hour", "submissions_per_day")
    app = platform.another_app(**dict.fromkeys(names, 0))
    answers = [_submit(app, platform.headers(Role.CANDIDATE)) for _ in range(3)]
    assert {answer.status_code for answer in answers} == {202}
    assert "RateLimit" not in answers[0].headers
    assert app.test_client().get("/api/v1/docs").status_code == 200


def test_every_process_counts_in_the_same_redis(platform: Platform) -> None:
    apps = [platform.another_app(submissions_per_hour=2) for _ in range(3)]
    ada = _candidate(platform)
    assert [_submit(app, ada).status_code for app in apps] == [202, 202, 429]


def test_nothing_readable_is_in_redis(platform: Platform) -> None:
    app = platform.another_app()
    _submit(app, _candidate(platform, "Ada Lovelace"))
    app.test_client().post(SESSION, json={"account": "ada@example.org", "password": PASSWORD})
    keys = [key.decode() for key in platform.redis.scan_iter(f"{platform.settings.queue_prefix}-quota:*")]
    assert len(keys) >= 5
    # Words with a letter that no digest has.
    assert not re.search(r"(?i)lovelace|example|127\.0", " ".join(keys))
    assert all(platform.redis.ttl(key) > 0 for key in keys)


@pytest.fixture
def alone(tmp_path: Path, valkey: TestServer, templates: Path) -> Iterator[Platform]:
    """A platform whose Redis a test may stop."""
    with a_platform(tmp_path / "platform", valkey, templates) as made:
        yield made


def test_while_redis_is_away_reading_goes_on_and_signing_in_is_closed(alone: Platform, valkey: TestServer) -> None:
    alone.user(account="ada")
    submission = alone.graded()
    signed = alone.sign_in()
    valkey.stop()
    for path in ("/api/v1/me", f"{URL}/{submission.id}", "/api/v1/challenges"):
        assert alone.get(path, Role.CANDIDATE).status_code == 200
    assert alone.get("/api/v1/docs", None).status_code == 200
    assert alone.get("/api/v1/me", None).status_code == 401
    assert signed.client.get(SESSION).status_code == 200
    closed = alone.client.post(SESSION, json={"account": "ada", "password": PASSWORD})
    assert closed.status_code == 503
    assert closed.get_json()["type"] == "urn:mendbox:problem:platform-fault"
    assert closed.headers["Retry-After"]
    assert signed.client.delete(SESSION, headers=signed.headers).status_code == 204


def test_while_redis_is_away_submissions_are_counted_in_the_database(alone: Platform, valkey: TestServer) -> None:
    app = alone.another_app(submissions_per_hour=2)
    ada = _candidate(alone)
    assert _submit(app, ada).status_code == 202
    valkey.stop()
    assert _submit(app, ada).status_code == 202
    _is_too_many(_submit(app, ada), "submissions", 2, 3600)
    assert _submit(app, ada, OTHER).status_code == 202


def test_while_redis_is_away_two_tokens_with_the_same_reference_are_one_candidate(
    alone: Platform, valkey: TestServer
) -> None:
    app = alone.another_app(submissions_per_hour=2)
    first, second, other = (_candidate(alone, person) for person in ("A-17", "A-17", "A-18"))
    valkey.stop()
    assert _submit(app, first).status_code == 202
    assert _submit(app, second).status_code == 202
    for token in (first, second):
        _is_too_many(_submit(app, token), "submissions", 2, 3600)
    assert _submit(app, other).status_code == 202


def test_when_redis_is_back_it_counts_again(
    alone: Platform, valkey: TestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    quotas = Quotas(alone.settings)
    rule = Rule("things", 1, 60)
    valkey.stop()
    with pytest.raises(QuotasUnavailable):
        quotas.take([rule], "x")
    valkey.start()
    monkeypatch.setattr(quotas, "_ask_again_s", 0.0)
    quotas.take([rule], "x")
    left = quotas.left([rule], "x")
    assert left is not None
    assert left.remaining == 0


def test_a_redis_that_failed_a_moment_ago_is_not_asked_again(alone: Platform, valkey: TestServer) -> None:
    quotas = Quotas(alone.settings)
    valkey.stop()
    with pytest.raises(QuotasUnavailable):
        quotas.take([Rule("things", 1, 60)], "x")
    with pytest.raises(QuotasUnavailable, match="a moment ago"):
        quotas.take([Rule("things", 1, 60)], "x")


def test_a_redis_at_any_url_of_the_queue_serves(alone: Platform) -> None:
    assert alone.settings.redis_url.startswith("unix:")
    Quotas(alone.settings).take([Rule("things", 1, 60)], "x")


def test_without_a_redis_nothing_is_counted_in_memory_instead(tmp_path: Path, platform: Platform) -> None:
    settings: Settings = platform.settings.model_copy(update={"redis_url": f"unix://{tmp_path}/nobody"})
    redis: Any = connect(settings.redis_url)
    store: Store = platform.store
    app = create_app(settings, store, GradingQueue(redis, settings), Progress(redis, settings))
    answer = app.test_client().post(SESSION, json={"account": "ada", "password": PASSWORD})
    assert answer.status_code == 503
