"""The pages in a real browser: a recruiter's way from the front door to a grade, and what a browser says."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

from playwright.sync_api import Browser, Response, expect
from pyotp import TOTP

from store.records import Role
from tests.api.conftest import OTHER_PASSWORD, PASSWORD, Platform
from tests.api.sample import FIX_ZIP, SLUG, grade_of
from tests.pages.conftest import served

#: Of all that one page loads, compressed: the editor will be in it.
MOST_BYTES = 300_000


def test_a_recruiter_signs_in_reads_a_report_and_sees_a_grade_arrive(platform: Platform, browser: Browser) -> None:
    user = platform.user(Role.RECRUITER)
    platform.graded()
    submission, grading = platform.add()
    said: list[str] = []
    with served(platform.app) as address, browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        expect(page).to_have_title("Sign in – Mendbox")
        page.get_by_label("Account").fill(user.account)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Submissions")

        page.locator(f"a[href='/submissions/{submission.id}']").click()
        expect(page.get_by_role("status")).to_contain_text("waits in the queue")
        claim = platform.claim(grading)
        expect(page.get_by_role("status")).to_contain_text("is being graded")
        assert platform.store.claims.record_grade(claim, grade_of(claim))
        expect(page.get_by_role("heading", name="Requirements")).to_be_visible()
        expect(page.get_by_role("status")).to_have_count(0)
        assert page.url == f"{address}/submissions/{submission.id}"
        page.get_by_text("hidden tests passed").click()
        expect(page.locator(".tests")).to_be_visible()

        page.get_by_role("button", name="Grade again").click()
        expect(page.get_by_role("status")).to_contain_text("waits in the queue")
        page.get_by_role("link", name="Challenges").click()
        page.get_by_role("link", name="A greeter that greets nobody").first.click()
        expect(page.get_by_role("heading", name="What is graded")).to_be_visible()
        page.go_back()
        expect(page).to_have_url(f"{address}/challenges")
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{address}/sign-in")
        page.goto(f"{address}/submissions")
        expect(page).to_have_url(f"{address}/sign-in?next=/submissions")
    # One feature of the Permissions-Policy is not known to every browser.
    assert [text for text in said if "Permissions-Policy" not in text] == []


def test_a_new_colleague_chooses_a_password_and_sets_up_a_second_factor(platform: Platform, browser: Browser) -> None:
    app = platform.another_app(second_factor="required")
    code = platform.store.codes.issue(platform.user(Role.RECRUITER, "ada@example.org").account).text
    with served(app) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        page.get_by_role("link", name="Choose a password").click()
        page.get_by_label("Account").fill("ada@example.org")
        page.get_by_label("Code").fill(code)
        page.get_by_label("New password").fill(OTHER_PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Second factor")
        page.get_by_label("Your password once more").fill(OTHER_PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator(".qr svg")).to_be_visible()
        secret = page.locator("code").first.inner_text().replace(" ", "")
        page.get_by_label("The code that the app shows").fill(TOTP(secret).now())
        page.keyboard.press("Enter")
        expect(page.locator(".codes li")).to_have_count(10)
        page.get_by_role("link", name="I have kept them").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Submissions")
        page.get_by_role("button", name="Sign out").click()
        expect(page).to_have_url(f"{address}/sign-in")


def test_a_candidate_is_invited_comes_by_the_link_and_sends_a_fix(
    platform: Platform, browser: Browser, tmp_path: Path
) -> None:
    signed = platform.sign_in()
    fix = tmp_path / "fix.zip"
    fix.write_bytes(FIX_ZIP)
    with served(platform.app) as address, browser.new_context() as desk, browser.new_context() as home:
        desk.add_cookies([{"name": "mendbox_session", "value": signed.text, "url": address}])
        page = desk.new_page()
        page.goto(f"{address}/people")
        page.get_by_text("Invite somebody").click()
        page.get_by_label("Name").fill("Grace Hopper")
        page.locator(f"input[name=challenge-{SLUG}]").check()
        page.get_by_role("button", name="Make a link").click()
        link = page.locator("input.link").input_value()

        theirs = home.new_page()
        theirs.goto(link)
        expect(theirs.get_by_role("heading", level=1)).to_have_text("Your challenges")
        assert "#" not in theirs.url
        theirs.go_back()
        assert "mbx_" not in theirs.url
        # The same link in a tab that has the page already.
        theirs.goto(f"{address}/work")
        theirs.once("dialog", lambda dialog: dialog.accept())
        theirs.get_by_role("button", name="Sign out").click()
        expect(theirs).to_have_url(f"{address}/start")
        theirs.goto(link)
        expect(theirs.get_by_role("heading", level=1)).to_have_text("Your challenges")
        theirs.get_by_role("link", name="A greeter that greets nobody").click()
        with theirs.expect_download() as download:
            theirs.get_by_role("link", name="Download the app").click()
        assert download.value.suggested_filename == f"{SLUG}-starter.zip"
        theirs.get_by_label("The app as you changed it").set_input_files(fix)
        theirs.get_by_role("button", name="Send it").click()
        expect(theirs.get_by_role("status")).to_contain_text("waits in the queue")
        (stored,) = platform.store.submissions.page().items
        claim = platform.claim(stored.grading)
        assert platform.store.claims.record_grade(claim, grade_of(claim))
        expect(theirs.get_by_role("heading", level=1)).to_have_text("Your grade")


def test_passwords_are_hidden_may_be_pasted_and_are_kept_by_managers(platform: Platform, browser: Browser) -> None:
    with served(platform.app) as address, browser.new_context() as context:
        page = context.new_page()
        for path, name, kept_as in (
            ("/sign-in", "password", "current-password"),
            ("/password", "new_password", "new-password"),
        ):
            page.goto(address + path)
            field = page.locator(f"input[name={name}]")
            assert (field.get_attribute("type"), field.get_attribute("autocomplete")) == ("password", kept_as)
            field.focus()
            page.keyboard.insert_text(PASSWORD)  # as pasting does: the text comes at once, by no key
            expect(field).to_have_value(PASSWORD)
            assert page.locator("input[name=account]").get_attribute("autocomplete") == "username"


def test_by_the_keyboard_alone_one_gets_everywhere(platform: Platform, browser: Browser) -> None:
    signed = platform.sign_in()
    platform.graded()
    with served(platform.app) as address, browser.new_context() as context:
        context.add_cookies([{"name": "mendbox_session", "value": signed.text, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/submissions")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        page.keyboard.press("Enter")
        for _ in range(12):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.getAttribute('href') || ''").startswith("/submissions/"):
                break
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Requirements")).to_be_visible()


def test_a_page_loads_nothing_from_elsewhere_and_is_light(platform: Platform, browser: Browser) -> None:
    signed = platform.sign_in()
    submission = platform.graded()
    with served(platform.app) as address, browser.new_context() as context:
        context.add_cookies([{"name": "mendbox_session", "value": signed.text, "url": address}])
        page = context.new_page()
        loaded: list[Response] = []

        def note(answer: Response) -> None:
            loaded.append(answer)

        page.on("response", note)
        for path in ("/submissions", f"/submissions/{submission.id}", "/challenges", f"/challenges/{SLUG}"):
            loaded.clear()
            page.goto(address + path, wait_until="networkidle")
            assert all(answer.url.startswith((address, "data:")) for answer in loaded)
            bodies = [answer.body() for answer in loaded if answer.url.startswith(address)]
            assert 0 < sum(len(gzip.compress(body)) for body in bodies) < MOST_BYTES


def test_templates_have_no_script_and_no_style_of_their_own() -> None:
    folder = Path(__file__).parents[2] / "api" / "pages" / "templates"
    texts = {path.name: path.read_text() for path in folder.glob("*.html")}
    assert len(texts) > 5
    for name, text in texts.items():
        assert not re.search(r"<style|style=|\son[a-z]+=|hx-on|javascript:|<script(?! src=)", text), name
