"""A certificate is for the content that it was made of, and for no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import PackageInvalid
from runner.packages.certificate import Certified
from runner.packages.finder import write_new_package
from runner.packages.loader import load_certified, load_package
from runner.packages.mutants import Equivalent
from runner.packages.package import ChallengePackage
from tests.packages.samples import GOOD, SLUG, certificate, parsed, with_inventory


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good package on disk, without a certificate."""
    target = tmp_path / SLUG
    write_new_package(target, with_inventory(GOOD))
    return target


def certify(folder: Path) -> None:
    made = certificate(load_package(folder).content_digest)
    (folder / "certificate.json").write_text(made.model_dump_json(indent=2))


def test_a_certificate_changes_nothing_that_a_grade_depends_on(folder: Path) -> None:
    before = load_package(folder)
    assert before.certified is Certified.NONE
    certify(folder)
    after = load_certified(folder)
    assert after.certified is Certified.CURRENT
    assert (after.digest, after.content_digest) == (before.digest, before.content_digest)


def test_a_package_without_one_is_refused_with_what_to_do(folder: Path) -> None:
    with pytest.raises(PackageInvalid, match=r"certificate.json: is missing; run: .* check late-fees --certify"):
        load_certified(folder)


@pytest.mark.parametrize(
    "path",
    [
        *("brief.md", "notes.md", "harness.py", "hidden/test_fees.py", "starter/library/fees.py"),
        *("fixes/clamped/library/fees.py", "mistakes/refunds/library/fees.py"),
    ],
)
def test_any_change_of_content_ends_it(folder: Path, path: str) -> None:
    certify(folder)
    with (folder / path).open("a") as file:
        file.write("\n# changed\n" if path.endswith(".py") else "\nchanged\n")
    with pytest.raises(PackageInvalid, match="is for other content than the package has now"):
        load_certified(folder)


def test_so_does_a_change_of_claims(folder: Path) -> None:
    certify(folder)
    package = load_package(folder)
    assert package.certified is Certified.CURRENT
    argued = Equivalent(file="library/fees.py", before="a < b", after="a <= b", reason="nobody can tell these")
    refunds = package.mistakes["refunds"]
    for changed in (
        {"equivalent": (argued,)},
        {"mistakes": {**package.mistakes, "refunds": replace(refunds, must_fail=refunds.must_fail[:0])}},
        {"mistakes": {**package.mistakes, "refunds": replace(refunds, summary="Another one.")}},
        {"manifest": package.manifest.model_copy(update={"minutes": 61})},
        {"inventory": None},
    ):
        assert _changed(package, changed).certified is Certified.STALE, changed


def _changed(package: ChallengePackage, changes: dict[str, object]) -> ChallengePackage:
    return replace(package, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "certificate.json: Invalid JSON"),
        (b'{"format": 2}', "certificate.json: format"),
        (b"{}", "certificate.json: digest: is missing"),
    ],
)
def test_one_that_can_not_be_read_is_a_problem_with_a_remedy(content: bytes, said: str) -> None:
    _, problems = parsed({**with_inventory(GOOD), "certificate.json": content})
    told = [str(problem) for problem in problems]
    assert [text for text in told if text.startswith(said)], told
    assert all("--certify" in text for text in told)


def test_it_is_not_handed_out_with_the_starter(folder: Path) -> None:
    certify(folder)
    assert not [path for path in load_package(folder).starter if "certificate" in path]
