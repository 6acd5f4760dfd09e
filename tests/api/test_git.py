"""The routes that git calls, called without git: who may, what is refused how, and what is kept of it."""

from __future__ import annotations

import base64
import gzip
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api import events
from api.auth import basic_token
from api.git import routes
from api.git.lines import FLUSH, line, read_line
from api.git.protocol import MAIN, NOTHING
from runner.limits import MIB, SubmissionLimits
from runner.packages.loader import load_package
from runner.submissions.git_starter import Repository, starter_repository
from store.errors import NotFound, StoreUnavailable
from store.records import AuditFilter, Role, SubmissionFilter
from tests.api.conftest import Platform
from tests.api.sample import ASSESSORS_ONLY, FIXED, SLUG, STARTER, grade_of

URL = f"/git/{SLUG}.git"
REFS, FETCH, PUSH = f"{URL}/info/refs", f"{URL}/git-upload-pack", f"{URL}/git-receive-pack"
TOKEN = "mbx_" + "a" * 43
CAPABILITIES = "report-status side-band-64k"


def _basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def _by(platform: Platform, role: Role, user: str = "git") -> dict[str, str]:
    return {"Authorization": _basic(f"{user}:{platform.tokens[role].text}")}


def _starter(platform: Platform) -> Repository:
    return starter_repository(SLUG, load_package(platform.settings.challenges / SLUG).starter)


def _fixed(**files: bytes) -> Repository:
    return starter_repository(SLUG, {**STARTER, "app.py": FIXED, **files})


def _pushed(made: Repository, capabilities: str = CAPABILITIES, *, ref: str = MAIN) -> bytes:
    return line(f"{NOTHING} {made.head} {ref}\0{capabilities}".encode()) + FLUSH + made.pack


def _push(platform: Platform, body: bytes, role: Role = Role.CANDIDATE, coding: str = "identity") -> TestResponse:
    answer = platform.client.post(
        PUSH,
        data=body,
        content_type="application/x-git-receive-pack-request",
        headers={**_by(platform, role), "Content-Encoding": coding},
    )
    answer.get_data()
    answer.close()  # its stream is free again
    return answer


def _bands(answer: TestResponse) -> tuple[list[str], list[str]]:
    """What a person is shown, and the report."""
    assert answer.status_code == 200, answer.text
    parts = {1: b"", 2: b""}
    data, at = answer.get_data(), 0
    while (read := read_line(data, at))[0] is not None:
        said, after = read
        parts[data[at + 4]] += data[at + 5 : after]
        at = after
    reported: list[str] = []
    at = 0
    while at < len(parts[1]) and (read := read_line(parts[1], at))[0] is not None:
        said, at = read
        assert said is not None
        reported.append(said.decode())
    return parts[2].decode().splitlines(), reported


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "WAIT_S", 0.0)


def _grade_all(platform: Platform) -> None:
    for item in platform.store.submissions.page(SubmissionFilter()).items:
        claim = platform.claim(platform.store.gradings.latest(item.submission.id))
        assert platform.store.claims.record_grade(claim, grade_of(claim))


def _count(platform: Platform) -> int:
    return len(platform.store.submissions.page(SubmissionFilter()).items)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        (_basic(f"ada:{TOKEN}"), TOKEN),
        (_basic(f":{TOKEN}"), TOKEN),
        (_basic(f"ada:{TOKEN}").replace("Basic", "bAsIc"), TOKEN),
        (_basic(f"{TOKEN}:"), None),
        (_basic(TOKEN), None),
        (_basic(f"a:b:{TOKEN}"), None),
        (_basic("ada:secret"), None),
        (_basic(f"{'a' * 2000}:{TOKEN}"), None),
        (f"Bearer {TOKEN}", None),
        ("Basic !!!!", None),
        ("Basic /w==", None),
        ("Basic é", None),
        ("Basic", None),
        ("", None),
        (None, None),
    ],
)
def test_a_token_is_the_password_and_nothing_else(header: str | None, token: str | None) -> None:
    assert basic_token(header) == token


