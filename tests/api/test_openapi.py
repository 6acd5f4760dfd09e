"""The OpenAPI document, the page that shows it, and an API that does what its document says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS, load_all_checks

from store.records import Role
from tests.api.conftest import Platform

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
    assert all(("401" in operation["responses"]) == ("security" in operation) for operation in operations)


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


api = schemathesis.pytest.from_fixture("described")

#: Archives and patches made at random, ids of no record and slugs of no challenge are form-valid and refused all the same.
REFUSED_THOUGH_VALID = {
    "post_submission",
    "create_token",
    "list_submissions",
    "list_tokens",
}


@api.parametrize()
@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_does_what_its_document_says(case: schemathesis.Case, platform: Platform) -> None:
    case.call_and_validate(headers=platform.headers())
