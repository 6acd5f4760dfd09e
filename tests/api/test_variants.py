"""Variants over HTTP: each candidate has one, which is theirs from the first look to the last submission."""

from __future__ import annotations

import base64
import io
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from api.git.lines import FLUSH, line
from api.git.protocol import MAIN, NOTHING
from runner.packages.finder import write_new_package
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from runner.packages.rewording import package_of
from runner.packages.variant import variant_named
from runner.submissions.git_starter import starter_repository
from store.records import AuditFilter, NewToken, Role, SubmissionFilter
from tests.api.conftest import Platform
from tests.api.test_similarity import WORK
from tests.packages.samples import VARYING, with_inventories

SLUG = "late-fees"
ONE = f"/api/v1/challenges/{SLUG}"


@dataclass(frozen=True)
class Candidate:
    """A candidate's token, and how they see the platform."""

    platform: Platform
    headers: Mapping[str, str]
    token: str

    def starter(self) -> dict[str, str]:
        answer = self.platform.client.get(f"{ONE}/starter.zip", headers=dict(self.headers))
        assert answer.status_code == 200, answer.text
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            return {name.removeprefix(f"{SLUG}/"): archive.read(name).decode() for name in archive.namelist()}

    def variant(self, owner: str | None = None) -> str | None:
        return self.platform.store.variants.of(owner or f"token {self.token}", SLUG)


@pytest.fixture
def package(platform: Platform) -> ChallengePackage:
    folder = Path(platform.settings.challenges) / SLUG
    write_new_package(folder, with_inventories(VARYING))
    return load_package(folder)


def candidate(platform: Platform, reference: str | None = None) -> Candidate:
    issued = platform.store.tokens.create(NewToken("somebody", Role.CANDIDATE, (SLUG,), reference))
    return Candidate(platform, {"Authorization": f"Bearer {issued.text}"}, issued.record.id)


def packed(files: Mapping[str, bytes]) -> tuple[io.BytesIO, str]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    buffer.seek(0)
    return buffer, "fix.zip"


def test_candidates_get_different_ones_and_each_keeps_theirs(platform: Platform, package: ChallengePackage) -> None:
    drawn = set()
    for _ in range(12):
        somebody = candidate(platform)
        assert somebody.variant() is None
        first = somebody.starter()
        mine = somebody.variant()
        assert mine is not None
        drawn.add(mine)
        expected = package_of(package, variant_named(mine, package.manifest))
        assert first == {path: data.decode() for path, data in expected.starter.items()}
        assert somebody.starter() == first
        detail = platform.client.get(ONE, headers=dict(somebody.headers)).get_json()
        assert detail["brief"] == expected.brief
        assert detail["editable"] == list(expected.manifest.editable)
        assert detail["variant"] is None, "its text names the bug"
        (listed,) = platform.client.get("/api/v1/challenges", headers=dict(somebody.headers)).get_json()["challenges"]
        assert listed["summary"] == expected.manifest.summary
    # Of twelve, twelve draw the same one about once in 10^11.
    assert len(drawn) > 1
    deeds = platform.store.audit.page(AuditFilter(action="variant.draw")).items
    assert len(deeds) == 12
    assert {deed.deed.object_id for deed in deeds} == {SLUG}
    assert all("variant" not in deed.deed.detail and "owner" not in deed.deed.detail for deed in deeds)


def test_one_person_with_two_tokens_has_one(platform: Platform, package: ChallengePackage) -> None:
    one, other = candidate(platform, "ada"), candidate(platform, "ada")
    assert one.starter() == other.starter()
    assert one.variant() is None
    assert one.variant("candidate ada") is not None


def test_a_submission_is_for_the_candidates_own(platform: Platform, package: ChallengePackage) -> None:
    somebody = candidate(platform)
    platform.store.variants.of_or_chosen(f"token {somebody.token}", SLUG, lambda: "lent=1,package=1")
    mine = package_of(package, variant_named("lent=1,package=1", package.manifest))
    form = {"challenge": SLUG, "archive": packed(mine.fixes["clamped"])}
    answer = platform.client.post(
        "/api/v1/submissions", headers=dict(somebody.headers), data=form, content_type="multipart/form-data"
    )
    assert answer.status_code == 202, answer.text
    kept = platform.store.submissions.get(answer.get_json()["id"])
    assert (kept.variant, kept.challenge_digest) == ("lent=1,package=1", mine.digest)
    mine_shown = platform.client.get(f"/api/v1/submissions/{kept.id}", headers=dict(somebody.headers)).get_json()
    assert mine_shown["variant"] is None
    claim = platform.store.claims.take(answer.get_json()["grading_id"], "worker-1")
    assert claim is not None
    assert claim.variant == "lent=1,package=1"
    # The folder's own names are not in this candidate's starter, and not editable there.
    form = {"challenge": SLUG, "archive": packed(package.fixes["clamped"])}
    refused = platform.client.post(
        "/api/v1/submissions", headers=dict(somebody.headers), data=form, content_type="multipart/form-data"
    )
    assert (refused.status_code, refused.get_json()["type"]) == (422, "urn:mendbox:problem:submission-rejected")


