"""Grading again what candidates sent: seen before it counts, and by nobody else until then."""

from __future__ import annotations

import html
import json
import re
from datetime import timedelta

import pytest

from api.regrading import Crossing, Stage, crossing_of, stage_of
from runner.submissions.model import Submission
from store.records import AuditFilter, IssuedToken, NewToken, Origin, Role, SourceKind
from store.regraded import NewRegrade, RegradeProgress, RegradeState
from store.states import ClaimPolicy
from tests.api.conftest import Platform, SignedIn
from tests.api.invited import ASSESSMENT, began, invited
from tests.api.sample import FIXED, OTHER, SLUG, grade_of
from tests.pages.links import by_link, statements_of

PART = {"HX-Request": "true"}


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def record_grade(platform: Platform, grading_id: str, score: int) -> None:
    claim = platform.store.claims.take(grading_id, "w")
    assert claim is not None
    assert platform.store.claims.record_grade(claim, grade_of(claim).model_copy(update={"score": score}))


def sent(platform: Platform, token: IssuedToken, score: int, challenge: str = SLUG) -> str:
    origin = Origin(challenge, "sha256:c", SourceKind.ARCHIVE, token.record.id)
    submission, grading = platform.store.submissions.add(Submission({"app.py": FIXED}), origin)
    record_grade(platform, grading.id, score)
    return submission.id


def alone(platform: Platform, name: str) -> IssuedToken:
    return platform.store.tokens.create(NewToken(name, Role.CANDIDATE, (SLUG,)))


def begun(platform: Platform, signed: SignedIn, **more: str) -> str:
    form = {"challenge": SLUG, "source": "", "reason": "R1's test was wrong"} | more
    answer = signed.client.post("/regrades", data=form, headers=signed.headers)
    assert answer.status_code == 303, plain(answer.text)
    return answer.headers["Location"]


def grade_held(platform: Platform, submission: str, score: int | None) -> None:
    """Grade what a regrade queued of a submission; None: the platform fails at it."""
    grading = platform.store.gradings.history(submission)[0]
    assert grading.regrade_id is not None
    if score is not None:
        return record_grade(platform, grading.id, score)
    claim = platform.store.claims.take(grading.id, "w", ClaimPolicy(max_tries=1))
    assert claim is not None
    platform.store.claims.record_error(claim, "the <engine> is away")
    return None


def test_an_empty_list_says_what_it_is_for_and_a_challenge_leads_to_it(platform: Platform) -> None:
    signed = platform.sign_in()
    text = signed.client.get("/regrades").text
    assert "Nothing was graded again so far." in text
    assert "<details open" in text
    assert f'href="/regrades?challenge={SLUG}"' in signed.client.get(f"/challenges/{SLUG}").text
    assert f'<option value="{SLUG}" selected>' in signed.client.get(f"/regrades?challenge={SLUG}").text
    engineer = platform.sign_in(Role.ENGINEER).client
    assert "/regrades" not in engineer.get(f"/challenges/{SLUG}").text + engineer.get("/challenges").text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"challenge": ""}, "Choose a challenge."),
        ({"challenge": "no-such"}, "Choose a challenge."),
        ({"source": "no-such"}, "There is no such assessment any more"),
        ({"source": "0" * 32}, "There is no such assessment any more"),
        ({"reason": " "}, "Say why"),
        ({"reason": "x" * 501}, "A reason may have 500 characters."),
    ],
)
def test_a_form_that_is_wrong_says_so_and_keeps_what_was_typed(
    platform: Platform, changed: dict[str, str], says: str
) -> None:
    sent(platform, alone(platform, "Ada"), 40)
    signed = platform.sign_in()
    form = {"challenge": SLUG, "source": "", "reason": "kept <as typed>"} | changed
    answer = signed.client.post("/regrades", data=form, headers=signed.headers)
    assert (answer.status_code, says in plain(answer.text)) == (422, True)
    if "reason" not in changed:
        assert "kept &lt;as typed&gt;" in answer.text
    if "challenge" not in changed:
        assert f'<option value="{SLUG}" selected>' in answer.text
    assert platform.store.regrades.page().items == ()


def test_what_cannot_be_graded_again_says_why(platform: Platform) -> None:
    signed = platform.sign_in()
    form = {"challenge": SLUG, "reason": "kept"}
    answer = signed.client.post("/regrades", data=form, headers=signed.headers)
    assert (answer.status_code, "Nothing that candidates sent has a grade" in answer.text) == (409, True)
    sent(platform, alone(platform, "Ada"), 40)
    begun(platform, signed)
    answer = signed.client.post("/regrades", data=form, headers=signed.headers)
    assert answer.status_code == 409
    assert "Another regrade of this challenge waits to be decided about: apply or drop it first." in answer.text


