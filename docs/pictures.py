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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

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


def draw_report() -> None:
    """`images/report.png`: the top of a report, with what a real grading found."""
    from playwright.sync_api import sync_playwright

    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        sys.exit("there is no Chromium on this machine: scripts/setup --tests installs it")
    with tempfile.TemporaryDirectory(prefix="mendbox-docs-") as folder, _running(Path(folder)) as environ:
        ids = [_graded(environ, *each) for each in _SENT]
        with sync_playwright() as playwright:
            opened = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
            page = opened.new_page(viewport={"width": 1100, "height": 1000}, color_scheme="light")
            page.goto(f"{environ['MENDBOX_URL']}/submissions/{ids[0]}")
            page.get_by_label("Account").fill(_ACCOUNT)
            page.get_by_label("Password").fill(_PASSWORD)
            page.keyboard.press("Enter")
            page.get_by_role("heading", name="Requirements").wait_for()
            page.get_by_text("hidden tests passed").nth(1).click()
            page.screenshot(path=str(DOCS / "images" / "report.png"))
            opened.close()


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
    folder = CHALLENGES / slug / kind
    folder = folder if "/" in kind else min(folder.iterdir())
    made = json.loads(_mendbox(environ, "token", "create", name, "--role", "candidate", "--challenge", slug, "--json"))
    candidate = {**environ, "MENDBOX_TOKEN": made["token"]}
    sent = json.loads(_mendbox(candidate, "submit", slug, str(folder), "--wait", "--json"))
    time.sleep(1)  # a list is in the order of what was sent
    return str(sent["id"])


def _mendbox(environ: Mapping[str, str], *arguments: str, given: str = "") -> str:
    command = [sys.executable, "-m", "mendbox", *arguments]
    done = subprocess.run(
        command, env=dict(environ), input=given, capture_output=True, text=True, timeout=_WAIT_S, check=False
    )
    # A grade that is not full is told by the exit code.
    if not done.stdout:
        sys.exit(f"mendbox {' '.join(arguments)}: {done.stderr}")
    return done.stdout
