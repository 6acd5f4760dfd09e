"""The visible tests in a real browser: lines appear as they are printed, a run is stopped and found again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from runner.visible_run import VisibleEnd, VisibleReport
from store.records import Role
from store.visible_runs import VisibleRuns
from tests.api.conftest import Platform
from tests.api.sample import SLUG
from tests.pages.conftest import served
from tests.pages.test_accessibility import RULES

_WAIT_S = 60.0


class Worker:
    """What a worker does for a run, step by step, as a test says."""

    def __init__(self, platform: Platform) -> None:
        self.runs = cast(VisibleRuns, platform.app.extensions["mendbox"].visible)
        self._redis = platform.redis
        self._queue = f"rq:queue:{platform.settings.queue_prefix}-visible"

    def take(self) -> str:
        """Wait for a run in the queue, and begin it."""
        for _ in range(int(_WAIT_S / 0.05)):
            if found := self._redis.lpop(self._queue):
                run = cast(bytes, found).decode().removeprefix("visible-")
                assert self.runs.take(run) is not None
                return run
            threading.Event().wait(0.05)
        raise AssertionError("nothing was queued")


@contextmanager
def _editor(platform: Platform, browser: Browser) -> Iterator[Page]:
    with served(platform.app) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/start#{platform.tokens[Role.CANDIDATE].text}")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your challenges")
        page.goto(f"{address}/work/{SLUG}/editor")
        expect(page.get_by_role("tab", name="app.py")).to_be_visible()
        yield page


def test_lines_appear_as_they_are_printed_and_the_end_is_said(platform: Platform, browser: Browser) -> None:
    worker = Worker(platform)
    with _editor(platform, browser) as page:
        output, status = page.get_by_label("What pytest prints"), page.locator("[data-part=run-status]")
        expect(output).to_be_hidden()
        page.get_by_role("textbox", name="app.py").click()
        page.keyboard.press("Control+End")
        page.keyboard.type("# mended")
        # What was written this very moment is kept first.
        page.get_by_role("button", name="Run the visible tests").click()
        run = worker.take()
        me = platform.tokens[Role.CANDIDATE].record.id
        assert (platform.store.drafts.of(me, SLUG)["app.py"].text or "").endswith("# mended")
        expect(status).to_have_text("running…")
        worker.runs.print(run, "tests/test_visible.py::test_one PASSED\n")
        expect(output).to_have_text("tests/test_visible.py::test_one PASSED\n")
        worker.runs.print(run, "<img src=x onerror=alert(1)>\n")
        expect(output).to_contain_text("<img src=x onerror=alert(1)>")
        assert page.locator("[data-part=run-output] img").count() == 0
        worker.runs.end(run, VisibleReport(VisibleEnd.FAILED))
        expect(status).to_have_text("Some visible tests fail.")
        results = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
        assert [[each["id"], [node["target"] for node in each["nodes"]]] for each in results["violations"]] == []

        page.get_by_role("button", name="Run the visible tests").click()
        run = worker.take()
        expect(output).to_be_empty()
        worker.runs.end(run, VisibleReport(VisibleEnd.PASSED))
        expect(status).to_have_text("All visible tests pass.")
        page.locator("[data-part=run-close]").click()
        expect(output).to_be_hidden()
        expect(page.get_by_role("button", name="Run the visible tests")).to_be_focused()
    assert platform.store.submissions.page().items == ()


def test_a_run_is_stopped_and_found_again_after_the_page_was_loaded_anew(platform: Platform, browser: Browser) -> None:
    worker = Worker(platform)
    with _editor(platform, browser) as page:
        output, status = page.get_by_label("What pytest prints"), page.locator("[data-part=run-status]")
        page.get_by_role("button", name="Run the visible tests").click()
        run = worker.take()
        worker.runs.print(run, "one\n")
        expect(output).to_have_text("one\n")
        page.reload()
        # The place of the page that was left is free only once the server has seen that.
        page.get_by_role("button", name="Run the visible tests").click()
        expect(output).to_have_text("one\n", timeout=30_000)
        page.get_by_role("button", name="Stop").click()
        expect(status).to_have_text("stopping…")
        assert not worker.runs.goes_on(run)
        worker.runs.end(run, VisibleReport(VisibleEnd.STOPPED))
        expect(status).to_have_text("Stopped.")
