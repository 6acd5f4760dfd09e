"""The editor: which files it shows, what it keeps, and that exactly what was seen is sent."""

from __future__ import annotations

import html
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from api.pages.drafted import MOST_OPENED, files_for_editor, kept_text
from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.loader import load_package
from store.records import AuditFilter, DraftChange, DraftFile, NewToken, Role, SourceKind
from tests.api.conftest import Platform
from tests.api.sample import CANARY, FIXED, OTHER, SLUG, STARTER
from tests.pages.links import by_link

NEW = "VALUE = 'ü'\r\n"


def files_of(client: FlaskClient) -> dict[str, dict[str, Any]]:
    """What the page hands its script, by path."""
    found = re.search(r"data-files='([^']+)'", client.get(f"/work/{SLUG}/editor").text)
    assert found is not None
    return {file["path"]: file for file in json.loads(html.unescape(found[1]))}


def save(
    client: FlaskClient, proof: dict[str, str], path: str, text: bytes | None, revision: object = 0
) -> TestResponse:
    """Save a file as the page's script does."""
    data: dict[str, Any] = {"path": path, "revision": str(revision)}
    if text is not None:
        data["text"] = (io.BytesIO(text), "text")
    headers = proof | {"Accept": "application/json"}
    return client.post(f"/work/{SLUG}/draft", data=data, headers=headers, content_type="multipart/form-data")


def seen_of(client: FlaskClient) -> dict[str, str]:
    """What the page of changes sends with its button."""
    text = client.get(f"/work/{SLUG}/changes").text
    return {name: re.search(rf'name="{name}" value="([^"]+)"', text)[1] for name in ("key", "seen")}  # type: ignore[index]


def test_it_has_the_brief_and_every_file_of_the_starter(platform: Platform) -> None:
    client, _ = by_link(platform)
    page = client.get(f"/work/{SLUG}/editor")
    assert "<code>GET /</code> answers 200" in page.text
    assert CANARY not in page.text
    files = files_of(client)
    assert set(files) == set(STARTER)
    assert files["app.py"] == {
        "path": "app.py", "revision": 0, "editable": True, "starter": STARTER["app.py"].decode()
    }  # fmt: skip
    assert files["README.md"]["editable"] is False
    assert f'href="/work/{SLUG}/editor"' in client.get(f"/work/{SLUG}").text


def test_what_is_kept_is_there_in_another_browser(platform: Platform) -> None:
    client, proof = by_link(platform)
    assert save(client, proof, "app.py", FIXED).get_json() == {"revision": 1}
    assert save(client, proof, "new.py", NEW.encode()).get_json() == {"revision": 1}
    again, _ = by_link(platform)
    files = files_of(again)
    assert (files["app.py"]["text"], files["app.py"]["revision"]) == (FIXED.decode(), 1)
    assert files["new.py"] == {"path": "new.py", "revision": 1, "editable": True, "text": NEW}
    other = platform.store.tokens.create(NewToken("other", Role.CANDIDATE, (SLUG,)))
    theirs, _ = by_link(platform, other)
    assert "new.py" not in files_of(theirs)


def test_what_is_put_back_or_deleted_is_no_change(platform: Platform) -> None:
    client, proof = by_link(platform)
    save(client, proof, "app.py", FIXED)
    save(client, proof, "new.py", b"")
    assert save(client, proof, "app.py", STARTER["app.py"], 1).get_json() == {"revision": 2}
    assert save(client, proof, "new.py", None, 1).get_json() == {"revision": 2}
    files = files_of(client)
    assert "text" not in files["app.py"]
    assert files["new.py"]["gone"] is True
    text = client.get(f"/work/{SLUG}/changes").text
    assert "Nothing is changed" in text
    assert "send-draft" not in text
    refused = client.post(f"/work/{SLUG}/send-draft", data={"seen": "x"}, headers=proof)
    assert (refused.status_code, "Nothing is changed yet." in refused.text) == (422, True)


def test_two_windows_do_not_overwrite_each_other(platform: Platform) -> None:
    client, proof = by_link(platform)
    save(client, proof, "app.py", FIXED)
    answer = save(client, proof, "app.py", b"mine")
    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["revision"] == 1
    assert save(client, proof, "app.py", b"mine", 1).get_json() == {"revision": 2}


