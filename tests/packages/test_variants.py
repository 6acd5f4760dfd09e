"""Variants: which there are, how one is drawn, and what a package is in other words or with another bug."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runner.packages.diagnose import diagnose
from runner.packages.editions import editions_of
from runner.packages.manifest import Manifest, Variation
from runner.packages.package import ChallengePackage
from runner.packages.rewording import Wording, in_the_folders_words, moved_variants, package_of, wording_problems
from runner.packages.suite import read_suite
from runner.packages.variant import BASE, NoSuchVariant, Variant, drawn, sampled, variant_named, variants_of
from tests.packages.samples import GOOD, VARYING, certificate, parsed, with_inventories


def varying(changes: Mapping[str, bytes | None] = {}) -> tuple[ChallengePackage | None, list[str]]:
    """The good package with variants, some files changed, added or (None) taken out, and its problems of form."""
    files = {path: data for path, data in {**VARYING, **changes}.items() if data is not None}
    package, problems = parsed(with_inventories(files))
    return package, [str(problem) for problem in problems]


@pytest.fixture(scope="module")
def package() -> ChallengePackage:
    package, problems = varying()
    assert not problems
    assert package is not None
    return package


@pytest.fixture(scope="module")
def manifest(package: ChallengePackage) -> Manifest:
    return package.manifest


def test_all_are_counted(manifest: Manifest) -> None:
    assert variants_of(manifest) == 3 * 2 * 2


@pytest.mark.parametrize(
    ("text", "variant"),
    [
        ("base", BASE),
        ("lent=2", Variant((("lent", 2),))),
        ("package=1,lent=2", Variant((("lent", 2), ("package", 1)))),
        ("lent=0,bug=in-the-pages", Variant(bug="in-the-pages")),
    ],
)
def test_a_text_names_one(manifest: Manifest, text: str, variant: Variant) -> None:
    assert variant_named(text, manifest) == variant
    assert variant_named(str(variant), manifest) == variant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is no variant"),
        ("lent", "is no variant"),
        ("lent=1,lent=2", "is no variant"),
        ("lent=3", "lent has no value 3"),
        ("lent=²", "is no variant"),
        ("lent=one", "lent has no value one"),
        ("bug=other", "there is no bug 'other'"),
        ("colour=1", "there is no variation 'colour'"),
    ],
)
def test_a_text_that_names_none_is_told_what_there_is(manifest: Manifest, text: str, said: str) -> None:
    with pytest.raises(NoSuchVariant) as refused:
        variant_named(text, manifest)
    assert said in refused.value.message
    assert "lent=0…2,package=0…1,bug=in-the-pages" in str(refused.value.hint)


def test_a_challenge_without_any_has_its_base_alone() -> None:
    package, _ = parsed(GOOD)
    assert package is not None
    assert variants_of(package.manifest) == 1
    assert variant_named("base", package.manifest) == BASE
    assert list(sampled(package.manifest)) == []
    with pytest.raises(NoSuchVariant, match="has no variants"):
        variant_named("7", package.manifest)
    assert package_of(package, BASE).variant is None


def test_each_is_drawn_about_as_often(manifest: Manifest) -> None:
    # 12 variants, 3,000 seeds: 250 of each, give or take four standard deviations.
    counts = Counter(str(drawn(manifest, str(seed))) for seed in range(3000))
    assert len(counts) == 12
    assert all(190 < count < 310 for count in counts.values())


def test_a_number_draws_the_same_one_always(manifest: Manifest) -> None:
    # Written down: candidates' variants and receipts rest on it.
    assert [str(variant_named(text, manifest)) for text in ("1", "2", "3", "4")] == [
        "bug=in-the-pages",
        "package=1",
        "lent=2",
        "package=1",
    ]


def test_a_sample_has_each_value_and_each_bug(manifest: Manifest) -> None:
    sample = list(sampled(manifest))
    assert BASE not in sample
    assert {value for variant in sample for value in variant.values} == {("lent", 1), ("lent", 2), ("package", 1)}
    assert {variant.bug for variant in sample if variant.values} == {None, "in-the-pages"}
    assert Variant(bug="in-the-pages") in sample


def test_words_are_put_in_everywhere(package: ChallengePackage) -> None:
    other = package_of(package, variant_named("lent=1,package=1", package.manifest))
    assert (other.variant, other.manifest.app.entry) == ("lent=1,package=1", "archive:create_app")
    assert other.manifest.editable[0] == "archive/**/*.py"
    assert {"archive/fees.py", "archive/views.py"} <= set(other.starter)
    assert set(other.fixes["clamped"]) == {"archive/fees.py"}
    assert set(other.mistakes["refunds"].files) == {"archive/fees.py"}
    assert b"from archive.models import db" in other.starter["archive/__init__.py"]
    assert b"from archive.models import Loan, db" in other.harness
    assert "I brought the film back" in other.brief
    assert "Films" not in other.brief
    everything = [other.brief, *(data.decode() for files in (other.starter, other.hidden) for data in files.values())]
    for word in ("book", "books", "library", "Library"):
        assert not any(f" {word} " in text or f"{word}." in text for text in everything), word
    assert other.inventory is not None
    assert other.inventory.derived_from == other.evidence_digest
    assert {test.id.split("[")[0] for test in other.inventory.tests} <= {
        test.id for test in read_suite(other.hidden).tests
    }
    assert "test_fees.py::test_an_early_film_is_free_and_shown_whole" in other.mistakes["refunds"].must_fail


def test_another_bug_brings_what_differs_and_shares_the_rest(package: ChallengePackage) -> None:
    other = package_of(package, variant_named("bug=in-the-pages", package.manifest))
    assert other.variant == "bug=in-the-pages"
    assert "library/fees.py" not in other.starter
    assert "library/pages.py" in other.starter
    assert other.starter["library/models.py"] == package.starter["library/models.py"]
    assert set(other.fixes) == {"at-once", "in-steps"}
    assert (other.hidden, other.harness, other.brief) == (package.hidden, package.harness, package.brief)
    assert other.inventory is not None
    assert other.inventory.derived_from == other.evidence_digest != package.evidence_digest
    assert not other.manifest.varies


def test_a_bug_may_need_other_services() -> None:
    manifest = VARYING["challenge.toml"] + b'services = ["redis"]\n'
    package, problems = varying({"challenge.toml": manifest})
    assert not problems
    assert package is not None
    assert package.manifest.services == ()
    assert package_of(package, Variant(bug="in-the-pages")).manifest.services == ("redis",)


def test_a_bug_may_be_without_files_of_the_folder() -> None:
    manifest = VARYING["challenge.toml"].replace(b'"starter/library/fees.py"', b'"starter/nothing.py"')
    _, problems = varying({"challenge.toml": manifest})
    assert problems == [
        "challenge.toml: bugs: in-the-pages is without starter/nothing.py, which it would not have anyway"
    ]


def test_a_bug_on_request_is_drawn_by_nobody_and_proven_all_the_same() -> None:
    package, _ = varying({"challenge.toml": VARYING["challenge.toml"] + b"on_request = true\n"})
    assert package is not None
    manifest = package.manifest
    assert {drawn(manifest, str(seed)).bug for seed in range(50)} == {None}
    assert variant_named("bug=in-the-pages", manifest) in set(sampled(manifest))


def test_a_bug_without_its_folder_is_told_and_no_crash() -> None:
    files = {path: data for path, data in VARYING.items() if not path.startswith("bugs/")}
    package, _ = parsed(with_inventories(files))
    assert package is not None
    assert {edition.variant.bug for edition in editions_of(package)} == {None}


def test_words_of_two_files_names_that_become_one_lose_nothing(package: ChallengePackage) -> None:
    files = {"library/book.py": b"book\n", "library/film.py": b"film = 1\n"}
    back = in_the_folders_words(package, "lent=1", files)
    assert back == {"library/book.py": b"book\n", "library/film.py": b"book = 1\n"}
    assert in_the_folders_words(package, None, files) == files
    assert in_the_folders_words(package, "lent=9", files) == files


def test_a_bugs_own_files_are_looked_at_for_words_that_are_there_already() -> None:
    pages = VARYING["bugs/in-the-pages/starter/library/pages.py"] + b"\nfilm = 3\n"
    package, _ = varying({"bugs/in-the-pages/starter/library/pages.py": pages})
    assert package is not None
    (problem,) = wording_problems(package)
    assert problem.message.startswith("bugs/in-the-pages/starter/library/pages.py has the word 'film' as it stands")


def test_an_inventory_that_is_stale_is_stale_in_every_variant() -> None:
    files = {**with_inventories(VARYING), "starter/README.md": b"Changed.\n"}
    package, _ = parsed(files)
    assert package is not None
    for edition in editions_of(package):
        assert edition.package.inventory is not None
        assert edition.package.inventory.derived_from != edition.package.evidence_digest


def test_variations_change_no_digest_by_which_grades_are_known() -> None:
    plain, _ = parsed(with_inventories(GOOD))
    package, _ = varying()
    assert plain is not None
    assert package is not None
    assert package.digest == plain.digest == package_of(package, BASE).digest
    assert package.content_digest != plain.content_digest
    other, _ = varying({"bugs/in-the-pages/mistakes/no-cap/library/pages.py": b"x = 1\n"})
    assert other is not None
    assert other.content_digest != package.content_digest


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"bugs/other/starter/a.py": b""}, "bugs/other: is not in challenge.toml"),
        (
            {"bugs/in-the-pages/challenge.toml": b""},
            "bugs/in-the-pages/challenge.toml: a bug has no manifest of its own",
        ),
        ({"bugs/in-the-pages/extra.txt": b""}, "bugs/in-the-pages/extra.txt: is not part of a package"),
        (
            {"bugs/in-the-pages/mistakes/no-cap/mistake.toml": None},
            "bugs/in-the-pages/mistakes/no-cap/mistake.toml: is missing",
        ),
        (
            {path: None for path in VARYING if path.startswith("bugs/")},
            "bugs/in-the-pages/: is missing, and challenge.toml has the bug",
        ),
        (
            {path: None for path in VARYING if path.startswith("bugs/in-the-pages/fixes")},
            "bugs/in-the-pages/fixes/: is",
        ),
    ],
)
def test_what_is_wrong_with_a_bug_is_told_where_it_is(files: dict[str, bytes | None], said: str) -> None:
    _, problems = varying(files)
    assert [problem for problem in problems if problem.startswith(said)], problems
    assert len(problems) == len(set(problems))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'["film", "films"]', b'["film"]', "write each in as many ways"),
        (b'["film", "films"]', b'["film", "film"]', "has a word twice"),
        (b'["film", "films"]', b'["game", "games"]', "two values are the same"),
        (b'name = "lent"', b'name = "bug"', "choose another"),
        (b'name = "lent"', b'name = "package"', "two have the name 'package'"),
        (b'[["library", "Library"]', b'[["book", "Library"]', "the word 'book' is in two"),
        (b'["archive", "Archive"]', b'["film", "Archive"]', "the word 'film' is in two"),
        (b'["archive", "Archive"]', b'["a film", "Archive"]', "the word 'film' is in two"),
        (b'["archive", "Archive"]', b'["../x", "Archive"]', "two dots in a row"),
        (b'["archive", "Archive"]', b'["a\\nb", "Archive"]', "not of one line"),
        (b'values = [["library", "Library"], ["archive", "Archive"]]', b'values = [["library"]]', "at least 2 items"),
    ],
)
def test_what_is_wrong_with_a_variation_is_told(old: bytes, new: bytes, said: str) -> None:
    manifest = VARYING["challenge.toml"]
    assert old in manifest
    _, problems = varying({"challenge.toml": manifest.replace(old, new, 1)})
    assert [problem for problem in problems if said in problem and problem.startswith("challenge.toml: ")], problems


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            b'["film", "films"], ["game", "games"]',
            b'["game", "games"], ["film", "films"]',
            "was ['film', 'films'] when",
        ),
        (
            b'["film", "films"], ',
            b"",
            "lent=2,package=1 is a variant that candidates may have, and lent has no value 2 any more",
        ),
        (b'"books"], ', b'"books"], ["play", "plays"], ', "was ['film', 'films'] when"),
    ],
)
def test_a_value_that_candidates_may_have_keeps_its_place(old: bytes, new: bytes, said: str) -> None:
    before, _ = varying()
    assert before is not None
    known = {each.name: each.values for each in before.manifest.variations}
    given = certificate("0" * 64).model_copy(update={"values": known, "variants": ("lent=1", "lent=2,package=1")})
    whole = VARYING["challenge.toml"]
    more = whole.replace(b'["game", "games"]]', b'["game", "games"], ["play", "plays"]]')
    for text, expected in ((whole, ""), (more, ""), (whole.replace(old, new), said)):
        package, problems = varying({"challenge.toml": text})
        assert package is not None, problems
        assert not [*moved_variants(package)]
        moved = "\n".join(map(str, diagnose(replace(package, certificate=given))))
        assert expected in moved
        assert ("candidates" in moved) is bool(expected)


def test_a_bug_that_candidates_may_have_stays() -> None:
    package, _ = varying(
        {
            **{path: None for path in VARYING if path.startswith("bugs/")},
            "challenge.toml": VARYING["challenge.toml"].partition(b"[[bugs]]")[0],
        }
    )
    assert package is not None
    given = certificate("0" * 64).model_copy(update={"variants": ("bug=in-the-pages",)})
    (problem,) = moved_variants(replace(package, certificate=given))
    assert "there is no bug 'in-the-pages' any more" in problem.message


LETTERS = st.text("ab_ 1.é", max_size=40)


@given(LETTERS)
def test_the_way_back_gives_what_was_there(text: str) -> None:
    variation = Variation(name="x", values=(("a", "ab"), ("q", "qr")))
    wording = Wording.of((variation,), Variant((("x", 1),)))
    assert wording.undone.in_file("a.py")(wording.in_file("a.py")(text)) == text


def test_words_end_where_letters_and_digits_do() -> None:
    put = Wording.of((Variation(name="x", values=(("hut", "20"), ("barn", "30"))),), Variant((("x", 1),))).in_file("a")
    assert put("hut hut_id a.hut shutter huts hut2 20 120 2.20 20_000") == (
        "barn barn_id a.barn shutter huts hut2 30 120 2.30 30_000"
    )


def test_words_may_hold_for_some_files_alone() -> None:
    variation = Variation(name="x", values=(("a",), ("b",)), files=("starter/**",))
    wording = Wording.of((variation,), Variant((("x", 1),)))
    assert (wording.in_file("starter/x.py")("a"), wording.in_file("hidden/x.py")("a")) == ("b", "a")
    assert wording.files("starter/", {"a.py": b"a", "c": b"\xff a"}) == {"b.py": b"b", "c": b"\xff a"}