def test_its_page_follows_it_until_all_is_graded(platform: Platform) -> None:
    submission = sent(platform, alone(platform, "Ada"), 40)
    other = sent(platform, alone(platform, "Grace"), 40)
    signed = platform.sign_in()
    where = begun(platform, signed)
    grade_held(platform, submission, 90)
    text = signed.client.get(where).text
    assert "1 of 2 submissions graded again" in plain(text)
    assert f'hx-get="{where}/state"' in text
    assert "Drop it" in text
    assert "Apply it" not in text
    assert "40 → 90" not in text
    state = signed.client.get(f"{where}/state", headers=PART)
    assert ("1 of 2" in state.text, "HX-Refresh" in state.headers) == (True, False)
    too_soon = signed.client.post(f"{where}/apply", data={"reason": "now"}, headers=signed.headers)
    assert (too_soon.status_code, "1 submissions of it are not graded yet" in too_soon.text) == (409, True)
    grade_held(platform, other, 40)
    assert signed.client.get(f"{where}/state", headers=PART).headers["HX-Refresh"] == "true"
    assert signed.client.get(f"{where}/state").headers["Location"] == where
    listed = plain(signed.client.get("/regrades").text)
    assert "waits for you to apply or drop it" in listed
    assert "R1's test was wrong 2 of 2" in listed
    for nothing in ("0" * 32, "x"):
        assert signed.client.get(f"/regrades/{nothing}").status_code == 404


def test_who_crosses_the_pass_line_is_shown_first(platform: Platform) -> None:
    source = platform.store.assessments.add(ASSESSMENT, author="rita").id
    up, down, stays = (invited(platform, name, source=source) for name in ("Uma", "Don", "Sue"))
    solo = alone(platform, "Solo")
    scores = {up: (40, 90), down: (90, 20), stays: (90, 100), solo: (60, 70)}
    submissions = {}
    for token, (before, _) in scores.items():
        submissions[token.record.id] = sent(platform, token, before)
        if token is not solo:
            # The other challenge counts half as much: 2/3 of this and 1/3 of that, with a pass line of 60.
            sent(platform, token, 30, OTHER)
    signed = platform.sign_in()
    where = begun(platform, signed)
    for token, (_, after) in scores.items():
        grade_held(platform, submissions[token.record.id], after)
    text = plain(signed.client.get(where).text)
    for says in (
        "Get over the pass line 1",
        "Fall below it 1",
        "Another score 4",
        "The same score 0",
        "Don 90 → 20 70 → 23 60 passes no more",
        "Uma 40 → 90 37 → 70 60 passes",
        "Sue 90 → 100 70 → 77 60",
        "Solo 60 → 70 60 → 70 100",
        "Apply it",
    ):
        assert says in text, says
    assert text.index("Don ") < text.index("Uma ") < text.index("Solo ")
    (read, *_) = platform.store.audit.page(AuditFilter(action="grades.list")).items
    assert (read.deed.actor, len(read.deed.detail["tokens"])) == (signed.user.id, 4)


def test_of_one_assessment_only_its_candidates_are_graded_again(platform: Platform) -> None:
    source = platform.store.assessments.add(ASSESSMENT, author="rita").id
    sent(platform, invited(platform, "Uma", source=source), 40)
    sent(platform, alone(platform, "Solo"), 40)
    signed = platform.sign_in()
    text = signed.client.get(begun(platform, signed, source=source)).text
    assert "0 of 1 submission graded again" in plain(text)
    assert f'<a href="/assessments/{source}">{ASSESSMENT.title}</a>' in text


def test_what_failed_is_named_and_can_be_tried_again(platform: Platform) -> None:
    submission = sent(platform, alone(platform, "Ada"), 40)
    signed = platform.sign_in()
    where = begun(platform, signed)
    grade_held(platform, submission, None)
    text = signed.client.get(where).text
    assert "the &lt;engine&gt; is away" in text
    assert f'href="/submissions/{submission}"' in text
    assert "Apply it" not in text, "there is nothing to apply"
    refused = signed.client.post(f"{where}/apply", data={"reason": "x"}, headers=signed.headers)
    assert (refused.status_code, "Nothing of it has a grade" in refused.text) == (409, True)
    assert "the &lt;engine&gt;" not in platform.sign_in(Role.ADMIN).client.get("/workshop").text
    assert signed.client.post(f"{where}/retry", headers=signed.headers).headers["Location"] == where
    again = signed.client.post(f"{where}/retry", headers=signed.headers)
    assert (again.status_code, "The platform failed at none of it" in again.text) == (409, True)
    grade_held(platform, submission, 70)
    assert "40 → 70" in plain(signed.client.get(where).text)