@pytest.mark.parametrize(
    ("path", "text", "says"),
    [
        ("README.md", b"x", "can't be changed in this challenge"),
        ("notes.txt", b"x", "can't be added in this challenge"),
        ("sub/new.py", b"x", "can't be added in this challenge"),
        ("../app.py", b"x", "segment '..'"),
        ("/app.py", b"x", "absolute"),
        ("App.py", b"x", "only in case"),
        ("app.py", b"\xff", "no text in UTF-8"),
        ("app.py", b"a\0b", "NUL"),
        ("._new.py", b"x", "left out"),
    ],
)
def test_what_could_not_be_sent_is_not_kept(platform: Platform, path: str, text: bytes, says: str) -> None:
    client, proof = by_link(platform)
    answer = save(client, proof, path, text)
    assert (answer.status_code, says in answer.get_json()["detail"]) == (422, True), answer.text
    assert platform.store.drafts.of(platform.tokens[Role.CANDIDATE].record.id, SLUG) == {}


def test_no_file_is_larger_and_not_more_are_begun_than_can_be_sent(platform: Platform) -> None:
    package = load_package(Path(platform.settings.challenges) / SLUG)
    limits = SubmissionLimits(file_bytes=100, files=10)
    with pytest.raises(SubmissionRejected, match="larger than 100 bytes"):
        kept_text(package, {}, "app.py", b"x" * 101, limits)
    begun = {f"{number}.py": DraftFile(None, 2) for number in range(10)}
    with pytest.raises(SubmissionRejected, match="more than 10 files were begun"):
        kept_text(package, begun, "new.py", b"x", limits)
    assert kept_text(package, begun, "1.py", b"x", limits) == "x"


def test_what_is_no_text_or_too_long_is_listed_and_not_opened(platform: Platform) -> None:
    package = load_package(Path(platform.settings.challenges) / SLUG)
    odd = {"logo.png": b"\x89PNG\0", "latin.txt": b"\xe9", "long.py": b"x" * (MOST_OPENED + 1)}
    files = {file["path"]: file for file in files_for_editor(replace(package, starter=dict(package.starter) | odd), {})}
    assert {path: files[path]["note"] for path in odd} == {
        "logo.png": "no text: 5 bytes",
        "latin.txt": "no text: 1 bytes",
        "long.py": "too large to be opened here: 195 KiB",
    }
    assert not any("starter" in files[path] or files[path]["editable"] for path in odd)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"revision": "0"}, 422),
        ({"path": "app.py"}, 422),
        ({"path": "app.py", "revision": "-1"}, 422),
        ({"path": "app.py", "revision": "1" * 40}, 422),
        ({"path": "app.py", "revision": "0", "text": "a field"}, 422),
        ({"path": "app.py", "revision": "0", "more": "x"}, 422),
        ({"path": "app.py", "revision": "0"}, 404),
    ],
)
def test_a_save_that_does_not_say_what_it_must_is_refused(
    platform: Platform, data: dict[str, str], status: int
) -> None:
    client, proof = by_link(platform)
    answer = client.post(
        f"/work/{SLUG}/draft",
        data=data,
        headers=proof | {"Accept": "application/json"},
        content_type="multipart/form-data",
    )
    assert answer.status_code == status
    assert answer.get_json()["type"].startswith("urn:mendbox:problem:")


def test_of_a_challenge_that_is_not_theirs_nothing_is_there(platform: Platform) -> None:
    client, proof = by_link(platform)
    assert client.get(f"/work/{OTHER}/editor").status_code == 404
    assert client.get(f"/work/{OTHER}/changes").status_code == 404
    assert client.post(f"/work/{OTHER}/send-draft", data={"seen": "x"}, headers=proof).status_code == 404
    sent = {"path": "app.py", "revision": "0", "text": (io.BytesIO(b"x"), "text")}
    assert client.post(f"/work/{OTHER}/draft", data=sent, headers=proof).status_code == 404


def test_exactly_what_is_listed_is_graded(platform: Platform) -> None:
    client, proof = by_link(platform)
    save(client, proof, "app.py", FIXED)
    save(client, proof, "new.py", NEW.encode())
    text = client.get(f"/work/{SLUG}/changes").text
    listed = re.findall(r'<li><code>([^<]+)</code> <span class="quiet">(\w+)', text)
    assert listed == [("app.py", "changed"), ("new.py", "new")]
    assert '<tr class="added">' in text
    answer = client.post(f"/work/{SLUG}/send-draft", data=seen_of(client), headers=proof)
    assert answer.status_code == 303
    (stored,) = platform.store.submissions.page().items
    assert answer.headers["Location"] == f"/work/attempts/{stored.submission.id}"
    assert stored.submission.source is SourceKind.DIRECTORY
    assert platform.store.submissions.content(stored.submission.id).files == {
        "app.py": FIXED, "new.py": NEW.encode()
    }  # fmt: skip
    assert files_of(client)["new.py"]["text"] == NEW, "work goes on from there"


