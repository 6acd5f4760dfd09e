"""Every error is a problem document, with the headers that belong to it."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from structlog.testing import capture_logs

from api.bodies import FORM_OVERHEAD_BYTES, JSON_BYTES
from runner.limits import SubmissionLimits
from store.errors import StoreUnavailable
from store.records import Role
from tests.api.conftest import Platform
from tests.api.sample import SLUG

UPLOAD_BYTES = SubmissionLimits().upload_bytes + FORM_OVERHEAD_BYTES


def _is_problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    document = answer.get_json(force=True)
    assert {"type", "title", "status", "detail"} <= set(document)
    assert document["status"] == status
    return dict(document)


@pytest.mark.parametrize("path", ["/api", "/api/v1", "/api/v2/challenges", "/api/v1/challenges/", "/static/x"])
def test_a_path_that_is_not_there_is_a_404_problem(platform: Platform, path: str) -> None:
    _is_problem(platform.get(path, role=None), 404)


def test_a_form_without_a_boundary_is_a_400_problem(platform: Platform) -> None:
    for content_type in ("multipart/form-data", "multipart/form-data; boundary="):
        answer = platform.post("/api/v1/submissions", data=b"--b", content_type=content_type)

        assert "boundary" in _is_problem(answer, 400)["detail"]


def test_a_json_field_sent_twice_is_a_400_problem(platform: Platform) -> None:
    body = b'{"name": "x", "role": "recruiter", "role": "admin"}'
    answer = platform.post("/api/v1/tokens", data=body, content_type="application/json")

    assert _is_problem(answer, 400)["type"] == "urn:mendbox:problem:repeated-field"


GOOD = '{"name": "x", "role": "recruiter"}'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "Expecting value, line 1, column 1"),
        (b'{"name": "x",}', "line 1, column 14"),
        (b'{"name": NaN}', "NaN is not JSON"),
        (b'{"name": -Infinity}', "-Infinity is not JSON"),
        (b'{"name": 1e999}', "a number that is too large"),
        (b'{"name": ' + b"9" * 400 + b"}", "a number that is too long"),
        (GOOD.encode("utf-16"), "byte 0 is not UTF-8"),
        (GOOD.encode("utf-16-le"), "Expecting property name"),
        (GOOD.encode("utf-32-be"), "Expecting value"),
        (GOOD.encode("utf-8-sig"), "Expecting value"),
        (b'{"name": "\xff"}', "byte 10 is not UTF-8"),
        (b'{"name": "\xed\xa0\x80"}', "byte 10 is not UTF-8"),
        (b'{"name": ' + b"[" * 20 + b"]" * 20 + b"}", "nested deeper than 8"),
        (b'{"name": [' + b"0," * 3000 + b"0]}", "more than 2000 values"),
        (b'{"name": ' + b"[" * 30_000, "more than 2000 values"),
    ],
)
def test_a_body_that_is_not_strict_json_is_a_400_problem_that_says_what_is_wrong(
    platform: Platform, body: bytes, said: str
) -> None:
    problem = _is_problem(platform.post("/api/v1/tokens", data=body, content_type="application/json"), 400)

    assert problem["type"] == "urn:mendbox:problem:malformed-request"
    assert problem["detail"].startswith("the body can't be read as JSON: ")
    assert said in problem["detail"]


def test_what_is_wrong_with_json_repeats_nothing_of_it(platform: Platform) -> None:
    answer = platform.post("/api/v1/tokens", data=b'{"password": hunter2}', content_type="application/json")

    assert "hunter2" not in answer.text
    assert "hunter2" not in _is_problem(answer, 400)["detail"]


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.RECRUITER])
def test_a_role_that_may_not_is_named(platform: Platform, role: Role) -> None:
    detail = _is_problem(platform.get("/api/v1/tokens", role), 403)["detail"]

    assert detail == f"the role {role.value} may not do that, only: admin"


def test_a_wrong_method_is_a_405_problem_that_says_which_are_right(platform: Platform) -> None:
    answer = platform.client.delete("/api/v1/submissions", headers=platform.headers())

    _is_problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_a_body_that_says_it_is_too_large_is_not_read(platform: Platform) -> None:
    answer = platform.post(
        "/api/v1/submissions", data=b"x" * (UPLOAD_BYTES + 1), content_type="multipart/form-data; boundary=b"
    )

    assert _is_problem(answer, 413)["limit_bytes"] == UPLOAD_BYTES


def test_a_json_body_has_a_smaller_limit(platform: Platform) -> None:
    answer = platform.post("/api/v1/tokens", data=b" " * (JSON_BYTES + 1), content_type="application/json")

    _is_problem(answer, 413)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"nonsense", b"\xff\xfe", b"[" * 50_000, b'{"a":' * 10_000, b"{" + b" " * 1000, b'{"a": NaN}']
)
def test_json_that_is_none_is_a_400_problem(platform: Platform, body: bytes) -> None:
    _is_problem(platform.post("/api/v1/tokens", data=body, content_type="application/json"), 400)


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"null", b"1", b'"{\\"name\\": \\"x\\"}"'])
def test_json_that_is_no_object_is_a_422_problem(platform: Platform, body: bytes) -> None:
    _is_problem(platform.post("/api/v1/tokens", data=body, content_type="application/json"), 422)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_media_type_than_json_is_a_415_problem(platform: Platform, content_type: str) -> None:
    _is_problem(platform.post("/api/v1/tokens", data=b"{}", content_type=content_type), 415)


@pytest.mark.parametrize("content_type", ["application/json", "application/zip", "text/plain", ""])
def test_another_media_type_than_a_form_is_a_415_problem(platform: Platform, content_type: str) -> None:
    _is_problem(platform.post("/api/v1/submissions", data=b"{}", content_type=content_type), 415)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"no boundary anywhere"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="archive"'),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="challenge"\r\n\r\ngreeter'),
        ("multipart/form-data; boundary=" + "b" * 5000, b"x"),
    ],
)
def test_a_form_that_is_none_is_refused_as_a_problem(platform: Platform, content_type: str, body: bytes) -> None:
    answer = platform.post("/api/v1/submissions", data=body, content_type=content_type)

    assert answer.status_code in {400, 422}, answer.text
    _is_problem(answer, answer.status_code)


def test_a_form_of_very_many_fields_is_refused(platform: Platform) -> None:
    answer = platform.submit(data={f"field{number}": "x" for number in range(2000)})

    assert answer.status_code in {400, 413, 422}
    _is_problem(answer, answer.status_code)


def test_an_unforeseen_error_is_a_500_problem_that_tells_nothing(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(platform.store.submissions, "page", fail)
    with capture_logs() as lines:
        answer = platform.get("/api/v1/submissions")

    problem = _is_problem(answer, 500)
    assert "secret detail" not in answer.text
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert any("secret detail" in str(line.get("exc_info", "")) for line in lines)


def _logged(lines: Any) -> dict[str, Any]:
    (line,) = [dict(line) for line in lines if line["event"] == "request"]
    return line


def _zip_of(name: str) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, "x = 1")
    packed.seek(0)
    return packed


def test_attempts_to_get_round_a_control_are_logged_with_who_and_why(platform: Platform) -> None:
    with capture_logs() as lines:
        refused = platform.submit(data={"challenge": SLUG, "archive": (_zip_of("../../etc/cron.d/x"), "a.zip")})
    line = _logged(lines)
    assert refused.status_code == line["status"] == 422
    assert (line["problem"], line["token"]) == ("submission-rejected", platform.tokens[Role.CANDIDATE].record.id)
    assert line["reason"] == refused.get_json()["reason"]
    assert "cron.d" not in str(line)

    signed = platform.sign_in(Role.ADMIN)
    for headers, problem in (
        ({}, "csrf-refused"),
        ({**signed.headers, "Origin": "https://evil.example"}, "origin-refused"),
    ):
        with capture_logs() as lines:
            signed.client.post("/api/v1/tokens", json={"name": "x", "role": "admin"}, headers=headers)
        line = _logged(lines)
        assert (line["status"], line["problem"], line["token"]) == (403, problem, signed.user.id)
        assert line["address"] == "127.0.0.1"

    with capture_logs() as lines:
        platform.get("/api/v1/audit", Role.CANDIDATE)
    assert _logged(lines)["problem"] == "forbidden"


def test_a_quota_that_is_used_up_is_logged_with_the_address(platform: Platform) -> None:
    client = platform.another_app(anonymous_per_minute=1).test_client()
    client.get("/api/v1/me")
    with capture_logs() as lines:
        client.get("/api/v1/me")
    line = _logged(lines)
    assert (line["status"], line["problem"], line["address"]) == (429, "too-many-requests", "127.0.0.1")


def test_a_database_that_is_gone_is_a_503_problem_that_names_no_host(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreUnavailable("host db-7 does not answer")

    monkeypatch.setattr(platform.store.tokens, "find", gone)

    answer = platform.get("/api/v1/me")

    _is_problem(answer, 503)
    assert answer.headers["Retry-After"]
    assert "db-7" not in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/api/v1/me", "/api/v1/docs", "/api/v1/challenges"])
@pytest.mark.parametrize("role", [None, Role.ADMIN])
def test_every_answer_has_the_security_headers(platform: Platform, path: str, role: Role | None) -> None:
    headers = platform.get(path, role).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("abc-1.2_3", True), ("x" * 64, True), ("x" * 65, False), ("a b", False), ("a\tb", False), ('a"b', False)],
)
def test_a_request_id_is_echoed_when_it_is_sane(platform: Platform, sent: str, kept: bool) -> None:
    echoed = platform.get("/healthz", X_Request_Id=sent).headers["X-Request-Id"]

    assert (echoed == sent) is kept
    assert echoed