@pytest.mark.parametrize(("deed", "score"), [("apply", 90), ("drop", 40)])
def test_it_is_decided_once_with_a_reason(platform: Platform, deed: str, score: int) -> None:
    ada = alone(platform, "Ada")
    submission = sent(platform, ada, 40)
    signed = platform.sign_in()
    where = begun(platform, signed)
    grade_held(platform, submission, 90)
    for reason, says in (("", "Say why"), ("y" * 501, "A reason may have 500 characters.")):
        answer = signed.client.post(f"{where}/{deed}", data={"reason": reason}, headers=signed.headers)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert "y" * 501 in answer.text
    done = signed.client.post(f"{where}/{deed}", data={"reason": "looked at <all>"}, headers=signed.headers)
    assert (done.status_code, done.headers["Location"]) == (303, where)
    text = signed.client.get(where).text
    assert "looked at &lt;all&gt;" in text
    assert "Decide" not in text
    assert "40 → 90" in plain(text)
    assert ("What it changed" if deed == "apply" else "What it would have changed") in text
    again = signed.client.post(f"{where}/drop", data={"reason": "x"}, headers=signed.headers)
    assert again.status_code == 409
    assert "already" in again.text
    assert platform.store.submissions.best_scores({ada.record.id}) == {ada.record.id: {SLUG: score}}
    (audited,) = platform.store.audit.page(AuditFilter(action=f"regrade.{deed}")).items
    assert (audited.deed.actor, audited.deed.detail["reason"]) == (signed.user.id, "looked at <all>")


def test_old_and_new_grades_stand_on_the_submissions_page_with_which_one_counts(platform: Platform) -> None:
    submission = sent(platform, alone(platform, "Ada"), 40)
    signed = platform.sign_in()
    where = begun(platform, signed)
    grade_held(platform, submission, 90)
    address = f"/submissions/{submission}"

    def rows() -> list[str]:
        found = signed.client.get(address).text.partition('id="attempts"')[2]
        return [plain(row) for row in re.findall(r"<tr>.*?</tr>", found, re.DOTALL)[1:]]

    before = rows()
    assert "a regrade of many" in before[0]
    assert f'href="{where}"' in signed.client.get(address).text
    assert ["counts" in row for row in before] == [False, True]
    alone_ = signed.client.post(f"{address}/regrade", headers=signed.headers)
    assert (alone_.status_code, "apply or drop that regrade first" in alone_.text) == (409, True)
    assert signed.client.post(f"{where}/apply", data={"reason": "x"}, headers=signed.headers).status_code == 303
    assert ["counts" in row for row in rows()] == [True, False]
    assert '90<span class="quiet"> of 100' in signed.client.get(address).text


def test_a_challenge_that_has_changed_meanwhile_is_warned_of(platform: Platform) -> None:
    submission = sent(platform, alone(platform, "Ada"), 40)
    made = platform.store.regrades.begin(NewRegrade(SLUG, "sha256:another", "x"), actor="x")
    grade_held(platform, submission, 90)
    client = platform.sign_in().client
    assert "has changed since this was begun" in client.get(f"/regrades/{made.id}").text
    platform.store.regrades.drop(made.id, "x", actor="x")
    assert "has changed since" not in client.get(f"/regrades/{made.id}").text


def everything_seen(platform: Platform, token: IssuedToken, submission: str) -> dict[str, str]:
    """All that a candidate can get of a submission, through pages, API, event stream and files."""
    client, _ = by_link(platform, token)
    as_program = {"Authorization": f"Bearer {token.text}"}
    paths = ("/work", f"/work/{SLUG}", f"/work/attempts/{submission}", "/work/everything.json")
    seen = {path: client.get(path).text for path in paths}
    seen["state"] = client.get(f"/work/attempts/{submission}/state", headers=PART).text
    for path in (
        f"/api/v1/submissions/{submission}",
        "/api/v1/submissions",
        f"/api/v1/submissions/{submission}/events",
    ):
        with platform.client.get(path, headers=as_program) as answer:
            seen[path] = answer.text
    # What differs from one look to the next: tokens of forms and keys, the clock, when the link was used.
    moves = r'X-CSRF-Token[^}]+|name="key" value="[^"]+"|data-seconds-left="\d+"|(?<=>)[^<]*(?=</span> left)'
    seen = {path: re.sub(moves, "", text) for path, text in seen.items()}
    stored = json.loads(seen["/work/everything.json"])
    del stored["candidate"]["last_seen_at"], stored["invitation"]
    return seen | {"/work/everything.json": json.dumps(stored)}


