"""The editor in a real browser: writing, coming back, two windows, no network, and sending what is listed."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, Response, Route, expect

from store.records import DraftChange, Role
from tests.api.conftest import Platform
from tests.api.sample import SLUG, STARTER
from tests.pages.conftest import served
from tests.pages.test_browser import MOST_BYTES


def _text(page: Page) -> str:
    """What the editor's file says, line by line."""
    return "\n".join(page.locator(".cm-line").all_inner_texts())


@contextmanager
def _at_work(platform: Platform, browser: Browser) -> Iterator[tuple[str, BrowserContext, list[str]]]:
    """A browser in which a candidate has come by their link, and all that its console says."""
    said: list[str] = []
    with served(platform.app) as address, browser.new_context() as context:
        context.on("console", lambda message: said.append(message.text))
        context.on("weberror", lambda error: said.append(str(error.error)))
        page = context.new_page()
        page.goto(f"{address}/start#{platform.tokens[Role.CANDIDATE].text}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your challenges")
        page.close()
        yield address, context, said


def test_what_is_written_is_there_again_and_is_sent_as_listed(platform: Platform, browser: Browser) -> None:
    with _at_work(platform, browser) as (address, context, said):
        page = context.new_page()
        page.goto(f"{address}/work")
        page.get_by_role("link", name="A greeter that greets nobody").click()
        page.get_by_role("link", name="Open the editor").click()
        expect(page.get_by_role("tab", name="app.py")).to_have_attribute("aria-selected", "true")
        page.get_by_role("textbox", name="app.py").click()
        page.keyboard.press("Control+End")
        page.keyboard.type("# mended\n")
        expect(page.locator(".kept")).to_have_text("saved")
        expect(page.get_by_role("button", name="app.py changed")).to_be_visible()
        page.get_by_text("New file").click()
        page.get_by_label("Its path").fill("notes.txt")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("Not kept: notes.txt: can't be added")
        page.get_by_label("Its path").fill("new.py")
        page.keyboard.press("Enter")
        expect(page.get_by_role("tab", name="new.py")).to_have_attribute("aria-selected", "true")
        page.keyboard.type("VALUE = 1")
        expect(page.locator(".kept")).to_have_text("saved")

        page.reload()
        expect(page.get_by_role("textbox", name="app.py")).to_contain_text("# mended")
        page.get_by_role("button", name="Show changes").click()
        expect(page.locator(".cm-changedLine")).to_have_text("# mended")
        page.get_by_role("button", name="new.py").click()
        expect(page.get_by_role("textbox", name="new.py")).to_have_text("VALUE = 1")

        # What was written this very moment goes along.
        page.keyboard.press("End")
        page.keyboard.type("23")
        page.get_by_role("link", name="See your changes and send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Your changes")
        expect(page.locator("#graded ~ ul li")).to_have_text([re.compile(r"app\.py"), re.compile(r"new\.py")])
        page.get_by_role("button", name="Send them").click()
        expect(page.get_by_role("status")).to_contain_text("waits in the queue")
        (stored,) = platform.store.submissions.page().items
        assert platform.store.submissions.content(stored.submission.id).files == {
            "app.py": STARTER["app.py"] + b"# mended\n",
            "new.py": b"VALUE = 123",
        }
    # One feature of the Permissions-Policy is not known to every browser; a refused name is told by its status.
    assert [text for text in said if "Permissions-Policy" not in text and "422" not in text] == []


def test_by_the_keyboard_alone_one_writes_and_sends(platform: Platform, browser: Browser) -> None:
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        page.goto(f"{address}/work/{SLUG}/editor")
        expect(page.get_by_role("tab", name="app.py")).to_be_visible()

        def tab_to(script: str, key: str = "Tab") -> None:
            for _ in range(40):
                page.keyboard.press(key)
                if page.evaluate(f"(() => {{ const at = document.activeElement; return {script}; }})()"):
                    return
            raise AssertionError(script)

        tab_to("at.textContent.startsWith('README.md')")
        page.keyboard.press("Enter")
        expect(page.get_by_role("textbox", name="README.md, read-only")).to_be_focused()
        expect(page.locator(".about strong")).to_have_text("read-only")
        page.keyboard.type("x")
        expect(page.get_by_role("textbox", name="README.md, read-only")).to_have_text("# Greeter")
        tab_to("at.getAttribute('role') === 'tab'", "Shift+Tab")
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("tab", name="app.py")).to_be_focused()
        tab_to("at.shadowRoot !== null")
        page.keyboard.press("Control+End")
        page.keyboard.press("Tab")
        page.keyboard.type("# mended")
        assert _text(page).endswith("    # mended")
        page.keyboard.press("Escape")
        page.keyboard.press("Tab")
        expect(page.get_by_role("textbox", name="app.py")).not_to_be_focused()
        tab_to("at.textContent === 'See your changes and send'", "Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your changes")
        tab_to("at.textContent === 'Send it'")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("waits in the queue")


def test_without_a_network_nothing_is_lost_and_it_is_tried_again(platform: Platform, browser: Browser) -> None:
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        page.goto(f"{address}/work/{SLUG}/editor")
        page.get_by_role("textbox", name="app.py").click()
        context.set_offline(True)
        page.keyboard.type("# far away\n")
        expect(page.locator(".kept")).to_contain_text("not saved: no connection")
        context.set_offline(False)
        expect(page.locator(".kept")).to_have_text("saved")
        owner = platform.tokens[Role.CANDIDATE].record.id
        assert "# far away" in (platform.store.drafts.of(owner, SLUG)["app.py"].text or "")


