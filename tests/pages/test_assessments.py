"""A recruiter composes an assessment, invites a list of people, and sees where they stand."""

from __future__ import annotations

import csv
import html
import io
import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from werkzeug.test import TestResponse

from api.invitees import MOST_PEOPLE
from runner.assessments.model import CandidatesSee
from runner.submissions.model import Submission
from store.records import AuditFilter, Origin, Role, SourceKind
from tests.api.conftest import Platform, SignedIn
from tests.api.invited import ASSESSMENT, began, invited
from tests.api.sample import FIX_ZIP, FIXED, OTHER, SLUG, grade_of
from tests.pages.links import by_link, statements_of

COMPOSED = {
    "title": "Backend <developer>",
    "summary": "Two apps.",
    "pass_line": "60",
    "attempts": "3",
    f"challenge-{SLUG}": "1",
    f"weight-of-{SLUG}": "2",
    f"challenge-{OTHER}": "1",
}


def _compose(signed: SignedIn, **changed: str) -> TestResponse:
    return signed.client.post("/assessments", data=COMPOSED | changed, headers=signed.headers)


def _composed(signed: SignedIn) -> str:
    answer = _compose(signed)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"]).rpartition("/")[2]


def _invite(signed: SignedIn, source: str, **fields: Any) -> TestResponse:
    data = {"people": "Ada, A-1\nGrace, A-2, 30", "days": "14"} | fields
    return signed.client.post(
        f"/assessments/{source}/invite", data=data, headers=signed.headers, content_type="multipart/form-data"
    )


def _links(text: str) -> dict[str, str]:
    found = re.findall(r'value="([^"]+)" readonly data-select-all aria-label="Link of ([^"]+)"', text)
    return {html.unescape(name): html.unescape(link) for link, name in found}


def test_it_is_composed_as_the_form_says(platform: Platform) -> None:
    signed = platform.sign_in()
    source = _composed(signed)
    kept = platform.store.assessments.get(source)
    assert kept.author == signed.user.id
    assert (kept.assessment.title, kept.assessment.pass_line, kept.assessment.attempts) == (
        "Backend <developer>",
        60,
        3,
    )
    assert [(each.slug, each.weight) for each in kept.assessment.challenges] == [(OTHER, 1), (SLUG, 2)]
    # Both are of one area, which has all the points.
    assert {area.value: weight for area, weight in kept.assessment.weights.items()} == {"practical": 100}
    text = signed.client.get(f"/assessments/{source}").text
    assert "Backend &lt;developer&gt;" in text
    assert "40 minutes" in text
    assert "Backend &lt;developer&gt;" in signed.client.get("/assessments").text


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"title": ""}, "Title: it is missing."),
        ({"pass_line": "0"}, "Pass line: should be greater than or equal to 1."),
        ({"attempts": "x"}, "Attempts: should be a valid integer"),
        ({"minutes": "10"}, "Minutes: is 10, and one of its challenges alone takes 20; give more, or leave it out."),
        ({f"weight-of-{SLUG}": "1000"}, "Weight of A greeter that greets nobody: should be less than or equal to 100."),
        ({"area-practical": "60"}, "Weights: add up to 60, they must add up to 100."),
        ({"area-practical": "60", "area-core": "40"}, "Weights: core is 40, and no challenge here is of that area"),
        ({"area-core": "100"}, "is of the area practical, which weighs nothing here"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_filled_in_stays(
    platform: Platform, changed: dict[str, str], says: str
) -> None:
    answer = _compose(platform.sign_in(), **changed)
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)
    assert "Two apps.</textarea>" in answer.text
    assert f'name="challenge-{SLUG}" value="1" checked>' in answer.text
    assert platform.store.assessments.page().items == ()


def test_what_candidates_see_is_chosen_and_said(platform: Platform) -> None:
    signed = platform.sign_in()
    made = _compose(signed, candidates_see="score")
    where = made.headers["Location"]
    kept = platform.store.assessments.get(where.rpartition("/")[2])
    assert kept.assessment.candidates_see is CandidatesSee.SCORE
    assert "<dt>Candidates see</dt><dd>score alone</dd>" in signed.client.get(where).text
    assert "and not which requirements" in signed.client.get(f"{where}/preview").text
    again = signed.client.get(f"/assessments/new?like={kept.id}").text
    assert '<option value="score" selected>' in again
    wrong = _compose(signed, candidates_see="everything")
    assert (wrong.status_code, "What candidates see" in wrong.text) == (422, True)