def test_what_changed_since_it_was_seen_is_shown_before_it_is_sent(platform: Platform) -> None:
    client, proof = by_link(platform)
    save(client, proof, "app.py", FIXED)
    seen = seen_of(client)
    save(client, proof, "new.py", b"x = 1\n")
    answer = client.post(f"/work/{SLUG}/send-draft", data=seen, headers=proof)
    assert (answer.status_code, "new.py" in answer.text) == (409, True)
    assert "Your files were changed since" in answer.text
    assert platform.store.submissions.page().items == ()


def test_two_clicks_are_one_attempt_and_a_used_page_can_send_once_more(platform: Platform) -> None:
    client, proof = by_link(platform)
    save(client, proof, "app.py", FIXED)
    seen = seen_of(client)
    sent = [client.post(f"/work/{SLUG}/send-draft", data=seen, headers=proof) for _ in range(2)]
    assert sent[0].headers["Location"] == sent[1].headers["Location"]
    save(client, proof, "app.py", FIXED + b"\n", 1)
    again = client.post(f"/work/{SLUG}/send-draft", data=seen_of(client) | {"key": seen["key"]}, headers=proof)
    assert (again.status_code, "send it once more" in again.text) == (409, True)


def test_what_the_challenge_takes_no_more_is_said_and_the_rest_can_be_saved(platform: Platform) -> None:
    client, proof = by_link(platform)
    save(client, proof, "app.py", FIXED)
    owner = platform.tokens[Role.CANDIDATE].record.id
    draft = platform.store.drafts
    draft.save(owner, SLUG, DraftChange("old.txt", "x", 0))
    text = client.get(f"/work/{SLUG}/changes").text
    assert "added in this challenge" in text
    assert "send-draft" not in text
    answer = client.post(f"/work/{SLUG}/send-draft", data={"seen": "x"}, headers=proof)
    assert answer.status_code == 409
    assert save(client, proof, "app.py", FIXED + b"\n", 1).status_code == 200
    assert save(client, proof, "old.txt", None, 1).status_code == 200
    assert draft.of(owner, SLUG)["old.txt"] == DraftFile(None, 2)


def test_too_many_attempts_are_told_when_to_come_back(platform: Platform) -> None:
    app = platform.another_app(submissions_per_hour=1)
    client = app.test_client()
    assert client.post("/start", data={"code": platform.tokens[Role.CANDIDATE].text}).status_code == 303
    _, proof = by_link(platform)
    save(client, proof, "app.py", FIXED)
    answers = [client.post(f"/work/{SLUG}/send-draft", data=seen_of(client), headers=proof) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 429]
    assert "Try again in" in answers[1].text


def test_a_script_whose_link_has_ended_is_told_so_in_a_document(platform: Platform) -> None:
    client, proof = by_link(platform)
    platform.store.tokens.revoke(platform.tokens[Role.CANDIDATE].record.id)
    answer = save(client, proof, "app.py", FIXED)
    assert (answer.status_code, answer.get_json()["type"]) == (401, "urn:mendbox:problem:link-needed")


def test_writing_for_a_while_is_one_deed(platform: Platform) -> None:
    client, proof = by_link(platform)
    for number in range(3):
        save(client, proof, "app.py", FIXED + b"\n" * number, number)
    (deed,) = platform.store.audit.page(AuditFilter(action="draft.save")).items
    assert (deed.deed.actor, deed.deed.object_id) == (platform.tokens[Role.CANDIDATE].record.id, SLUG)


def test_scripts_are_sent_compressed_to_who_takes_it(platform: Platform) -> None:
    script = re.search(r'src="(/assets/editor-[^"]+)"', by_link(platform)[0].get(f"/work/{SLUG}/editor").text)
    assert script is not None
    whole = platform.client.get(script[1])
    packed = platform.client.get(script[1], headers={"Accept-Encoding": "br, gzip"})
    assert (whole.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert len(packed.data) < len(whole.data) / 2
    assert packed.headers["Vary"] == "Accept-Encoding"