def test_who_closes_the_page_with_something_unsaved_is_asked(platform: Platform, browser: Browser) -> None:
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        asked: list[str] = []

        def leave(dialog: Dialog) -> None:
            asked.append(dialog.type)
            dialog.accept()

        def refuse(route: Route) -> None:
            route.abort()

        page.on("dialog", leave)
        page.goto(f"{address}/work/{SLUG}/editor")
        page.get_by_role("textbox", name="app.py").click()
        page.route("**/draft", refuse)
        page.keyboard.type("x")
        expect(page.locator(".kept")).to_contain_text("not saved")
        page.reload()
        assert asked == ["beforeunload"]


def test_what_another_window_saved_is_not_written_over(platform: Platform, browser: Browser) -> None:
    owner = platform.tokens[Role.CANDIDATE].record.id
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        page.goto(f"{address}/work/{SLUG}/editor")
        page.get_by_role("textbox", name="app.py").click()
        platform.store.drafts.save(owner, SLUG, DraftChange("app.py", "theirs\n", 0))
        page.keyboard.press("Control+Home")
        page.keyboard.type("# mine ")
        expect(page.get_by_role("alert")).to_contain_text("app.py was saved in another window")
        expect(page.locator(".kept")).to_have_text("not saved: app.py")
        assert platform.store.drafts.of(owner, SLUG)["app.py"].text == "theirs\n"
        page.get_by_role("button", name="Keep mine").click()
        expect(page.locator(".kept")).to_have_text("saved")
        assert (platform.store.drafts.of(owner, SLUG)["app.py"].text or "").startswith("# mine")

        platform.store.drafts.save(owner, SLUG, DraftChange("app.py", "theirs again\n", 2))
        page.get_by_role("textbox", name="app.py").click()
        page.keyboard.type("# mine ")
        page.get_by_role("button", name="Load theirs").click()
        expect(page.get_by_role("textbox", name="app.py")).to_have_text("theirs again")


def test_files_are_put_back_deleted_and_found(platform: Platform, browser: Browser) -> None:
    owner = platform.tokens[Role.CANDIDATE].record.id
    platform.store.drafts.save(owner, SLUG, DraftChange("app.py", "GREETING = 1\r\n", 0))
    platform.store.drafts.save(owner, SLUG, DraftChange("new.py", "GREETING = 2\n", 0))
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{address}/work/{SLUG}/editor")
        page.get_by_role("textbox", name="app.py").click()
        page.keyboard.press("Control+Home")
        page.keyboard.type("x")
        expect(page.locator(".kept")).to_have_text("saved")
        assert platform.store.drafts.of(owner, SLUG)["app.py"].text == "xGREETING = 1\r\n"
        page.get_by_text("Find in all files").click()
        page.get_by_label("Text").fill("greeting")
        page.keyboard.press("Enter")
        expect(page.locator(".found li")).to_have_count(2)
        page.get_by_role("button", name="new.py:1").click()
        expect(page.get_by_role("tab", name="new.py")).to_have_attribute("aria-selected", "true")
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("button", name="new.py new")).to_have_count(0)
        page.get_by_role("button", name="Put back").click()
        expect(page.locator(".kept")).to_have_text("saved")
        expect(page.get_by_role("button", name="Put back")).to_be_disabled()
        kept = platform.store.drafts.of(owner, SLUG)
        assert (kept["app.py"].text, kept["new.py"].text) == (None, None)


@pytest.mark.parametrize("text", ["\ufeffa\r\nb\nc\rd\n", "a\r\nb\r\n", "a", "\ta\u2028b\n\n"])
def test_what_nobody_touches_stays_as_it_was_to_the_byte(platform: Platform, browser: Browser, text: str) -> None:
    owner = platform.tokens[Role.CANDIDATE].record.id
    platform.store.drafts.save(owner, SLUG, DraftChange("app.py", text, 0))
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        page.goto(f"{address}/work/{SLUG}/editor")
        page.get_by_role("textbox", name="app.py").click()
        page.keyboard.press("Control+End")
        page.keyboard.type("x")
        page.keyboard.press("Control+s")
        expect(page.locator(".kept")).to_have_text("saved")
        assert platform.store.drafts.of(owner, SLUG)["app.py"].text == f"{text}x"


def test_who_writes_without_a_pause_is_saved_meanwhile(platform: Platform, browser: Browser) -> None:
    owner = platform.tokens[Role.CANDIDATE].record.id
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        page.goto(f"{address}/work/{SLUG}/editor")
        page.get_by_role("textbox", name="app.py").click()
        page.keyboard.type("#" * 35, delay=200)
        # How often is the machine's affair: where it stumbles there is a pause, too.
        assert platform.store.drafts.of(owner, SLUG)["app.py"].revision >= 1


def test_it_is_light_and_loads_nothing_from_elsewhere(platform: Platform, browser: Browser) -> None:
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        loaded: list[Response] = []

        def note(answer: Response) -> None:
            loaded.append(answer)

        page.on("response", note)
        page.goto(f"{address}/work/{SLUG}/editor", wait_until="networkidle")
        expect(page.get_by_role("tab", name="app.py")).to_be_visible()
        assert all(answer.url.startswith((address, "data:")) for answer in loaded)
        names = {answer.url.rpartition("/")[2].partition("-")[0] for answer in loaded if "/assets/" in answer.url}
        assert names == {"pages", "editor"}
        bodies = [answer.body() for answer in loaded if answer.url.startswith(address)]
        assert 0 < sum(len(gzip.compress(body)) for body in bodies) < MOST_BYTES


def test_on_a_phone_nothing_is_wider_than_the_screen(platform: Platform, browser: Browser) -> None:
    with _at_work(platform, browser) as (address, context, _):
        page = context.new_page()
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{address}/work/{SLUG}/editor")
        expect(page.get_by_role("tab", name="app.py")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