def test_none_is_composed_of_nothing(platform: Platform) -> None:
    signed = platform.sign_in()
    fields = {"title": "x", "summary": "y", "pass_line": "60", "attempts": "3"}
    answer = signed.client.post("/assessments", data=fields, headers=signed.headers)
    assert (answer.status_code, "Choose at least one challenge." in answer.text) == (422, True)


def test_another_like_it_begins_with_what_that_has(platform: Platform) -> None:
    signed = platform.sign_in()
    text = signed.client.get(f"/assessments/new?like={_composed(signed)}").text
    assert 'value="Backend &lt;developer&gt;"' in text
    assert f'name="weight-of-{SLUG}" value="2"' in text
    assert signed.client.get("/assessments/new?like=nothing").status_code == 404


def test_each_of_a_list_gets_a_link_of_their_own(platform: Platform) -> None:
    signed = platform.sign_in()
    source = _composed(signed)
    answer = _invite(signed, source, opens_at="2027-12-02T09:30")
    assert answer.status_code == 200, answer.text
    links = _links(answer.text)
    assert set(links) == {"Ada", "Grace"}
    tokens = {name: platform.store.tokens.find(link.partition("#")[2]) for name, link in links.items()}
    ada, grace = tokens["Ada"], tokens["Grace"]
    assert ada is not None
    assert grace is not None
    assert (ada.candidate, ada.role, set(ada.challenges)) == ("A-1", Role.CANDIDATE, {SLUG, OTHER})
    record = platform.store.invitations.of(grace.id)
    assert record is not None
    assert (record.source, record.minutes, record.extra_minutes) == (source, 40, 30)
    assert f"{record.opens_at:%Y-%m-%d %H:%M}" == "2027-12-02 09:30"
    # The days count from when it opens, and whoever begins at the last moment has all of their time.
    assert record.closes_at is not None
    assert f"{record.closes_at:%Y-%m-%d %H:%M}" == "2027-12-16 09:30"
    assert grace.expires_at == record.closes_at + timedelta(days=3, minutes=70)
    file = re.search(r'href="data:text/csv;charset=utf-8,([^"]+)" download', answer.text)
    assert file is not None
    rows = list(csv.reader(io.StringIO(unquote(html.unescape(file[1])).removeprefix("\ufeff"))))
    assert rows[1:] == [["Ada", "A-1", links["Ada"]], ["Grace", "A-2", links["Grace"]]]
    listed = signed.client.get(f"/assessments/{source}").text
    assert "Grace" in listed
    assert "#mbx_" not in listed
    assert platform.store.audit.page(AuditFilter(action="token.create")).items[0].deed.actor == signed.user.id


def test_a_file_of_people_is_as_good(platform: Platform) -> None:
    signed = platform.sign_in()
    file = (io.BytesIO("Name;Reference\r\nÄda;A-1\r\n".encode("utf-8-sig")), "people.csv")
    answer = _invite(signed, _composed(signed), people="Name\nGrace", file=file)
    assert set(_links(answer.text)) == {"Äda", "Grace"}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"people": " "}, "Write a name at least."),
        ({"people": "Ada\n,x\nGrace,y,z"}, "Line 2: the name is missing."),
        ({"days": "0"}, "It may be begun within 1 to 365 days."),
        ({"opens_at": "soon"}, "The time to begin at can't be read."),
        ({"opens_at": "9999-12-31T23:59"}, "The time to begin at must be within 2 years."),
        ({"opens_at": "0001-01-01T00:00+14:00"}, "The time to begin at must be within 2 years."),
        ({"file": (io.BytesIO(b"\xff\xfe\x00"), "people.csv")}, "The file is not UTF-8 text."),
        ({"file": (io.BytesIO(b"x\n" * MOST_PEOPLE), "people.csv")}, "These are 202 people, and 200 may be invited"),
    ],
)
def test_where_one_is_wrong_nobody_is_invited(platform: Platform, fields: dict[str, Any], says: str) -> None:
    signed = platform.sign_in()
    source = _composed(signed)
    answer = _invite(signed, source, **fields)
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)
    assert platform.store.invitations.page(source).items == ()


