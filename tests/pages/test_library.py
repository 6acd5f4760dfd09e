"""The library as pages: what candidates see, and nothing that is hidden."""

from __future__ import annotations

from api.pages.described import inline_html
from tests.api.conftest import Platform
from tests.api.sample import CANARY, OTHER, SLUG


def test_the_list_and_a_challenge_show_what_candidates_get_and_nothing_hidden(platform: Platform) -> None:
    client = platform.sign_in().client
    listed = client.get("/challenges").text
    assert listed.count("<li>") == 2
    for slug in (SLUG, OTHER):
        assert f'href="/challenges/{slug}"' in listed
        shown = client.get(f"/challenges/{slug}").text
        assert f'href="/api/v1/challenges/{slug}/starter.zip"' in shown
        assert "has no certificate yet" in shown
        assert CANARY not in shown
        assert client.get(f"/api/v1/challenges/{slug}/starter.zip").status_code == 200


def test_of_a_line_code_is_shown_as_code_and_all_else_is_text() -> None:
    assert inline_html("`a<b` and <b>") == "<code>a&lt;b</code> and &lt;b&gt;"
    for text in ("[in](https://evil.example)", "![x](/submissions)", "**b**", "https://evil.example", "<https://e.x>"):
        assert "<" not in inline_html(text), text
