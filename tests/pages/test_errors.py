"""Errors of pages are pages, whatever else of the platform is away; the API's stay documents."""

from __future__ import annotations

import pytest

from api.pages import assets
from tests.api.conftest import PASSWORD, Platform


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/submissions/nothing", 404, "There is no such resource"),
        ("/submissions/" + "0" * 32, 404, "There is no such resource"),
        ("/challenges/nowhere", 404, "There is no such challenge"),
        ("/submissions?status=lost", 422, "not known: status"),
        ("/submissions?after=nonsense", 422, "does not say what it must"),
        ("/challenges/greeter?variant=x", 404, "has no variants"),
        ("/nowhere", 404, "There is no such resource"),
    ],
)
def test_they_say_what_is_wrong_and_lead_on(platform: Platform, path: str, status: int, says: str) -> None:
    client = platform.sign_in().client
    answer = client.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert (answer.status_code, answer.content_type) == (status, "text/html; charset=utf-8")
    assert says in answer.text
    assert 'href="/"' in answer.text


def test_what_a_program_asks_for_is_answered_as_before(platform: Platform) -> None:
    for path, accept in (("/nowhere", "*/*"), ("/nowhere", "application/json"), ("/api/nowhere", "text/html")):
        answer = platform.client.get(path, headers={"Accept": accept})
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_part_of_a_page_sends_the_whole_to_sign_in(platform: Platform) -> None:
    submission = platform.graded()
    path = f"/submissions/{submission.id}/state"
    answer = platform.client.get(path, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, f"/sign-in?next={path}")
    boosted = platform.client.get(path, headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert boosted.status_code == 303


def test_without_scripts_and_styles_the_api_goes_on_and_a_page_says_what_to_do(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setattr(assets, "_BUILT", tmp_path)
    assets.asset_names.cache_clear()
    try:
        answer = platform.client.get("/sign-in")
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert platform.get("/api/v1/me").status_code == 200
    finally:
        assets.asset_names.cache_clear()


def test_whoever_sends_a_form_without_a_session_is_led_to_sign_in(platform: Platform) -> None:
    submission = platform.graded()
    for path in ("/sign-out", f"/submissions/{submission.id}/regrade"):
        answer = platform.client.post(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")
    assert platform.client.post("/leave").headers["Location"] == "/start"


def test_what_a_form_answered_is_no_address_to_come_back_to(platform: Platform) -> None:
    signed, other = platform.sign_in(), platform.sign_in()
    submission = platform.graded()
    refused = signed.client.post(f"/submissions/{submission.id}/regrade", headers=other.headers)
    assert refused.headers["HX-Push-Url"] == "false"
    assert "HX-Push-Url" not in signed.client.get("/submissions/x").headers


def test_hints_for_programs_are_not_shown(platform: Platform) -> None:
    client = platform.sign_in().client
    assert "token" not in client.get("/challenges/nowhere").text
    unknown = client.get("/nowhere", headers={"HX-Request": "true"})
    assert (unknown.status_code, unknown.mimetype) == (404, "text/html")


def test_this_machine_has_one_name(platform: Platform) -> None:
    app = platform.another_app(public_url="http://127.0.0.1:8080")
    for path in ("/sign-in?next=/challenges", "/start"):
        answer = app.test_client().get(path, base_url="http://localhost:8080")
        assert (answer.status_code, answer.headers["Location"]) == (302, f"http://127.0.0.1:8080{path}")
        assert app.test_client().get(path, base_url="http://127.0.0.1:8080").status_code == 200
    # What a proxy calls this machine is not for us to judge.
    behind = platform.another_app(public_url="https://grades.example.org")
    assert behind.test_client().get("/sign-in", base_url="http://10.0.0.5:8080").status_code == 200
    everywhere = platform.another_app(public_url="http://0.0.0.0:8080")
    sent = {"account": platform.user().account, "password": PASSWORD}
    answer = everywhere.test_client().post(
        "/sign-in", data=sent, base_url="http://grades.local:8080", headers={"Origin": "http://grades.local:8080"}
    )
    assert answer.status_code == 303


def test_a_session_of_another_page_is_told_to_load_again(platform: Platform) -> None:
    signed, other = platform.sign_in(), platform.sign_in()
    submission = platform.graded()
    answer = signed.client.post(f"/submissions/{submission.id}/regrade", headers=other.headers)
    assert (answer.status_code, answer.mimetype) == (403, "text/html")
    assert "Load the page again" in answer.text