@pytest.mark.parametrize("sent", [{}, {"Authorization": _basic(f"ada:{TOKEN}")}, {"Authorization": f"Bearer {TOKEN}"}])
def test_without_a_token_git_is_told_to_ask_for_a_password(platform: Platform, sent: dict[str, str]) -> None:
    answer = platform.client.get(f"{REFS}?service=git-upload-pack", headers=sent)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Basic realm="mendbox"'
    assert answer.content_type == "text/plain; charset=utf-8"
    assert "the password is your token" in answer.text


def test_a_password_opens_nothing_else(platform: Platform) -> None:
    assert platform.client.get("/api/v1/me", headers=_by(platform, Role.ADMIN)).status_code == 401


def test_a_cookie_is_nobody_here(platform: Platform) -> None:
    signed = platform.sign_in(Role.ADMIN)
    asked = f"{REFS}?service=git-receive-pack"
    assert signed.client.get(asked, headers=signed.headers).status_code == 401
    assert signed.client.get(asked, headers=_by(platform, Role.CANDIDATE)).status_code == 200


def test_a_token_in_the_url_is_refused(platform: Platform) -> None:
    text = platform.tokens[Role.CANDIDATE].text
    answer = platform.client.get(f"{REFS}?service={text}", headers=_by(platform, Role.CANDIDATE))
    assert answer.status_code == 400
    assert text not in answer.text


@pytest.mark.parametrize("query", ["", "?service=git-upload-archive", "?service="])
def test_only_the_smart_protocol_is_spoken(platform: Platform, query: str) -> None:
    answer = platform.client.get(REFS + query, headers=_by(platform, Role.CANDIDATE))
    assert (answer.status_code, answer.content_type) == (403, "text/plain; charset=utf-8")
    assert "smart" in answer.text


def test_forms_of_a_browser_are_no_git(platform: Platform) -> None:
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        answer = platform.client.post(
            PUSH, data=_pushed(_fixed()), content_type=kind, headers=_by(platform, Role.CANDIDATE)
        )
        assert answer.status_code == 415
    assert _count(platform) == 0


def test_a_clone_is_audited_and_another_starter_is_not_given(platform: Platform) -> None:
    def fetch(head: str, end: bytes = line(b"done\n")) -> bytes:
        return platform.client.post(
            FETCH,
            data=line(f"want {head}".encode()) + FLUSH + end,
            content_type="application/x-git-upload-pack-request",
            headers=_by(platform, Role.CANDIDATE),
        ).get_data()

    starter = _starter(platform)
    assert fetch(starter.head) == b"0008NAK\n" + starter.pack
    assert fetch(starter.head, b"") == b"0008NAK\n"
    assert b"ERR the starter is another one by now" in fetch("a" * 40)
    (record,) = platform.store.audit.page(AuditFilter(action="starter.clone")).items
    assert (record.deed.actor, record.deed.object_id) == (platform.tokens[Role.CANDIDATE].record.id, SLUG)


def test_a_push_of_which_nobody_grades_says_where_to_look(platform: Platform) -> None:
    told, reported = _bands(_push(platform, _pushed(_fixed())))
    (item,) = platform.store.submissions.page(SubmissionFilter()).items
    assert told == [
        "received 1 changed file: app.py",
        "waiting, next to be graded",
        "it is not graded yet, and will be; there is no need to wait for it here",
        f"see http://localhost/work/attempts/{item.submission.id}",
    ]
    assert reported == ["unpack ok", f"ok {MAIN}"]
    assert item.submission.token_id == platform.tokens[Role.CANDIDATE].record.id


