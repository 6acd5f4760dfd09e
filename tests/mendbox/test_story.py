"""The whole story in a browser, on a real `mendbox up`: API, queue, worker and containers.

A recruiter composes and invites, a candidate mends the app in the editor and sees the grade arrive, two review what
they wrote, the recruiter decides and takes it all along as a file.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.mendbox.cli import CHALLENGES, Cli
from tests.mendbox.running import Up, running, value

SLUG = "user-500"
TITLE = "A staff directory that answers 500"
FIX = CHALLENGES / SLUG / "fixes" / "get-or-404"
PASSWORD = "correct horse battery staple"
#: A grading may have to wait for its containers.
PATIENCE_MS = 120_000


@pytest.fixture
def up(mendbox: Cli) -> Iterator[Up]:
    with running(mendbox, MENDBOX_SECOND_FACTOR="optional") as started:
        yield started


def _assessor(up: Up, browser: Browser, account: str, role: str) -> Page:
    """Somebody who was just given an account, in a browser of their own, where they chose a password."""
    made = up.admin("user", "add", account, "--role", role, "--code", "--json")
    assert made.code == 0, made.err
    page = browser.new_context().new_page()
    page.goto(f"{up.url}/password")
    page.get_by_label("Account").fill(account)
    page.get_by_label("Code").fill(made.json["code"])
    page.get_by_label("New password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


def _compose_and_invite(recruiter: Page) -> str:
    recruiter.get_by_role("link", name="Assessments").click()
    recruiter.get_by_role("link", name="Compose one").click()
    recruiter.get_by_label("Title").fill("Junior developer")
    recruiter.get_by_label("What it is about").fill("One small service.")
    recruiter.get_by_label(TITLE, exact=True).check()
    recruiter.get_by_text("Weights of the areas").click()
    recruiter.get_by_label("Practical").fill("60")
    recruiter.get_by_label("Problem solving").fill("40")
    recruiter.get_by_role("button", name="Keep it").click()
    expect(recruiter.get_by_role("heading", level=1)).to_have_text("Junior developer")
    recruiter.get_by_label("People").first.fill("Ada Lovelace, A-104, 15")
    recruiter.get_by_role("button", name="Make links").click()
    link = recruiter.get_by_label("Link of Ada Lovelace").input_value()
    recruiter.get_by_role("link", name="Back to the assessment").click()
    expect(recruiter.get_by_role("row", name="Ada Lovelace")).to_contain_text("not begun")
    return link


def _mend(candidate: Page, link: str) -> None:
    candidate.goto(link)
    expect(candidate.get_by_role("heading", level=1)).to_have_text("Junior developer")
    candidate.get_by_label("I have read this").check()
    candidate.get_by_role("button", name="Begin").click()
    expect(candidate.get_by_role("timer")).to_contain_text("left")
    candidate.get_by_role("link", name=TITLE).click()
    candidate.get_by_role("link", name="Open the editor").click()
    for file in sorted(path for path in FIX.rglob("*") if path.is_file()):
        name = file.relative_to(FIX).as_posix()
        candidate.get_by_role("button", name=Path(name).name, exact=False).first.click()
        candidate.get_by_role("textbox", name=name).click()
        candidate.keyboard.press("Control+A")
        candidate.keyboard.insert_text(file.read_text())
        expect(candidate.locator(".kept")).to_have_text("saved")
    candidate.get_by_role("link", name="See your changes and send").click()
    expect(candidate.locator("#graded ~ ul li")).to_have_count(3)
    candidate.get_by_role("button", name="Send them").click()
    expect(candidate.get_by_text("solved", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    expect(candidate.locator(".score")).to_contain_text("100")
    candidate.get_by_role("link", name="Back to the brief").click()
    candidate.get_by_role("link", name="Write what was wrong").click()
    candidate.get_by_label("What was wrong?").fill("A missing row was used as if it were there.")
    candidate.get_by_role("button", name="Keep it").click()
    expect(candidate.get_by_role("link", name="What you wrote about your fix")).to_be_visible()


def _review(reviewer: Page, where: str, points: int) -> None:
    reviewer.goto(f"{where}/review")
    expect(reviewer.locator("main")).not_to_contain_text("Lovelace")
    expect(reviewer.locator("main")).to_contain_text("A missing row was used")
    for group in reviewer.locator("fieldset").all():
        group.get_by_label(str(points), exact=True).check()
    reviewer.get_by_role("button", name="Give it").click()
    expect(reviewer.get_by_role("row", name="Of 100")).to_be_visible()


def test_from_an_assessment_to_a_decision(up: Up, browser: Browser, tmp_path: Path) -> None:
    recruiter = _assessor(up, browser, "rita@example.org", "recruiter")
    engineer = _assessor(up, browser, "erik@example.org", "engineer")
    link = _compose_and_invite(recruiter)
    assert link.startswith(f"{up.url}/start#mbx_")
    _mend(browser.new_context().new_page(), link)

    # The table follows by itself.
    row = recruiter.get_by_role("row", name="Ada Lovelace")
    expect(row).to_contain_text("100", timeout=PATIENCE_MS)
    expect(row).to_contain_text("at work")
    recruiter.get_by_role("link", name="Ada Lovelace").click()
    expect(recruiter.get_by_role("heading", level=1)).to_contain_text("Ada Lovelace")
    expect(recruiter).to_have_url(re.compile(rf"{re.escape(up.url)}/people/[0-9a-f]{{32}}$"))
    where = recruiter.url
    _review(engineer, where, 3)
    _review(recruiter, where, 4)
    recruiter.goto(where)
    # 60 of 100 for the app, and 40 for the mean of 75 and 100, rounded half up.
    expect(recruiter.locator("#score ~ dl .score")).to_contain_text("95")
    recruiter.get_by_label("How it goes on").select_option("Go on with them")
    recruiter.get_by_label("Note, or the decision").fill("Solid, and explains well.")
    recruiter.get_by_role("button", name="Write it down").click()
    expect(recruiter.locator("main")).to_contain_text("Solid, and explains well.")

    recruiter.get_by_role("link", name="Junior developer").click()
    with recruiter.expect_download() as download:
        recruiter.get_by_role("link", name="for a spreadsheet").click()
    download.value.save_as(tmp_path / "candidates.csv")
    (found,) = csv.DictReader((tmp_path / "candidates.csv").read_text("utf-8-sig").splitlines())
    assert (found["name"], found["score"], found["passed"], found["decision"]) == (
        "Ada Lovelace",
        "95",
        "yes",
        "advance",
    )
    assert value(up.said, "gradings at a time") == "1"
