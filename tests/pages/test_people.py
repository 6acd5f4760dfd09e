"""Inviting candidates by a link."""

from __future__ import annotations

import html
import re

import pytest

from store.records import Role
from tests.api.conftest import Platform
from tests.api.sample import OTHER, SLUG


def _invite(platform: Platform, **fields: str) -> tuple[int, str]:
    signed = platform.sign_in()
    answer = signed.client.post("/people", data=fields, headers=signed.headers)
    return answer.status_code, answer.text


def test_a_link_is_shown_once_and_leads_to_what_was_chosen(platform: Platform) -> None:
    fields = {"name": "Grace <Hopper>", "reference": "A-104", "days": "14", f"challenge-{SLUG}": "1"}
    status, text = _invite(platform, **fields)
    assert status == 200
    link = re.search(r'value="([^"]+/start#mbx_[^"]+)"', text)
    assert link is not None
    assert "Grace &lt;Hopper&gt;" in text
    address, _, code = html.unescape(link[1]).partition("#")
    assert address.endswith("/start")
    found = platform.store.tokens.find(code)
    assert found is not None
    assert (found.role, found.challenges, found.candidate) == (Role.CANDIDATE, (SLUG,), "A-104")
    assert found.expires_at is not None
    client = platform.app.test_client()
    assert client.post("/start", data={"code": code}).status_code == 303
    listed = platform.sign_in().client.get("/people").text
    assert "A-104" in listed
    assert code not in listed


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": "", "days": "3", f"challenge-{SLUG}": "1"}, "Give the person a name"),
        ({"name": "Ada", "days": "3"}, "Choose at least one challenge"),
        ({"name": "Ada", "days": "0", f"challenge-{SLUG}": "1"}, "1 to 365 days"),
        ({"name": "Ada", "days": "0000000011000", f"challenge-{SLUG}": "1"}, "1 to 365 days"),
        ({"name": "Ada", "days": "x", f"challenge-{SLUG}": "1"}, "1 to 365 days"),
        ({"name": "Ada", "days": "9" * 40, f"challenge-{SLUG}": "1"}, "1 to 365 days"),
        ({"name": "A\u202eda", "days": "3", f"challenge-{SLUG}": "1"}, "must be one line"),
    ],
)
def test_what_is_missing_is_said_and_what_was_filled_in_stays(
    platform: Platform, fields: dict[str, str], says: str
) -> None:
    status, text = _invite(platform, **fields)
    assert (status, says in text) == (422, True)
    assert f'name="challenge-{SLUG}" value="1"{" checked" if f"challenge-{SLUG}" in fields else ""}>' in text
    assert f'name="challenge-{OTHER}" value="1">' in text
    assert [each.name for each in platform.store.tokens.page(role=Role.CANDIDATE).items] == ["the candidate"]


def test_a_field_that_is_not_known_is_refused(platform: Platform) -> None:
    status, text = _invite(platform, name="Ada", days="3", **{"challenge-nowhere": "1"})
    assert (status, "not known" in text) == (422, True)


def test_ending_a_link_shuts_it_out_and_keeps_the_list(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)
    token = platform.tokens[Role.CANDIDATE]
    answer = signed.client.post(f"/people/{token.record.id}/revoke", headers=signed.headers)
    assert answer.headers["Location"] == "/people"
    assert platform.client.post("/start", data={"code": token.text}).status_code == 401
    listed = signed.client.get("/people").text
    assert "the candidate" in listed
    assert "ended" in listed
    for other in (platform.tokens[Role.ADMIN].record.id, "0" * 32, "x"):
        assert signed.client.post(f"/people/{other}/revoke", headers=signed.headers).status_code == 404
    assert platform.store.tokens.get(platform.tokens[Role.ADMIN].record.id).revoked_at is None
