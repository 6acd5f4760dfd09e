"""Calls of a recruiting system, as it makes them."""

from __future__ import annotations

import base64
from typing import Any

from store.records import IssuedToken, NewToken, Role
from store.scopes import Scope
from tests.api.conftest import Platform
from tests.api.invited import ASSESSMENT

PARTNER = "/api/partner/v1"
APPLICATION = "https://ats.example/people/17681532?application_id=26234709"


def partner_key(platform: Platform, role: Role = Role.RECRUITER) -> IssuedToken:
    """A key that an admin made."""
    return platform.store.tokens.create(NewToken("ats", role, scope=Scope.PARTNER))


def by_key(text: str, password: str = "") -> dict[str, str]:
    """The key as the user name of HTTP's Basic scheme."""
    return {"Authorization": "Basic " + base64.b64encode(f"{text}:{password}".encode()).decode()}


def a_test(platform: Platform) -> str:
    """The id of a test that can be sent."""
    return platform.store.assessments.add(ASSESSMENT, author="somebody").id


def wanted(test_id: str, email: str = "ada@example.org", **more: Any) -> dict[str, Any]:
    """What is sent to have a candidate tested; a system says more than is read."""
    return {
        "partner_test_id": test_id,
        "candidate": {
            "first_name": "Ada",
            "last_name": "Lovelace",
            "resume_url": "https://ats.example/resume",
            "phone_number": "123-456-7890",
            "email": email,
            "greenhouse_profile_url": APPLICATION,
            **more,
        },
        "url": "https://ats.example/integrations/take_home_tests/12345",
    }


def asked_of_partner(platform: Platform, rule: str) -> dict[str, Any]:
    """What a call of this rule sends, by which it succeeds."""
    if rule.endswith("send_test"):
        tests = platform.store.assessments.page().items
        return {"json": wanted(tests[0].id if tests else a_test(platform))}
    if rule.endswith("response_error"):
        return {"json": {"api_call": "test_status", "errors": ["partner_profile_url is missing"]}}
    if rule.endswith("test_status"):
        sent = platform.client.post(
            f"{PARTNER}/send_test", headers=by_key(partner_key(platform).text), json=wanted(a_test(platform))
        )
        return {"query_string": {"partner_interview_id": sent.get_json()["partner_interview_id"]}}
    return {}