def test_a_candidate_cant_choose(platform: Platform, package: ChallengePackage) -> None:
    somebody = candidate(platform)
    for path in (f"{ONE}?variant=base", f"{ONE}/starter.zip?variant=lent=1"):
        answer = platform.client.get(path, headers=dict(somebody.headers))
        assert (answer.status_code, answer.get_json()["field"]) == (403, "variant")
    form = {"challenge": SLUG, "variant": "base", "archive": packed(package.fixes["clamped"])}
    answer = platform.client.post(
        "/api/v1/submissions", headers=dict(somebody.headers), data=form, content_type="multipart/form-data"
    )
    assert (answer.status_code, answer.get_json()["field"]) == (403, "variant")
    assert somebody.variant() is None


def test_assessors_see_the_folder_or_what_they_ask_for(platform: Platform, package: ChallengePackage) -> None:
    plain = platform.get(ONE).get_json()
    assert (plain["brief"], plain["variant"]) == (package.brief, "base")
    asked = platform.get(f"{ONE}?variant=bug=in-the-pages,lent=1").get_json()
    assert (asked["variant"], "film" in asked["brief"]) == ("lent=1,bug=in-the-pages", True)
    assert platform.get(asked["starter_url"]).status_code == 200
    assert platform.get(f"{ONE}?variant=lent=9").get_json()["hint"].startswith("write base, a number")
    form = {"challenge": SLUG, "variant": "lent=2", "archive": packed({"library/fees.py": b"x = 1\n"})}
    answer = platform.submit(Role.ENGINEER, data=form)
    assert answer.status_code == 202, answer.text
    assert platform.store.submissions.get(answer.get_json()["id"]).variant == "lent=2"
    assert platform.get(f"/api/v1/submissions/{answer.get_json()['id']}").get_json()["variant"] == "lent=2"
    long = {"challenge": SLUG, "variant": "lent=1," * 60, "archive": packed({"library/fees.py": b"x = 1\n"})}
    refused = platform.submit(Role.ENGINEER, data=long)
    assert (refused.status_code, refused.get_json()["field"]) == (422, "variant")
    assert platform.store.audit.page(AuditFilter(action="variant.draw")).items == ()


def test_a_variant_that_is_no_more_is_the_platforms_fault(platform: Platform, package: ChallengePackage) -> None:
    somebody = candidate(platform)
    platform.store.variants.of_or_chosen(f"token {somebody.token}", SLUG, lambda: "lent=7")
    answer = platform.client.get(ONE, headers=dict(somebody.headers))
    assert (answer.status_code, answer.get_json()["type"]) == (503, "urn:mendbox:problem:challenge-invalid")
    assert platform.client.get("/api/v1/challenges", headers=dict(somebody.headers)).get_json() == {"challenges": []}


def test_a_list_draws_nothing(platform: Platform, package: ChallengePackage) -> None:
    somebody = candidate(platform)
    (listed,) = platform.client.get("/api/v1/challenges", headers=dict(somebody.headers)).get_json()["challenges"]
    assert listed["summary"] == package.manifest.summary
    assert somebody.variant() is None


def test_who_has_looked_at_a_challenge_keeps_it_when_it_is_given_variants(platform: Platform) -> None:
    folder = Path(platform.settings.challenges) / SLUG
    plain = {path: data for path, data in VARYING.items() if not path.startswith("bugs/")}
    plain["challenge.toml"] = plain["challenge.toml"].partition(b"[[variations]]")[0]
    write_new_package(folder, with_inventories(plain))
    somebody = candidate(platform)
    before = somebody.starter()
    assert (somebody.variant(), platform.store.audit.page(AuditFilter(action="variant.draw")).items) == ("base", ())
    shutil.rmtree(folder)
    write_new_package(folder, with_inventories(VARYING))
    assert (
        platform.another_app().test_client().get(f"{ONE}/starter.zip", headers=dict(somebody.headers)).status_code
        == 200
    )
    assert somebody.starter() == before


