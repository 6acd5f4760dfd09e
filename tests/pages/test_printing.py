"""Reports on paper, in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from store.records import Role
from tests.api.conftest import PASSWORD, Platform
from tests.pages.conftest import served


@pytest.mark.parametrize("path", ["/submissions/{submission}", "/people/{person}"])
def test_a_report_on_paper_has_what_is_read_and_nothing_to_press(
    platform: Platform, browser: Browser, path: str
) -> None:
    user, submission = platform.user(Role.RECRUITER), platform.graded()
    with served(platform.app) as address, browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.get_by_label("Account").fill(user.account)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Sign out").wait_for()
        page.goto(address + path.format(submission=submission.id, person=submission.token_id))
        page.evaluate("window.print = () => document.body.setAttribute('data-printed', '')")
        page.get_by_role("button", name="Print or save as PDF").click()
        expect(page.locator("body[data-printed]")).to_have_count(1)
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        for hidden in (".bar", "main form", "main button", ".invite"):
            for each in page.locator(hidden).all():
                assert not each.is_visible(), hidden
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        for each in page.locator("main .requirements details").all():
            assert each.get_attribute("open") is not None
        # Nothing is wider than the paper.
        page.set_viewport_size({"width": 690, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= 690
        assert page.pdf().startswith(b"%PDF-")
        page.emulate_media(media="screen")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator("main .requirements details[open]").count() == 0