@pytest.mark.parametrize(
    ("role", "page"),
    [(Role.CANDIDATE, "/work/attempts/"), (Role.ENGINEER, "/submissions/"), (Role.ADMIN, "/submissions/")],
)
def test_the_same_push_again_is_told_its_grade_as_its_caller_may_see_it(
    platform: Platform, role: Role, page: str
) -> None:
    _push(platform, _pushed(_fixed()), role)
    _grade_all(platform)

    told, reported = _bands(_push(platform, _pushed(_fixed()), role))

    assert told[0] == "this commit was received before, so it is no new attempt"
    assert "R1 met in part, 50 of 100: GET / does not greet." in told
    assert told[-2] == "score 50 of 100 (partial)"
    assert page in told[-1]
    assert ASSESSORS_ONLY not in str(told)
    assert reported == ["unpack ok", f"ok {MAIN}"]
    assert _count(platform) == 1


def test_another_caller_with_the_same_commit_has_a_submission_of_their_own(platform: Platform) -> None:
    for role in (Role.CANDIDATE, Role.ADMIN):
        _push(platform, _pushed(_fixed()), role)
    assert _count(platform) == 2


def test_a_client_that_can_not_show_anything_is_answered_at_once(platform: Platform) -> None:
    answer = _push(platform, _pushed(_fixed(), "report-status"))
    assert answer.get_data() == line(b"unpack ok\n") + line(f"ok {MAIN}\n".encode()) + FLUSH
    assert _count(platform) == 1


def test_a_probe_is_answered_with_nothing(platform: Platform) -> None:
    answer = _push(platform, FLUSH)
    assert (answer.status_code, answer.get_data()) == (200, b"")


def test_bodies_may_be_packed_by_gzip_and_by_nothing_else(platform: Platform) -> None:
    body = _pushed(_fixed())
    bomb = gzip.compress(bytes(SubmissionLimits().upload_bytes * 3))
    assert _bands(_push(platform, gzip.compress(body), coding="gzip"))[1][-1] == f"ok {MAIN}"
    for sent, coding in ((bomb, "gzip"), (body, "gzip"), (body, "br")):
        assert _push(platform, sent, coding=coding).status_code == 400


def test_a_body_that_is_no_git_is_400_in_plain_text(platform: Platform) -> None:
    answer = _push(platform, b"nonsense")
    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")


def test_a_body_that_is_too_large_is_read_to_a_limit_and_thrown_away(platform: Platform) -> None:
    class Endless:
        total = 0

        def read(self, size: int) -> bytes:
            self.total += size
            return bytes(size)

    endless = Endless()
    assert _push(platform, bytes(SubmissionLimits().upload_bytes * 2)).status_code == 413
    answer = platform.client.post(
        PUSH,
        content_type="application/x-git-receive-pack-request",
        headers=_by(platform, Role.CANDIDATE),
        environ_overrides={"wsgi.input": endless, "CONTENT_LENGTH": str(10**9)},
    )
    assert (answer.status_code, endless.total) == (413, 64 * MIB)


def test_what_breaks_a_rule_is_reported_and_noted(platform: Platform) -> None:
    told, reported = _bands(_push(platform, _pushed(_fixed(**{"README.md": b"x"}))))
    assert told[0] == "README.md: can't be changed in this challenge"
    assert reported == ["unpack ok", f"ng {MAIN} README.md: can't be changed in this challenge"]
    assert len(platform.store.audit.page(AuditFilter(action="submission.reject")).items) == 1
    assert _count(platform) == 0


def test_a_damaged_pack_is_reported_as_such(platform: Platform) -> None:
    _, reported = _bands(_push(platform, _pushed(_fixed())[:-1]))
    damaged = "the pack is damaged: its checksum does not fit"
    assert reported == [f"unpack {damaged}", f"ng {MAIN} {damaged}"]


def test_a_commit_that_is_not_there_is_reported(platform: Platform) -> None:
    body = line(f"{NOTHING} {'a' * 40} {MAIN}\0{CAPABILITIES}".encode()) + FLUSH
    unpacked, refused = _bands(_push(platform, body))[1]
    assert unpacked == "unpack ok"
    assert "lacks the commit" in refused


