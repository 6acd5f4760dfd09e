"""What candidates are told and download, and what never leaves a package."""

from __future__ import annotations

import errno
import gc
import hashlib
import io
import weakref
import zipfile
from pathlib import Path

import pytest

from api.catalogue import LOOK_EVERY_S, Catalogue
from api.starter_archive import pack_starter
from runner.errors import ChallengeNotFound, NoChallenges, PackageInvalid
from runner.packages.loader import load_package
from runner.packages.package import ChallengePackage
from store.records import Role
from tests.api.conftest import Platform
from tests.api.sample import CANARY, OTHER, SLUG, STARTER, write_challenge
from tests.packages.samples import certificate

URL = "/api/v1/challenges"


def test_a_candidate_sees_only_the_challenges_that_their_token_names(platform: Platform) -> None:
    mine = platform.get(URL, Role.CANDIDATE).get_json()
    all_of_them = platform.get(URL, Role.ENGINEER).get_json()

    assert [one["slug"] for one in mine["challenges"]] == [SLUG]
    assert [one["slug"] for one in all_of_them["challenges"]] == [OTHER, SLUG]


def test_where_certificates_are_asked_for_no_challenge_without_one_is_offered(platform: Platform) -> None:
    strict = platform.another_app(certified_only=True).test_client()
    headers, mine = platform.headers(Role.CANDIDATE), platform.settings.challenges / SLUG
    assert strict.get(URL, headers=headers).get_json()["challenges"] == []
    for path in ("", "/starter.zip"):
        refused = strict.get(f"{URL}/{SLUG}{path}", headers=headers)
        assert refused.status_code == 503
        assert "certificate" not in refused.text

    made = certificate(load_package(mine).content_digest)
    (mine / "certificate.json").write_text(made.model_dump_json())
    again = platform.another_app(certified_only=True).test_client()
    assert [one["slug"] for one in again.get(URL, headers=headers).get_json()["challenges"]] == [SLUG]
    assert [one["slug"] for one in again.get(URL, headers=platform.headers()).get_json()["challenges"]] == [SLUG]
    assert again.get(f"{URL}/{SLUG}", headers=headers).status_code == 200

    (mine / "brief.md").write_text((mine / "brief.md").read_text() + "\nOne more sentence.\n")
    stale = platform.another_app(certified_only=True).test_client()
    assert stale.get(URL, headers=headers).get_json()["challenges"] == []


def test_a_challenge_that_was_changed_since_its_certificate_is_offered_only_where_that_is_wished(
    platform: Platform,
) -> None:
    headers, mine = platform.headers(Role.CANDIDATE), platform.settings.challenges / SLUG
    (mine / "certificate.json").write_text(certificate(load_package(mine).content_digest).model_dump_json())
    (mine / "brief.md").write_text((mine / "brief.md").read_text() + "\nOne more sentence.\n")
    for wish, status in ({}, 503), ({"stale_certificates": True}, 200):
        client = platform.another_app(**wish).test_client()
        assert client.get(f"{URL}/{SLUG}", headers=headers).status_code == status
    (mine / "certificate.json").unlink()
    assert platform.another_app().test_client().get(f"{URL}/{SLUG}", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["", "/starter.zip"])
def test_a_challenge_that_is_not_theirs_looks_to_a_candidate_like_none(platform: Platform, path: str) -> None:
    others = platform.get(f"{URL}/{OTHER}{path}", Role.CANDIDATE)
    none = platform.get(f"{URL}/nowhere{path}", Role.CANDIDATE)
    unknown_to_all = platform.get(f"{URL}/nowhere{path}", Role.ADMIN)

    assert others.status_code == none.status_code == unknown_to_all.status_code == 404
    assert others.text == none.text == unknown_to_all.text


@pytest.mark.parametrize("slug", ["..", "%2e%2e", "Greeter", "greeter%00", "greeter%2f..%2fgreeter", "-"])
def test_a_slug_of_another_form_is_404(platform: Platform, slug: str) -> None:
    assert platform.get(f"{URL}/{slug}").status_code == 404


def test_a_challenge_has_its_brief_and_requirements(platform: Platform) -> None:
    body = platform.get(f"{URL}/{SLUG}", Role.CANDIDATE).get_json()

    assert body["brief"].startswith("# Greeter")
    assert body["requirements"] == [{"id": "R1", "title": "It greets", "points": 100}]
    assert body["starter_url"] == f"{URL}/{SLUG}/starter.zip"


def test_the_starter_is_exactly_the_starter_in_one_folder(platform: Platform) -> None:
    answer = platform.get(f"{URL}/{SLUG}/starter.zip", Role.CANDIDATE)

    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert files == {f"{SLUG}/{path}": data for path, data in STARTER.items()}


