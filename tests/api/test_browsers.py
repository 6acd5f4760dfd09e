"""What a browser is told, and what it can't be made to do: what docs/asvs.md needs and no other test shows."""

from __future__ import annotations

import re

import pytest

from store.records import Role
from tests.api.conftest import Platform
from tests.api.sample import SLUG

PATHS = ["/healthz", "/nowhere", "/api/v1/me", "/api/v1/docs", "/api/v1/openapi.json", "/api/v1/challenges"]


@pytest.mark.parametrize("path", PATHS)
def test_no_other_origin_is_let_in(platform: Platform, path: str) -> None:
    for method in ("GET", "OPTIONS", "POST"):
        headers = platform.headers(Role.ADMIN, Origin="https://elsewhere.invalid")
        headers["Access-Control-Request-Method"] = "POST"
        answer = platform.client.open(path, method=method, headers=headers)
        assert [name for name in dict(answer.headers) if name.lower().startswith("access-control-")] == []


@pytest.mark.parametrize("path", PATHS)
def test_the_content_policy_allows_no_plugin_no_base_and_no_frame_around_it(platform: Platform, path: str) -> None:
    policy = dict(
        part.strip().partition(" ")[::2] for part in platform.get(path).headers["Content-Security-Policy"].split(";")
    )
    assert policy.get("object-src", policy["default-src"]) == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe-inline" not in policy.get("script-src", "")
    assert not re.search(r"[*]|https?:", " ".join(policy.values()))


@pytest.mark.parametrize("path", PATHS)
def test_text_says_in_which_encoding_it_is(platform: Platform, path: str) -> None:
    kind = platform.get(path).content_type
    assert kind in ("application/json", "application/problem+json") or kind.lower().endswith("charset=utf-8")


def test_a_starter_is_for_the_disk_under_a_name_of_ours(platform: Platform) -> None:
    headers = platform.get(f"/api/v1/challenges/{SLUG}/starter.zip", filename="evil.html").headers
    assert headers["Content-Disposition"] == f'attachment; filename="{SLUG}-starter.zip"'
    assert headers["Content-Type"] == "application/zip"


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND"])
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/me", "/api/v1/submissions"])
def test_a_request_is_never_sent_back(platform: Platform, path: str, method: str) -> None:
    answer = platform.client.open(path, method=method, headers=platform.headers())
    assert answer.status_code == 405
    assert "Bearer" not in answer.text