def test_who_has_a_variant_of_a_challenge_that_has_none_any_more_is_told_of_the_platforms_fault(
    platform: Platform, package: ChallengePackage
) -> None:
    somebody = candidate(platform)
    platform.store.variants.of_or_chosen(f"token {somebody.token}", SLUG, lambda: "lent=1")
    manifest = Path(platform.settings.challenges) / SLUG / "challenge.toml"
    manifest.write_bytes(VARYING["challenge.toml"].partition(b"[[variations]]")[0])
    shutil.rmtree(manifest.parent / "bugs")
    answer = platform.another_app().test_client().get(ONE, headers=dict(somebody.headers))
    assert (answer.status_code, answer.get_json()["type"]) == (503, "urn:mendbox:problem:challenge-invalid")


def test_a_recruiter_may_say_which_variant_somebody_gets(platform: Platform, package: ChallengePackage) -> None:
    wanted = {"name": "Ada", "role": "candidate", "challenges": [SLUG], "candidate": "ada"}
    answer = platform.post("/api/v1/tokens", json=wanted | {"variants": {SLUG: "bug=in-the-pages,lent=2"}})
    assert answer.status_code == 201, answer.text
    assert platform.store.variants.of("candidate ada", SLUG) == "lent=2,bug=in-the-pages"
    (deed,) = platform.store.audit.page(AuditFilter(action="variant.give")).items
    assert deed.deed.detail == {"variant": "lent=2,bug=in-the-pages"}
    other = platform.post("/api/v1/tokens", json=wanted | {"variants": {SLUG: "base"}})
    assert (other.status_code, "ada has another variant" in other.get_json()["detail"]) == (409, True)
    for variants in ({SLUG: "lent=9"}, {"greeter": "base"}):
        refused = platform.post("/api/v1/tokens", json=wanted | {"variants": variants})
        assert (refused.status_code, refused.get_json()["field"]) == (422, "variants")


def test_a_key_is_for_one_variant(platform: Platform, package: ChallengePackage) -> None:
    ids = []
    for variant in ("lent=1", "lent=2", "lent=1"):
        form = {"challenge": SLUG, "variant": variant, "archive": packed({"library/fees.py": b"x = 1\n"})}
        answer = platform.submit(Role.ENGINEER, data=form, headers={"Idempotency-Key": "once"})
        ids.append((answer.status_code, answer.get_json().get("id")))
    assert [status for status, _ in ids] == [202, 409, 202]
    assert ids[0] == ids[2]


def test_the_same_work_in_other_words_is_alike(platform: Platform, package: ChallengePackage) -> None:
    work = WORK["app.py"].replace(b"names", b"books").replace(b"name", b"book")
    ids = []
    for variant in ("base", "lent=1,package=1"):
        somebody = candidate(platform)
        platform.store.variants.of_or_chosen(f"token {somebody.token}", SLUG, lambda v=variant: v)
        path = "library/more.py" if variant == "base" else "archive/more.py"
        data = work if variant == "base" else work.replace(b"books", b"films").replace(b"book", b"film")
        form = {"challenge": SLUG, "archive": packed({path: data})}
        answer = platform.client.post(
            "/api/v1/submissions", headers=dict(somebody.headers), data=form, content_type="multipart/form-data"
        )
        assert answer.status_code == 202, answer.text
        ids.append(answer.get_json()["id"])
    (pair,) = platform.get(f"{ONE}/similarity", Role.RECRUITER).get_json()["pairs"]
    assert {pair["a"], pair["b"]} == set(ids)
    assert pair["figures"]["score"] == 1.0
    (similar,) = platform.get(f"/api/v1/submissions/{ids[0]}/similar", Role.RECRUITER).get_json()["similar"]
    assert {(match["path"], match["other_path"]) for match in similar["matches"]} == {
        ("library/more.py", "archive/more.py")
    }


def test_a_clone_is_ones_own_variant_and_a_push_is_held_against_it(
    platform: Platform, package: ChallengePackage
) -> None:
    for _ in range(3):
        somebody = candidate(platform)
        token = somebody.headers["Authorization"].removeprefix("Bearer ")
        headers = {"Authorization": "Basic " + base64.b64encode(f"git:{token}".encode()).decode()}
        starter = {path: text.encode() for path, text in somebody.starter().items()}
        made = starter_repository(SLUG, starter)
        refs = platform.client.get(f"/git/{SLUG}.git/info/refs?service=git-upload-pack", headers=headers)
        assert f"{made.head} {MAIN}".encode() in refs.data

        answer = platform.client.post(
            f"/git/{SLUG}.git/git-receive-pack",
            data=line(f"{NOTHING} {made.head} {MAIN}\0report-status".encode()) + FLUSH + made.pack,
            content_type="application/x-git-receive-pack-request",
            headers=headers,
        )
        assert f"ok {MAIN}".encode() in answer.data
        (sent,) = platform.store.submissions.page(SubmissionFilter(token_id=somebody.token)).items
        assert sent.submission.variant == somebody.variant()