def test_nobody_is_invited_to_what_is_archived_or_can_not_be_used(platform: Platform) -> None:
    signed = platform.sign_in()
    source = _composed(signed)
    token = _links(_invite(signed, source).text)["Ada"].partition("#")[2]
    assert signed.client.post(f"/assessments/{source}/archive", headers=signed.headers).status_code == 303
    # One of a file whose challenges are not here.
    for closed in (source, "mid-backend"):
        answer = _invite(signed, closed)
        assert (answer.status_code, "Nobody can be invited" in answer.text) == (422, True)
    assert "there is no challenge n-plus-one" in signed.client.get("/assessments/mid-backend").text
    assert "Backend &lt;developer&gt;" not in signed.client.get("/assessments").text
    archived = signed.client.get("/assessments?archived=1").text
    assert f"/assessments/{source}" in archived
    assert "mid-backend" not in archived
    # Whoever was invited goes on.
    assert platform.store.tokens.find(token) is not None
    assert signed.client.post("/assessments/mid-backend/archive", headers=signed.headers).status_code == 404
    assert signed.client.get("/assessments/nothing").status_code == 404


def test_the_table_says_where_everybody_stands(platform: Platform) -> None:
    signed = platform.sign_in()
    source = _composed(signed)
    links = _links(_invite(signed, source, people="Ada\nGrace\nLinus\nKen").text)
    tokens = {name: platform.store.tokens.find(link.partition("#")[2]) for name, link in links.items()}
    ids = {name: token.id for name, token in tokens.items() if token is not None}
    for name in ("Ada", "Linus", "Ken"):
        platform.store.invitations.begin(ids[name])
    platform.store.tokens.revoke(ids["Ken"])

    def row(name: str) -> str:
        text = signed.client.get(f"/assessments/{source}/candidates", headers={"HX-Request": "true"}).text
        (found,) = [part for part in text.split("<tr>") if f">{name}</a>" in part]
        return " ".join(re.sub(r"<[^>]+>", " ", found).split())

    assert row("Grace").startswith("Grace not begun")
    assert "at work, 40 min left" in row("Ada")
    assert "link ended" in row("Ken")
    _submit(platform, ids["Linus"], grade=False)
    assert "stands still while the platform works" in row("Linus")
    _submit(platform, ids["Ada"], grade=True)
    assert re.search(r"\d+ passed|\b\d+$", row("Ada"))
    assert signed.client.get(f"/assessments/{source}/candidates").status_code == 303
    read = platform.store.audit.page(AuditFilter(action="grades.list")).items
    assert [entry.deed.detail for entry in read] == [{"tokens": [ids["Ada"]]}]


def _submit(platform: Platform, token_id: str, *, grade: bool) -> None:
    origin = Origin(SLUG, "sha256:c", SourceKind.ARCHIVE, token_id)
    _, grading = platform.store.submissions.add(Submission({"app.py": FIXED}), origin)
    if grade:
        claim = platform.claim(grading)
        assert platform.store.claims.record_grade(claim, grade_of(claim))


def test_a_table_of_many_takes_as_many_queries_as_one_of_few(platform: Platform) -> None:
    signed = platform.sign_in()
    few, many = _composed(signed), _composed(signed)
    for source, count in ((few, 2), (many, 40)):
        names = [f"Person {number}" for number in range(count)]
        for link in _links(_invite(signed, source, people="\n".join(names)).text).values():
            token = platform.store.tokens.find(link.partition("#")[2])
            assert token is not None
            platform.store.invitations.begin(token.id)
            _submit(platform, token.id, grade=True)
    counts = []
    for source in (few, many):
        signed.client.get(f"/assessments/{source}")
        counts.append(statements_of(platform, lambda source=source: signed.client.get(f"/assessments/{source}")))  # type: ignore[misc]
    assert counts[0] == counts[1]


def test_a_recruiter_sees_what_candidates_see_first(platform: Platform) -> None:
    signed = platform.sign_in()
    text = signed.client.get(f"/assessments/{_composed(signed)}/preview").text
    assert "This is what candidates see before they begin." in text
    assert "Backend &lt;developer&gt;" in text
    assert "<button disabled>" in text


