"""Every page held against axe-core's rules: WCAG 2.2, levels A and AA, in light and in dark, wide and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from pyotp import TOTP

from runner.grading.exchanges import KeptExchange
from runner.grading.models import Grade, GradedRequirement, RequirementStatus
from runner.submissions.model import Submission
from store.records import DraftChange, NewToken, Origin, Role, SourceKind
from store.regraded import NewRegrade
from store.reviewed import Explanation, NoteKind, Place, Side
from store.states import ClaimPolicy
from tests.api.conftest import PASSWORD, Platform, secret_keys
from tests.api.invited import ASSESSMENT, began, invited
from tests.api.sample import ASSESSORS_ONLY, FIXED, OTHER, SLUG, grade_of
from tests.pages.conftest import served
from tests.support.openid import OpenIdServer

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PUBLIC = ("/sign-in", "/password", "/start", "/shared")
DESK = (
    *("/submissions", "/submissions/{submission}", "/challenges", f"/challenges/{SLUG}", "/people", "/people/{person}"),
    *("/assessments", "/assessments/new", "/assessments/{source}", "/assessments/{source}/preview"),
    *("/assessments/{source}/compare", "/reviews", "/people/{person}/review", "/workshop", f"/workshop/{SLUG}"),
    *("/second-factor", "/account", "/webhooks", "/regrades", "/regrades/{regrade}", "/regrades/{running}"),
)
WORK = (
    *("/work", f"/work/{SLUG}", f"/work/{SLUG}/editor", f"/work/{SLUG}/changes", f"/work/{SLUG}/explanation"),
    *("/work/attempts/{submission}", "/work/done"),
)
Scheme = Literal["light", "dark"]
LOOKS: list[tuple[Scheme, int]] = [("light", 1280), ("dark", 390)]


def _found(page: Page) -> list[str]:
    """What breaks a rule, with the places where it does."""
    results: dict[str, Any] = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response
    return [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in results["violations"]]


def _names(platform: Platform) -> dict[str, str]:
    """A platform with something on each page, and the ids that addresses have."""
    store = platform.store
    record = store.assessments.add(ASSESSMENT, author="rita")
    for name in ("Ada", "Grace"):
        token = invited(platform, name, source=record.id)
        began(platform, token, ago=timedelta(minutes=20))
        me = token.record.id
        origin = Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, me)
        submission, grading = store.submissions.add(Submission({"app.py": FIXED}), origin)
        claim = platform.claim(grading)
        assert store.claims.record_grade(claim, grade_of(claim))
        store.comments.add(submission.id, Place("app.py", Side.AFTER, 5), "Why?", author="rita")
        asked = KeptExchange(method="GET", path="/", body="", status="404 NOT FOUND", answer="no")
        answered = {f"test_{ASSESSORS_ONLY}.py::test_2": asked}
        store.exchanges.add_starter(f"sha256:{ASSESSORS_ONLY}", SLUG, answered, worker="w")
        store.explanations.save(me, SLUG, Explanation("a", "b", "c"))
        store.reviews.note(me, "rita", NoteKind.HOLD, "Later.")
        store.shares.add(me, 7, with_name=True, author="rita")
        store.drafts.save(me, SLUG, DraftChange("app.py", "x = 1\n", 0))
    store.webhooks.test(actor="ada")
    # One that waits for a decision, with all that a page of one can have; and one that is not graded yet.
    regrade = store.regrades.begin(NewRegrade(SLUG, "sha256:before", "R1's test was wrong"), actor="rita")
    for number, waiting in enumerate(store.backlog.lost(queued_for_s=-1)):
        again = store.claims.take(waiting.grading_id, "w", ClaimPolicy(max_tries=1))
        assert again is not None
        better = grade_of(again).model_copy(update={"score": 100, "requirements": met(grade_of(again))})
        if number:
            store.claims.record_error(again, "the engine is away")
        else:
            assert store.claims.record_grade(again, better)
    origin = Origin(OTHER, "sha256:c", SourceKind.ARCHIVE, me)
    claim = platform.claim(store.submissions.add(Submission({"app.py": FIXED}), origin)[1])
    assert store.claims.record_grade(claim, grade_of(claim))
    running = store.regrades.begin(NewRegrade(OTHER, "sha256:c", "the engine is another"), actor="rita")
    names = {"source": record.id, "person": me, "submission": submission.id, "link": token.text}
    return names | {"regrade": regrade.id, "running": running.id}


def met(grade: Grade) -> list[GradedRequirement]:
    return [each.model_copy(update={"status": RequirementStatus.MET}) for each in grade.requirements]


@pytest.fixture(params=LOOKS, ids=["light-wide", "dark-phone"])
def context(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    scheme, width = request.param
    with browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}) as opened:
        yield opened


def _all_of(
    context: BrowserContext, address: str, paths: tuple[str, ...], names: dict[str, str]
) -> dict[str, list[str]]:
    page, found = context.new_page(), {}
    for path in paths:
        page.goto(address + path.format(**names))
        page.wait_for_load_state("networkidle")
        if violations := _found(page):
            found[path] = violations
    return found


def test_pages_for_anybody(platform: Platform, context: BrowserContext) -> None:
    with served(platform.app) as address:
        assert _all_of(context, address, PUBLIC, {}) == {}


def test_pages_of_the_desk(platform: Platform, context: BrowserContext) -> None:
    names, user = _names(platform), platform.user(Role.ADMIN, "ada@example.org")
    soon = datetime.now(UTC) + timedelta(days=1)
    platform.store.tokens.create(NewToken("export", Role.ADMIN, expires_at=soon, owner=user.id))
    with served(platform.app) as address:
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.get_by_label("Account").fill(user.account)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Sign out").wait_for()
        assert _all_of(context, address, DESK, names) == {}
        page.goto(f"{address}/account")
        form = page.locator("form", has=page.get_by_role("button", name="Make a token"))
        form.get_by_label("What it is for").fill("reports")
        form.get_by_label("Your password").fill(PASSWORD)
        form.get_by_role("button", name="Make a token").click()
        page.get_by_role("heading", name="Your token reports").wait_for()
        assert _found(page) == []
        assert page.get_by_label("Token").input_value().startswith("mbx_")


def test_pages_of_a_sign_in_by_a_provider(platform: Platform, context: BrowserContext) -> None:
    user = platform.user(Role.RECRUITER, "ada@example.org")
    made = platform.store.factors.begin(user, secret_keys(platform))
    confirmed = platform.store.factors.confirm(user, TOTP(made.secret).now(), secret_keys(platform))
    assert confirmed is not None
    with OpenIdServer() as server, served(platform.another_app(**server.settings())) as address:
        page = context.new_page()
        page.goto(f"{address}/sign-in?next=/account")
        assert _found(page) == []
        page.get_by_role("link", name="Sign in with Example Inc").click()
        code = page.get_by_label("Code of your authenticator app")
        code.wait_for()
        assert _found(page) == []
        code.fill(confirmed[1][0])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Unlink").wait_for()
        assert _found(page) == []


def test_pages_of_candidates(platform: Platform, context: BrowserContext) -> None:
    names = _names(platform)
    waiting = invited(platform, "Ken")
    with served(platform.app) as address:
        page = context.new_page()
        page.goto(f"{address}/start#{waiting.text}")
        page.get_by_text("What is kept of you").wait_for()
        assert _found(page) == []
        page.once("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/start")
        page.goto(f"{address}/start#{names['link']}")
        page.get_by_role("timer").wait_for()
        assert _all_of(context, address, WORK, names) == {}


def test_the_check_finds_what_is_wrong(platform: Platform, context: BrowserContext) -> None:
    with served(platform.app) as address:
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.evaluate(
            "document.querySelector('input[name=account]').parentElement.replaceWith("
            "document.querySelector('input[name=account]'))"
        )
        assert any(found.startswith("label:") for found in _found(page))