def test_the_starter_itself_needs_no_pack(platform: Platform) -> None:
    body = line(f"{NOTHING} {_starter(platform).head} {MAIN}\0{CAPABILITIES}".encode()) + FLUSH
    told, reported = _bands(_push(platform, body))
    assert "nothing in it differs from the starter" in told[0]
    assert reported[-1] == f"ok {MAIN}"


def test_other_branches_are_refused_beside_main(platform: Platform) -> None:
    made = _fixed()
    body = (
        line(f"{NOTHING} {made.head} refs/heads/fix\0{CAPABILITIES}".encode())
        + line(f"{NOTHING} {made.head} {MAIN}".encode())
        + FLUSH
        + made.pack
    )
    reported = _bands(_push(platform, body))[1]
    assert reported == [
        "unpack ok",
        "ng refs/heads/fix only main is taken: git push origin HEAD:main",
        f"ok {MAIN}",
    ]
    assert _bands(_push(platform, _pushed(made, ref="refs/tags/v1")))[1][-1].startswith("ng refs/tags/v1 only main")


def test_a_fault_of_the_platform_is_reported_without_its_particulars(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> Any:
        raise StoreUnavailable("db-7 is down")

    monkeypatch.setattr(platform.store.submissions, "add", gone)
    told, reported = _bands(_push(platform, _pushed(_fixed())))
    assert "does not answer" in reported[-1]
    assert "db-7" not in str(told + reported)


def test_too_many_submissions_are_refused_in_git_s_words(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=1)
    answers = [
        app.test_client().post(
            PUSH,
            data=_pushed(_fixed(**{"more.py": b"%d" % number})),
            content_type="application/x-git-receive-pack-request",
            headers=_by(platform, Role.CANDIDATE),
        )
        for number in (1, 2)
    ]
    assert _bands(answers[0])[1][-1] == f"ok {MAIN}"
    assert _bands(answers[1])[1][-1] == f"ng {MAIN} no more than 1 submissions in an hour"


def test_without_a_free_stream_a_push_says_where_to_look(platform: Platform) -> None:
    streams = platform.app.extensions["mendbox"].streams
    leave = streams.enter("somebody", streams.limit)
    while streams.enter("somebody", streams.limit) is not None:
        pass
    told, reported = _bands(_push(platform, _pushed(_fixed())))
    assert leave is not None
    assert told[1].startswith("too many are watching")
    assert "/work/attempts/" in told[2]
    assert reported[-1] == f"ok {MAIN}"


def test_a_push_gives_its_stream_back(platform: Platform) -> None:
    _push(platform, _pushed(_fixed()))
    assert platform.app.extensions["mendbox"].streams.open == 0


def test_while_nothing_happens_a_push_is_kept_alive(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    def quiet(_: events.Watch) -> Iterator[list[Any]]:
        yield []

    monkeypatch.setattr(events.Watch, "rounds", quiet)
    assert b"0005\2" in _push(platform, _pushed(_fixed())).get_data()


def test_a_fault_while_it_is_told_does_not_make_a_push_fail(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: events.Watch) -> Iterator[list[Any]]:
        yield []
        raise NotFound("grade of grading", "x")

    monkeypatch.setattr(events.Watch, "rounds", failing)
    told, reported = _bands(_push(platform, _pushed(_fixed())))
    assert told[-2].startswith("it is not graded yet")
    assert reported == ["unpack ok", f"ok {MAIN}"]


def test_an_event_stream_and_a_push_share_the_places_that_there_are(platform: Platform) -> None:
    streams = platform.app.extensions["mendbox"].streams
    leave = streams.enter(platform.tokens[Role.CANDIDATE].record.id, 1)
    assert leave is not None
    assert any(each.startswith("too many") for each in _bands(_push(platform, _pushed(_fixed())))[0])
    leave()
    assert not any(each.startswith("too many") for each in _bands(_push(platform, _pushed(_fixed())))[0])