def test_one_persons_page_has_their_time_and_score(platform: Platform) -> None:
    token = invited(platform)
    began(platform, token, ago=timedelta(minutes=30))
    _submit(platform, token.record.id, grade=True)
    signed = platform.sign_in()
    where = f"/people/{token.record.id}"
    text = signed.client.get(where).text
    assert ASSESSMENT.title in text
    assert "at work, 1 h 00 min left" in text
    assert "Not there yet, and counted as nothing" in text
    assert 'href="/submissions/' in text
    given = {"extra_minutes": "45", "reason": "a power cut"}
    assert signed.client.post(f"{where}/time", data=given, headers=signed.headers).status_code == 303
    assert "at work, 1 h 45 min left" in signed.client.get(where).text
    (deed,) = platform.store.audit.page(AuditFilter(action="invitation.allow")).items
    assert (deed.deed.actor, deed.deed.detail["reason"]) == (signed.user.id, "a power cut")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"extra_minutes": "-5", "reason": "x"}, "Extra minutes must be a number from 0 to 1440."),
        ({"extra_minutes": "5", "reason": " "}, "Give a reason, in at most 200 characters."),
        ({"extra_minutes": "", "reason": "x"}, "Say how many minutes."),
    ],
)
def test_extra_time_without_a_number_or_a_reason_is_refused(
    platform: Platform, fields: dict[str, str], says: str
) -> None:
    token, signed = invited(platform), platform.sign_in()
    answer = signed.client.post(f"/people/{token.record.id}/time", data=fields, headers=signed.headers)
    assert (answer.status_code, says in answer.text) == (422, True)


def test_only_candidates_are_people(platform: Platform) -> None:
    signed, admin = platform.sign_in(), platform.tokens[Role.ADMIN].record.id
    for path in (f"/people/{admin}", "/people/nobody"):
        assert signed.client.get(path).status_code == 404
    time = {"extra_minutes": "5", "reason": "x"}
    single = platform.tokens[Role.CANDIDATE].record.id
    assert signed.client.post(f"/people/{single}/time", data=time, headers=signed.headers).status_code == 404
    text = signed.client.get(f"/people/{single}").text
    assert "Extra time" not in text


def test_a_candidate_begins_and_their_clock_runs(platform: Platform) -> None:
    token = invited(platform)
    client, proof = by_link(platform, token)
    welcome = client.get("/work").text
    assert "90 minutes" in welcome
    assert "What is kept of you" in welcome
    assert "data-seconds-left" not in welcome
    assert client.get(f"/work/{SLUG}").headers["Location"] == "/work"
    refused = client.post("/work/begin", headers=proof, content_type="application/x-www-form-urlencoded")
    assert (refused.status_code, "Say that you agree first." in refused.text) == (422, True)
    assert client.post("/work/begin", data={"consent": "1"}, headers=proof).status_code == 303
    work = client.get("/work").text
    assert re.search(r'data-seconds-left="5(400|39\d)"', work)
    assert work.count("2 attempts left") == 2
    assert "data-seconds-left" in client.get(f"/work/{SLUG}").text
    assert client.post("/work/begin", data={"consent": "1"}, headers=proof).status_code == 303
    clock = client.get("/work/clock", headers={"HX-Request": "true"})
    assert "1 h 30 min" in clock.text
    assert client.get("/work/clock").status_code == 303


def test_after_the_end_there_is_no_form_and_what_was_open_says_so(platform: Platform) -> None:
    token = invited(platform)
    client, proof = by_link(platform, token)
    began(platform, token, ago=timedelta(minutes=91))
    task = client.get(f"/work/{SLUG}").text
    assert "Your time is over" in task
    assert 'type="file"' not in task
    late = client.post(f"/work/{SLUG}", data={"file": (io.BytesIO(FIX_ZIP), "fix.zip")}, headers=proof)
    assert (late.status_code, "Your time was over at" in late.text) == (403, True)


def test_when_all_attempts_are_made_there_is_no_form(platform: Platform) -> None:
    token = invited(platform)
    platform.store.invitations.begin(token.record.id)
    for _ in range(2):
        _submit(platform, token.record.id, grade=True)
    client, _ = by_link(platform, token)
    assert "All attempts at this challenge are made." in client.get(f"/work/{SLUG}").text
    assert "0 attempts left" in client.get("/work").text