@pytest.mark.parametrize("ends", ["waits", "runs", "is graded", "failed", "is dropped"])
def test_a_candidate_sees_nothing_of_a_regrade_that_is_not_applied(platform: Platform, ends: str) -> None:
    token = invited(platform)
    began(platform, token, ago=timedelta(minutes=20))
    submission = sent(platform, token, 40)
    before = everything_seen(platform, token, submission)
    assert "40" in before[f"/work/attempts/{submission}"]
    regrade = platform.store.regrades.begin(NewRegrade(SLUG, "sha256:c", "x"), actor="x")
    if ends == "runs":
        platform.claim(platform.store.gradings.history(submission)[0])
    elif ends == "is dropped":
        grade_held(platform, submission, 97)
        platform.store.regrades.drop(regrade.id, "x", actor="x")
    elif ends != "waits":
        grade_held(platform, submission, None if ends == "failed" else 97)
    assert everything_seen(platform, token, submission) == before


def test_a_candidate_sees_what_is_applied(platform: Platform) -> None:
    token = invited(platform)
    began(platform, token, ago=timedelta(minutes=20))
    submission = sent(platform, token, 40)
    regrade = platform.store.regrades.begin(NewRegrade(SLUG, "sha256:c", "x"), actor="x")
    grade_held(platform, submission, 97)
    platform.store.regrades.apply(regrade.id, "x", actor="x")
    seen = everything_seen(platform, token, submission)
    for place in (f"/work/attempts/{submission}", f"/api/v1/submissions/{submission}", "/work/everything.json"):
        assert "97" in seen[place], place
    assert '"score":97' in seen[f"/api/v1/submissions/{submission}/events"].replace(" ", "")


def test_assessors_lists_and_files_go_by_what_counts(platform: Platform) -> None:
    source = platform.store.assessments.add(ASSESSMENT, author="rita").id
    token = invited(platform, source=source)
    submission = sent(platform, token, 41)
    signed = platform.sign_in()
    where = begun(platform, signed)
    grade_held(platform, submission, 97)
    places = (
        "/submissions",
        f"/people/{token.record.id}",
        f"/assessments/{source}",
        f"/assessments/{source}/candidates.csv",
        f"/assessments/{source}/compare",
        f"/people/{token.record.id}/everything.json",
    )
    scores = [re.compile(rf"(?<![\w.]){score}(?!\w)") for score in (41, 97)]

    def shown() -> dict[str, tuple[bool, ...]]:
        found = {}
        for place in places:
            text = signed.client.get(place).text
            text = text if place.endswith(".json") else plain(text)
            found[place] = tuple(bool(score.search(text)) for score in scores)
        return found

    assert shown() == dict.fromkeys(places, (True, False))
    signed.client.post(f"{where}/apply", data={"reason": "x"}, headers=signed.headers)
    assert shown() == dict.fromkeys(places, (False, True))


def test_more_candidates_take_no_more_queries(platform: Platform) -> None:
    signed = platform.sign_in()

    def asked(count: int) -> int:
        source = platform.store.assessments.add(ASSESSMENT, author="rita").id
        tokens = [invited(platform, f"Person {number}", source=source) for number in range(count)]
        submissions = [sent(platform, token, 40) for token in tokens]
        where = begun(platform, signed, source=source)
        grade_held(platform, submissions[0], None)
        for submission in submissions[1:]:
            grade_held(platform, submission, 90)
        found = statements_of(platform, lambda: signed.client.get(where))
        done = signed.client.post(f"{where}/drop", data={"reason": "x"}, headers=signed.headers)
        assert done.status_code == 303
        return found

    signed.client.get("/regrades")
    few = asked(2)
    listed = statements_of(platform, lambda: signed.client.get("/regrades"))
    assert asked(9) == few > 0
    assert statements_of(platform, lambda: signed.client.get("/regrades")) == listed > 0


@pytest.mark.parametrize(
    ("before", "after", "crossing"),
    [
        (59, 60, Crossing.UP),
        (60, 59, Crossing.DOWN),
        (60, 100, Crossing.NONE),
        (0, 59, Crossing.NONE),
        (60, 60, Crossing.NONE),
    ],
)
def test_whoever_is_on_the_line_has_reached_it(before: int, after: int, crossing: Crossing) -> None:
    assert crossing_of(before, after, 60) is crossing


def test_a_regrade_is_ready_once_nothing_of_it_is_to_be_graded() -> None:
    assert stage_of(RegradeState.OPEN, RegradeProgress(waiting=1)) is Stage.PREPARING
    assert stage_of(RegradeState.OPEN, RegradeProgress(running=1, graded=3)) is Stage.PREPARING
    assert stage_of(RegradeState.OPEN, RegradeProgress(graded=3, failed=1)) is Stage.READY
    assert stage_of(RegradeState.APPLIED, RegradeProgress(graded=3)) is Stage.APPLIED
    assert stage_of(RegradeState.DROPPED, RegradeProgress(waiting=1)) is Stage.DROPPED