def test_the_starter_is_the_same_bytes_whatever_order_its_files_come_in() -> None:
    backwards = dict(reversed(STARTER.items()))
    packed = pack_starter(SLUG, STARTER)

    assert packed == pack_starter(SLUG, backwards)
    assert hashlib.sha256(packed.data).hexdigest() == "72c9baa95f25b6b5d819e07631bd5fee721628393bbfe3a3417088ee533a8d1b"


def test_an_unchanged_starter_is_not_sent_again(platform: Platform) -> None:
    path = f"{URL}/{SLUG}/starter.zip"
    etag = platform.get(path).headers["ETag"]

    again = platform.get(path, If_None_Match=etag)

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag


@pytest.mark.parametrize("role", list(Role))
def test_nothing_of_hidden_tests_fixes_mistakes_or_notes_leaves_by_any_route(platform: Platform, role: Role) -> None:
    submission = platform.graded(role)
    paths = ["", "/../hidden", "/hidden", "/notes.md", "/starter.zip?path=hidden", "/starter.zip/../hidden"]
    asked = [f"{URL}/{SLUG}{path}" for path in paths]
    for rule in platform.app.url_map.iter_rules():
        path = rule.rule.replace("<string:slug>", SLUG).replace("<string:id>", submission.id)
        asked.append(path.replace("<string:name>", "docs.js"))
    assert len(asked) > 15

    for path in asked:
        answer = platform.get(path, role)
        assert CANARY.encode() not in answer.data, path
        if answer.content_type == "application/zip":
            with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
                assert all(CANARY.encode() not in archive.read(name) for name in archive.namelist())
                assert CANARY not in str(archive.namelist())


class Loads:
    """Counts loads, and has a clock that a test moves."""

    def __init__(self, root: Path) -> None:
        self.count = 0
        self.now_s = 100.0
        self.catalogue = Catalogue(root, self._load, lambda: self.now_s)

    def _load(self, folder: Path) -> ChallengePackage:
        self.count += 1
        return load_package(folder)


@pytest.fixture
def loads(tmp_path: Path) -> Loads:
    write_challenge(tmp_path / SLUG)
    return Loads(tmp_path)


def test_a_package_is_loaded_once_while_nothing_changes(loads: Loads) -> None:
    for _ in range(5):
        loads.catalogue.get(SLUG)
        loads.now_s += LOOK_EVERY_S

    assert loads.count == 1


def test_a_changed_file_has_the_package_loaded_again(loads: Loads, tmp_path: Path) -> None:
    before = loads.catalogue.get(SLUG)
    (tmp_path / SLUG / "starter/app.py").write_bytes(b"other = True\n")

    assert loads.catalogue.get(SLUG) is before
    loads.now_s += LOOK_EVERY_S
    assert loads.catalogue.get(SLUG).package.starter["app.py"] == b"other = True\n"


def test_a_package_that_breaks_is_reported_until_it_is_mended(loads: Loads, tmp_path: Path) -> None:
    manifest = tmp_path / SLUG / "challenge.toml"
    good = manifest.read_text()
    manifest.write_text("format = 1\n")

    for _ in range(2):
        with pytest.raises(PackageInvalid):
            loads.catalogue.get(SLUG)
    assert loads.count == 1
    manifest.write_text(good)
    loads.now_s += LOOK_EVERY_S
    assert loads.catalogue.get(SLUG).package.slug == SLUG


def test_a_broken_package_does_not_hide_the_others(loads: Loads, tmp_path: Path) -> None:
    write_challenge(tmp_path / OTHER)
    (tmp_path / SLUG / "challenge.toml").write_text("format = 1\n")

    assert [one.package.slug for one in loads.catalogue.usable()] == [OTHER]


def test_a_package_that_is_taken_away_is_gone(loads: Loads, tmp_path: Path) -> None:
    loads.catalogue.get(SLUG)
    (tmp_path / SLUG / "challenge.toml").unlink()

    with pytest.raises(ChallengeNotFound):
        loads.catalogue.get(SLUG)


def test_a_package_that_stays_broken_keeps_nothing_of_those_who_ask(loads: Loads, tmp_path: Path) -> None:
    class Upload:
        pass

    def ask() -> weakref.ref[Upload]:
        upload = Upload()
        with pytest.raises(PackageInvalid):
            loads.catalogue.get(SLUG)
        return weakref.ref(upload)

    (tmp_path / SLUG / "brief.md").unlink()
    loads.now_s += LOOK_EVERY_S
    asked = [ask() for _ in range(5)]
    gc.collect()
    assert [upload() for upload in asked] == [None] * 5


def test_a_disk_that_fails_is_the_platforms_fault(
    loads: Loads, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ESTALE, "Stale file handle")

    monkeypatch.setattr("os.scandir", fail)
    for ask in (lambda: loads.catalogue.get(SLUG), loads.catalogue.usable, loads.catalogue.check):
        with pytest.raises(NoChallenges, match="Stale file handle"):
            ask()


def test_a_folder_that_is_not_there_has_no_challenges(tmp_path: Path) -> None:
    assert Loads(tmp_path / "nowhere").catalogue.usable() == []
