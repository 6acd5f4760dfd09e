"""The OpenAPI document, the page that shows it, and an API that does what its document says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from store.records import Role
from tests.api.conftest import Platform
from tests.api.partners import by_key, partner_key
from tests.api.sample import SLUG

load_all_checks()


@pytest.fixture
def document(platform: Platform) -> dict[str, Any]:
    return dict(platform.get("/api/v1/openapi.json", role=None).get_json())


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for item in value.values():
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()


def test_every_reference_in_the_document_leads_somewhere(document: dict[str, Any]) -> None:
    wanted = {reference.removeprefix("#/components/schemas/") for reference in _references(document)}

    assert wanted <= set(document["components"]["schemas"])


def test_every_operation_says_who_it_is_for_and_what_it_answers(document: dict[str, Any]) -> None:
    operations = [operation for path in document["paths"].values() for operation in path.values()]

    assert len({operation["operationId"] for operation in operations}) == len(operations) > 15
    assert all(operation["summary"].endswith(".") for operation in operations)
    without = {operation["operationId"] for operation in operations if "security" not in operation}
    assert without == WITHOUT_INPUT | {"sign_in", "choose_password"}
    assert all("401" in operation["responses"] for operation in operations if "security" in operation)


def test_errors_are_described_as_problem_documents(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for operation in path.values():
            for status, response in operation["responses"].items():
                if status.startswith(("4", "5")) and path is not document["paths"]["/readyz"]:
                    assert set(response["content"]) == {"application/problem+json"}


def test_the_page_loads_nothing_from_elsewhere_and_all_it_loads_is_there(platform: Platform) -> None:
    page = platform.get("/api/v1/docs", role=None)

    wanted = re.findall(r'(?:src|href|data-document)="([^"]+)"', page.text)
    assert len(wanted) >= 5
    for path in wanted:
        assert path.startswith("/api/v1/"), path
        answer = platform.get(path, role=None)
        assert answer.status_code == 200, path
        assert answer.data
    assert "://" not in page.text
    assert "<script>" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy


def test_only_the_files_of_the_page_are_served(platform: Platform) -> None:
    for name in ("plugins.py", "..", "..%2f..%2fplugins.py", "js", "swagger-ui-bundle.js.map"):
        assert platform.get(f"/api/v1/docs/assets/{name}", role=None).status_code == 404


@pytest.fixture
def described(platform: Platform) -> Any:
    """The API as schemathesis sees it."""
    platform.graded(Role.ADMIN)
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", platform.app)


OPERATIONS = {
    "get_session": "GET /api/v1/session",
    "list_audit": "GET /api/v1/audit",
    "list_deliveries": "GET /api/v1/webhooks/deliveries",
    "replay_delivery": "POST /api/v1/webhooks/deliveries/{id}/replay",
    "send_test_event": "POST /api/v1/webhooks/test",
    "sign_in": "POST /api/v1/session",
    "change_password": "POST /api/v1/me/password",
    "choose_password": "POST /api/v1/session/code",
    "begin_second_factor": "POST /api/v1/me/second-factor",
    "confirm_second_factor": "POST /api/v1/me/second-factor/confirm",
    "remove_second_factor": "POST /api/v1/me/second-factor/remove",
    "list_sessions": "GET /api/v1/sessions",
    "end_sessions": "POST /api/v1/sessions/end",
    "sign_out": "DELETE /api/v1/session",
    "create_token": "POST /api/v1/tokens",
    "docs_page": "GET /api/v1/docs",
    "get_challenge": "GET /api/v1/challenges/{slug}",
    "get_events": "GET /api/v1/submissions/{id}/events",
    "get_me": "GET /api/v1/me",
    "get_my_assessment": "GET /api/v1/me/assessment",
    "begin_my_assessment": "POST /api/v1/me/assessment/begin",
    "finish_my_assessment": "POST /api/v1/me/assessment/done",
    "get_starter": "GET /api/v1/challenges/{slug}/starter.zip",
    "get_submission": "GET /api/v1/submissions/{id}",
    "healthz": "GET /healthz",
    "list_challenges": "GET /api/v1/challenges",
    "list_similar_pairs": "GET /api/v1/challenges/{slug}/similarity",
    "list_similar_submissions": "GET /api/v1/submissions/{id}/similar",
    "list_submissions": "GET /api/v1/submissions",
    "list_tokens": "GET /api/v1/tokens",
    "metrics": "GET /metrics",
    "list_tests": "GET /api/partner/v1/list_tests",
    "send_test": "POST /api/partner/v1/send_test",
    "test_status": "GET /api/partner/v1/test_status",
    "report_error": "POST /api/partner/v1/response_error",
    "openapi_document": "GET /api/v1/openapi.json",
    "post_submission": "POST /api/v1/submissions",
    "readyz": "GET /readyz",
    "begin_regrade": "POST /api/v1/regrades",
    "get_regrade": "GET /api/v1/regrades/{id}",
    "apply_regrade": "POST /api/v1/regrades/{id}/apply",
    "drop_regrade": "POST /api/v1/regrades/{id}/drop",
    "retry_regrade": "POST /api/v1/regrades/{id}/retry",
    "regrade": "POST /api/v1/submissions/{id}/regrade",
    "revoke_token": "DELETE /api/v1/tokens/{id}",
}
#: What is valid in form can still be no archive, no cursor or no challenge's slug, and is refused with 422.
REFUSED_THOUGH_VALID = {
    "apply_regrade",
    "begin_regrade",
    "create_token",
    "drop_regrade",
    "list_audit",
    "list_deliveries",
    "list_similar_pairs",
    "list_submissions",
    "list_tokens",
    "post_submission",
    "send_test",
}


def test_the_list_of_operations_is_complete(document: dict[str, Any]) -> None:
    found = {
        operation["operationId"]: f"{method.upper()} {path}"
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }

    assert found == OPERATIONS


#: Nothing can be sent to these, so nothing wrong can.
WITHOUT_INPUT = {"docs_page", "healthz", "metrics", "openapi_document", "readyz"}
CASES = [(name, GenerationMode.POSITIVE) for name in sorted(OPERATIONS)] + [
    (name, GenerationMode.NEGATIVE) for name in sorted(set(OPERATIONS) - WITHOUT_INPUT)
]


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_the_api_does_what_its_document_says(
    described: Any, platform: Platform, name: str, mode: GenerationMode
) -> None:
    operation = described.find_operation_by_label(OPERATIONS[name])
    headers = by_key(partner_key(platform).text) if "/partner/" in OPERATIONS[name] else platform.headers()
    excluded = CHECKS.get_by_names(["positive_data_acceptance"]) if name in REFUSED_THOUGH_VALID else []

    @settings(
        max_examples=15,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def holds(case: schemathesis.Case) -> None:
        case.call_and_validate(headers=headers, excluded_checks=excluded)

    holds()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.CANDIDATE])
@pytest.mark.parametrize(
    ("name", "path_parameters", "status"),
    [
        ("get_challenge", {"slug": SLUG}, 200),
        ("get_events", {"id": "graded"}, 200),
        ("get_me", {}, 200),
        ("get_starter", {"slug": SLUG}, 200),
        ("get_submission", {"id": "graded"}, 200),
        ("get_submission", {"id": "queued"}, 200),
        ("list_challenges", {}, 200),
        ("list_submissions", {}, 200),
    ],
)
def test_an_answer_that_succeeds_is_as_the_document_says(
    platform: Platform, name: str, path_parameters: dict[str, str], status: int, role: Role
) -> None:
    ids = {"graded": platform.graded(role).id, "queued": platform.add(role)[0].id}
    path_parameters = {key: ids.get(value, value) for key, value in path_parameters.items()}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", platform.app)
    case = schema.find_operation_by_label(OPERATIONS[name]).Case(path_parameters=path_parameters)

    answer = case.call_and_validate(headers=platform.headers(role))

    assert answer.status_code == status