def test_whoever_comes_too_early_is_told_when_to_come(platform: Platform) -> None:
    client, proof = by_link(platform, invited(platform, opens_in=timedelta(days=1)))
    text = client.get("/work").text
    assert "You can begin from" in text
    assert "Begin: my time runs" not in text
    assert client.post("/work/begin", data={"consent": "1"}, headers=proof).status_code == 409


def test_a_link_to_single_challenges_has_no_clock(platform: Platform) -> None:
    client, proof = by_link(platform)
    assert "data-seconds-left" not in client.get("/work").text
    assert client.post("/work/begin", data={"consent": "1"}, headers=proof).status_code == 404
    assert client.get("/work/clock", headers={"HX-Request": "true"}).status_code == 303


def test_the_editor_has_the_clock_and_sends_nothing_after_the_end(platform: Platform) -> None:
    token = invited(platform)
    client, proof = by_link(platform, token)
    assert client.get(f"/work/{SLUG}/editor").headers["Location"] == "/work"
    began(platform, token, ago=timedelta(minutes=89))
    assert "data-seconds-left" in client.get(f"/work/{SLUG}/editor").text
    kept = {"path": "app.py", "revision": "0", "text": (io.BytesIO(FIXED), "text")}
    assert client.post(f"/work/{SLUG}/draft", data=kept, headers=proof).status_code == 200
    changes = client.get(f"/work/{SLUG}/changes").text
    assert "2 attempts left" in changes
    fields = dict(re.findall(r'name="(key|seen)" value="([^"]+)"', changes))
    began(platform, token, ago=timedelta(minutes=91))
    late = client.post(f"/work/{SLUG}/send-draft", data=fields, headers=proof)
    assert (late.status_code, "Your time was over" in late.text) == (403, True)
    assert "Your time is over" in client.get(f"/work/{SLUG}/changes").text
    # What is written is kept all the same: somebody may be given more time.
    kept = {"path": "app.py", "revision": "1", "text": (io.BytesIO(FIXED + b"#\n"), "text")}
    assert client.post(f"/work/{SLUG}/draft", data=kept, headers=proof).status_code == 200


def test_candidates_of_a_file_that_is_gone_are_still_there(platform: Platform) -> None:
    token, signed = invited(platform, "Ada Lovelace"), platform.sign_in()
    text = signed.client.get("/assessments/backend").text
    assert "backend.toml" in html.unescape(text)
    assert "Ada Lovelace" in text
    assert "Invite people" not in text
    assert signed.client.get("/assessments/backend/candidates.csv").status_code == 200
    assert f'href="/people/{token.record.id}"' in text


def test_scores_stand_under_their_challenges_whatever_became_of_the_assessment(platform: Platform) -> None:
    token, signed = invited(platform), platform.sign_in()
    turned = ASSESSMENT.model_copy(update={"challenges": ASSESSMENT.challenges[::-1]})
    other = invited(platform, "Grace", assessment=turned)
    for each in (token, other):
        platform.store.invitations.begin(each.record.id)
        _submit(platform, each.record.id, grade=True)
    text = signed.client.get("/assessments/backend").text
    rows = [part for part in text.split("<tr>") if "/people/" in part]
    cells = [re.findall(r'<td class="number">([^<]*)', row) for row in rows]
    assert cells[0] == cells[1]
    assert cells[0].count("–") == 1


def test_whose_time_is_over_has_more_of_it_from_now_on(platform: Platform) -> None:
    token, signed = invited(platform), platform.sign_in()
    began(platform, token, ago=timedelta(days=9))
    where = f"/people/{token.record.id}"
    given = {"extra_minutes": "20", "reason": "a power cut"}
    assert signed.client.post(f"{where}/time", data=given, headers=signed.headers).status_code == 303
    assert re.search(r"at work, (20|21) min left", signed.client.get(where).text)
    platform.store.tokens.revoke(token.record.id)
    late = signed.client.post(f"{where}/time", data=given, headers=signed.headers)
    assert (late.status_code, "Invite them again" in late.text) == (422, True)
