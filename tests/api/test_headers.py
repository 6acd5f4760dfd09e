"""Security headers on every answer: of every route, of every error, and of the server's own refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from api.gunicorn_worker import refusal
from api.pages.rendering import POLICY
from api.pages.routing import is_page
from store.errors import StoreUnavailable
from store.records import Role
from tests.api.conftest import Platform
from tests.api.sample import SLUG

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "X-Permitted-Cross-Domain-Policies": "none",
}
#: Answers that may be kept: they hold nothing of anybody.
MAY_BE_KEPT = {"docs.docs_asset": "public, max-age=3600", "challenges.get_starter": "private, no-cache"}
CSP = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def _is_guarded(answer: TestResponse, endpoint: str = "") -> None:
    headers = answer.headers
    shown = is_page(endpoint) and answer.mimetype == "text/html" and answer.status_code not in (302, 303)
    for name, value in (ALWAYS | ({"Referrer-Policy": "same-origin"} if shown else {})).items():
        assert headers.getlist(name) == [value], (name, answer.status_code)
    (policy,) = headers.getlist("Content-Security-Policy")
    (permissions,) = headers.getlist("Permissions-Policy")
    assert "camera=()" in permissions
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    if shown:
        assert policy == POLICY
    elif endpoint != "docs.docs_page" or answer.status_code != 200:
        assert policy == CSP
    kept = MAY_BE_KEPT.get(endpoint) if answer.status_code in (200, 304) else None
    assert headers.getlist("Cache-Control") == [kept or "no-store"]
    assert "Server" not in headers
    assert "Access-Control-Allow-Origin" not in headers
    if answer.status_code >= 400 and is_page(endpoint):
        assert answer.content_type == "text/html; charset=utf-8"
    elif answer.status_code >= 400 and endpoint.startswith("git."):
        assert answer.content_type == "text/plain; charset=utf-8"
    elif answer.status_code >= 400 and endpoint != "health.readyz":
        assert answer.content_type == "application/problem+json"


def _each_route(app: Flask) -> list[tuple[str, str, str]]:
    """Endpoint, method and a path that leads there."""
    found = []
    for rule in app.url_map.iter_rules():
        path = re.sub("<[^>]*slug>", SLUG, rule.rule)
        path = re.sub("<[^>]*name>", "docs.js", re.sub("<[^>]*id>", "0" * 32, path))
        found += [(rule.endpoint, method, path) for method in sorted((rule.methods or set()) - {"OPTIONS"})]
    return found


def _send(app: Flask, method: str, path: str, **options: Any) -> TestResponse:
    answer = app.test_client().open(path, method=method, **options)
    answer.get_data()
    answer.close()
    return answer


def _raising(error: Exception) -> Callable[..., Any]:
    def view(**_: Any) -> None:
        raise error

    return view


def test_every_route_as_it_answers_with_and_without_a_token(platform: Platform) -> None:
    app = platform.another_app(anonymous_per_minute=0)
    seen = set()
    for endpoint, method, path in _each_route(app):
        for headers in ({}, platform.headers(Role.CANDIDATE), platform.headers(), {"Authorization": "Bearer x"}):
            for body in ({}, {"json": {}}, {"json": [1]}, {"data": {"challenge": "x"}}, {"data": "x" * 70_000}):
                answer = _send(app, method, path, headers=headers, **body)
                _is_guarded(answer, endpoint)
                seen.add(answer.status_code)
    assert {200, 302, 303, 401, 403, 404, 413, 415, 422} <= seen


@pytest.mark.parametrize(
    ("error", "status"), [(RuntimeError("unforeseen"), 500), (StoreUnavailable("the database is away"), 503)]
)
def test_every_route_as_it_fails(platform: Platform, error: Exception, status: int) -> None:
    app = platform.another_app()
    for endpoint in app.view_functions:
        app.view_functions[endpoint] = _raising(error)
    answered = 0
    for endpoint, method, path in _each_route(app):
        if method in ("GET", "HEAD", "DELETE"):
            answer = _send(app, method, path, headers=platform.headers())
            _is_guarded(answer, endpoint)
            answered += answer.status_code == status
    assert answered > 25


def test_every_route_when_there_were_too_many(platform: Platform) -> None:
    app = platform.another_app(anonymous_per_minute=1, requests_per_minute=1)
    statuses = []
    for endpoint, method, path in _each_route(app):
        for headers in ({}, platform.headers()):
            answer = _send(app, method, path, headers=headers)
            _is_guarded(answer, endpoint)
            statuses.append(answer.status_code)
    assert statuses.count(429) > 30


def test_what_is_no_route_and_no_method(platform: Platform) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404),
        ("GET", "/api/v1/challenges/", 404),
        ("PATCH", "/api/v1/me", 405),
        ("TRACE", "/api/v1/me", 405),
        ("OPTIONS", "/healthz", 200),
        ("GET", "/%00", 404),
    ):
        answer = _send(platform.app, method, path, headers=platform.headers())
        assert answer.status_code == status, (method, path)
        _is_guarded(answer)


def test_a_grade_is_not_to_be_kept_by_anyone(platform: Platform) -> None:
    submission = platform.graded()
    for path in ("", "/events"):
        answer = platform.get(f"/api/v1/submissions/{submission.id}{path}", Role.CANDIDATE)
        answer.get_data()
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"


def test_with_tls_browsers_are_told_to_keep_to_it(platform: Platform) -> None:
    name = "Strict-Transport-Security"
    by_setting = platform.another_app(public_url="https://grades.example.org")
    by_proxy = platform.another_app(trusted_proxies=1)
    forwarded = {"X-Forwarded-Proto": "https"}
    for path in ("/healthz", "/nothing", "/api/v1/me"):
        assert _send(by_setting, "GET", path).headers[name] == "max-age=31536000; includeSubDomains"
        assert _send(by_proxy, "GET", path, headers=forwarded).headers[name] == "max-age=31536000; includeSubDomains"
        assert name not in _send(platform.app, "GET", path, headers=forwarded).headers


def test_hosts_below_the_own_one_can_be_left_out_of_it(platform: Platform) -> None:
    app = platform.another_app(public_url="https://grades.example.org", hsts_subdomains=False)
    assert _send(app, "GET", "/healthz").headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("https", [True, False])
@pytest.mark.parametrize(
    "status", [HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_URI_TOO_LONG, HTTPStatus.NOT_IMPLEMENTED]
)
def test_the_servers_own_refusals_have_them_too(status: HTTPStatus, https: bool) -> None:
    head = refusal(status, "why", hsts="max-age=1" if https else None).split(b"\r\n\r\n")[0].decode()
    sent = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
    assert sent.items() >= ALWAYS.items()
    assert sent["Content-Security-Policy"] == CSP
    assert sent["Cache-Control"] == "no-store"
    assert "camera=()" in sent["Permissions-Policy"]
    assert ("Strict-Transport-Security" in sent) == https
