"""Making, listing and ending tokens; who one is."""

from __future__ import annotations

from typing import Any

import pytest

from store.records import Role
from tests.api.conftest import Platform
from tests.api.sample import SLUG

URL = "/api/v1/tokens"


def _new(**changes: Any) -> dict[str, Any]:
    return {"name": "Ada", "role": "candidate", "challenges": [SLUG], **changes}


def test_a_token_just_made_works_and_its_text_is_never_shown_again(platform: Platform) -> None:
    answer = platform.post(URL, json=_new(candidate="A-17", expires_in_days=7))

    assert answer.status_code == 201, answer.text
    issued = answer.get_json()
    me = platform.client.get("/api/v1/me", headers={"Authorization": f"Bearer {issued['text']}"}).get_json()
    assert me["token_id"] == issued["token"]["id"]
    assert (me["role"], me["challenges"], me["candidate"]) == ("candidate", [SLUG], "A-17")
    assert me["expires_at"]
    assert issued["text"] not in platform.get(URL).text


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "two\nlines"},
        {"candidate": "\u001b[31mred"},
        {"expires_in_days": "5"},
        {"expires_in_days": True},
        {"role": "root"},
        {"role": None},
        {"challenges": []},
        {"challenges": ["nowhere"]},
        {"challenges": ["../greeter"]},
        {"challenges": "greeter"},
        {"role": "recruiter"},
        {"expires_in_days": 0},
        {"expires_in_days": 1.5},
        {"expires_in_days": 10**30},
        {"text": "mbx_chosen"},
        {"revoked_at": None},
    ],
)
def test_a_token_that_makes_no_sense_is_refused(platform: Platform, changes: dict[str, Any]) -> None:
    answer = platform.post(URL, json=_new(**changes))

    assert answer.status_code == 422, answer.text
    assert answer.get_json(force=True)["type"] == "urn:mendbox:problem:invalid-request"


def test_a_wrong_value_is_not_repeated_in_the_answer(platform: Platform) -> None:
    assert "s3cret-value" not in platform.post(URL, json=_new(role="s3cret-value")).text


def test_an_ended_token_is_of_no_use_and_stays_in_the_list(platform: Platform) -> None:
    ended = platform.tokens[Role.CANDIDATE].record.id

    answer = platform.client.delete(f"{URL}/{ended}", headers=platform.headers())

    assert (answer.status_code, answer.data) == (204, b"")
    assert platform.get("/api/v1/me", Role.CANDIDATE).status_code == 401
    listed = {token["id"]: token for token in platform.get(URL).get_json()["tokens"]}
    assert listed[ended]["revoked_at"]


def test_the_token_that_asks_cannot_end_itself(platform: Platform) -> None:
    mine = platform.tokens[Role.ADMIN].record.id

    assert platform.client.delete(f"{URL}/{mine}", headers=platform.headers()).status_code == 409
    assert platform.get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("wrong", ["0" * 32, "x", "%00", "0" * 31 + "%ED%A0%80"])
def test_a_token_that_is_not_there_is_404(platform: Platform, wrong: str) -> None:
    assert platform.client.delete(f"{URL}/{wrong}", headers=platform.headers()).status_code == 404


def test_the_list_is_read_in_parts(platform: Platform) -> None:
    seen: list[str] = []
    query = "limit=3"
    while query:
        body = platform.get(f"{URL}?{query}").get_json()
        seen += [token["id"] for token in body["tokens"]]
        query = body["next"] and f"limit=3&after={body['next']}"

    assert sorted(seen) == sorted(token.record.id for token in platform.tokens.values())
