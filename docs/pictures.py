"""Pictures of the pages: a Mendbox is started, submissions are graded in it, and Chromium looks at it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
CHALLENGES = DOCS.parent / "challenges"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_ACCOUNT, _PASSWORD = "ada@example.org", "correct horse battery staple"
_WAIT_S = 120.0
#: Who sent what, the last one first in the list; the report that is shown is the first one's.
_SENT = (
    ("Alan Turing", "user-500", "mistakes/own-page-only"),
    ("Barbara Liskov", "rate-limiter", "fixes"),
    ("Grace Hopper", "n-plus-one", "mistakes"),
    ("Katherine Johnson", "user-500", "fixes"),
)
_ASSESSMENT = "junior-backend"
#: Who was invited to the assessment, and what they sent. The last is looked at in the editor.
_INVITED: Mapping[str, Sequence[tuple[str, str]]] = {
    "Katherine Johnson": (("user-500", "mistakes/own-page-only"), ("user-500", "fixes"), ("pagination", "mistakes")),
    "Alan Turing": (("user-500", "mistakes/own-page-only"),),
    "Barbara Liskov": (("pagination", "fixes"), ("user-500", "fixes")),
    "Tony Hoare": (),
    "Grace Hopper": (),
}
_LAST = "Grace Hopper"


def draw_report() -> None:
    """`images/report.png`: the top of a report, with what a real grading found."""
    with tempfile.TemporaryDirectory(prefix="mendbox-docs-") as folder, _running(Path(folder)) as environ:
        ids = [_graded(environ, *each) for each in _SENT]
        with _looking(1000) as page:
            _sign_in(page, f"{environ['MENDBOX_URL']}/submissions/{ids[0]}")
            page.get_by_role("heading", name="Requirements").wait_for()
            page.get_by_text("hidden tests passed").nth(1).click()
            page.screenshot(path=str(DOCS / "images" / "report.png"))


def draw_story() -> None:
    """`images/editor.png` and `assessment.png`: an assessment, as a candidate and a recruiter see it."""
    with tempfile.TemporaryDirectory(prefix="mendbox-docs-") as folder, _running(Path(folder)) as environ:
        url = environ["MENDBOX_URL"]
        with _looking(900) as page:
            _sign_in(page, f"{url}/assessments/{_ASSESSMENT}")
            page.get_by_label("People").first.fill("\n".join(_INVITED))
            page.get_by_role("button", name="Make links").click()
            links = {name: page.get_by_label(f"Link of {name}").input_value() for name in _INVITED}
            for name, sent in _INVITED.items():
                if name != _LAST:
                    _take_part(page, {**environ, "MENDBOX_TOKEN": links[name].partition("#")[2]}, sent)
            theirs = page.context.browser.new_context(viewport=page.viewport_size, color_scheme="light")
            _look_at_the_editor(theirs.new_page(), links[_LAST])
            page.goto(f"{url}/assessments/{_ASSESSMENT}")
            page.get_by_role("heading", name="Candidates").wait_for()
            page.screenshot(path=str(DOCS / "images" / "assessment.png"), full_page=True)


def _take_part(page: Any, candidate: Mapping[str, str], sent: Sequence[tuple[str, str]]) -> None:
    # Apart from the page's own: a session and a token together are refused.
    page.context.browser.new_context().request.post(
        f"{candidate['MENDBOX_URL']}/api/v1/me/assessment/begin",
        data={"agreed": True},
        headers={"Authorization": f"Bearer {candidate['MENDBOX_TOKEN']}"},
        fail_on_status_code=True,
    )
    for slug, kind in sent:
        _mendbox(candidate, "submit", slug, str(_folder(slug, kind)), "--wait", "--json")


def _look_at_the_editor(page: Any, link: str) -> None:
    page.goto(link)
    page.get_by_label("I have read this").check()
    page.get_by_role("button", name="Begin").click()
    page.get_by_role("link", name="A staff directory that answers 500").click()
    page.get_by_role("link", name="Open the editor").click()
    page.get_by_role("button", name="users.py").first.click()
    page.locator(".cm-content").first.wait_for()
    page.get_by_role("button", name="Run the visible tests").click()
    page.get_by_text("All visible tests pass.").first.wait_for(timeout=_WAIT_S * 1000)
    page.screenshot(path=str(DOCS / "images" / "editor.png"))


@contextmanager
def _looking(height: int) -> Iterator[Any]:
    """A page of a browser of its own."""
    from playwright.sync_api import sync_playwright

    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit("there is no Chromium on this machine: scripts/setup --tests installs it")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        yield opened.new_page(viewport={"width": 1100, "height": height}, color_scheme="light")
        opened.close()


def _sign_in(page: Any, address: str) -> None:
    page.goto(address)
    page.get_by_label("Account").fill(_ACCOUNT)
    page.get_by_label("Password").fill(_PASSWORD)
    page.keyboard.press("Enter")


@contextmanager
def _running(folder: Path) -> Iterator[Mapping[str, str]]:
    """A Mendbox of its own with one account, until the end; the variables by which programs speak to it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MENDBOX_")}
    environ = kept | {"MENDBOX_HOME": str(folder), "MENDBOX_SECOND_FACTOR": "optional"}
    _mendbox(environ, "user", "add", _ACCOUNT, "--role", "recruiter", given=_PASSWORD)
    command = [sys.executable, "-m", "mendbox", "up", "--port", "0", "--slots", "2", "--json"]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = ""
            while True:
                said += process.stdout.readline()
                try:
                    started = json.loads(said)
                    break
                except ValueError:
                    if process.poll() is not None:
                        sys.exit(f"mendbox up ended: {said}")
            yield environ | {"MENDBOX_URL": started["url"]}
        finally:
            process.send_signal(signal.SIGTERM)


def _graded(environ: Mapping[str, str], name: str, slug: str, kind: str) -> str:
    """The id of a submission by a new candidate, once it has a grade. `kind`: a folder, or one of which the first is
    taken."""
    folder = _folder(slug, kind)
    made = json.loads(_mendbox(environ, "token", "create", name, "--role", "candidate", "--challenge", slug, "--json"))
    candidate = {**environ, "MENDBOX_TOKEN": made["token"]}
    sent = json.loads(_mendbox(candidate, "submit", slug, str(folder), "--wait", "--json"))
    time.sleep(1)  # a list is in the order of what was sent
    return str(sent["id"])


def _folder(slug: str, kind: str) -> Path:
    folder = CHALLENGES / slug / kind
    return folder if "/" in kind else min(folder.iterdir())


def _mendbox(environ: Mapping[str, str], *arguments: str, given: str = "") -> str:
    command = [sys.executable, "-m", "mendbox", *arguments]
    done = subprocess.run(
        command, env=dict(environ), input=given, capture_output=True, text=True, timeout=_WAIT_S, check=False
    )
    # A grade that is not full is told by the exit code.
    if not done.stdout:
        sys.exit(f"mendbox {' '.join(arguments)}: {done.stderr}")
    return done.stdout
