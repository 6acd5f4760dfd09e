"""The static checks: each spoils one thing of a good package, and one problem names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from runner.errors import ChallengeNotFound
from runner.packages.diagnose import diagnose, diagnose_folder
from runner.packages.finder import write_new_package
from runner.packages.suite import read_suite
from tests.packages.samples import GOOD, SLUG, parsed, problems_of, with_inventory

BRIEF = GOOD["brief.md"]
MANIFEST = GOOD["challenge.toml"]
HIDDEN = GOOD["hidden/test_fees.py"]
FEES = GOOD["starter/library/fees.py"]


def test_a_good_package_has_no_problem() -> None:
    assert problems_of({}) == []


def test_a_folder_is_diagnosed_with_its_form(tmp_path: Path) -> None:
    folder = tmp_path / SLUG
    write_new_package(folder, with_inventory(GOOD))
    assert diagnose_folder(folder)[1] == []
    (folder / "notes.md").unlink()
    (folder / "brief.md").write_bytes(BRIEF.replace(b"R2", b"R3"))
    assert len(diagnose_folder(folder)[1]) == 3
    (folder / "challenge.toml").unlink()
    assert any(problem.file == "challenge.toml" for problem in diagnose_folder(folder)[1])
    with pytest.raises(ChallengeNotFound):
        diagnose_folder(tmp_path / "gone")


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"brief.md": BRIEF.replace(b"R2", b"")}, "brief.md: does not name requirement R2"),
        ({"brief.md": BRIEF + b"R9"}, "brief.md: names R9, which challenge.toml does not have"),
        (
            {"challenge.toml": MANIFEST.replace(b"library/**/*.py", b"library/[a-z].py")},
            "challenge.toml: editable.0: brackets",
        ),
        (
            {"challenge.toml": MANIFEST.replace(b'"tests/**"', b'"test/**"')},
            "challenge.toml: editable.1: 'test/**' matches no file of the starter, a fix or a mistake",
        ),
        (
            {"challenge.toml": MANIFEST.replace(b'"library/**/*.py", "tests/**"', b'"src/**"')},
            "challenge.toml: editable: covers no file of the starter",
        ),
        (
            {"challenge.toml": MANIFEST.replace(b"library:create_app", b"lib.web:create_app")},
            "challenge.toml: app.entry: the starter has neither lib/web.py nor lib/web/__init__.py",
        ),
        ({"harness.py": b"def make(context): ...\n"}, "harness.py: has no function build"),
        ({"harness.py": b"def build(): ...\n"}, "harness.py: line 1: build must take one argument"),
        ({"harness.py": b"\ndef build(:\n"}, "harness.py: line 2: is not Python"),
        ({"starter/tests/test_loans.py": None}, "starter/: has no visible tests"),
        ({"starter/library/long.py": b"pass\n" * 600}, "starter/: the app has 6"),
        ({"starter/library/templates/long.html": b"<br>\n" * 600}, "starter/: the app has 6"),
        ({"starter/inventory.json": b"{}"}, "starter/inventory.json: would be handed to candidates"),
        ({"starter/hidden/x.txt": b"x"}, "starter/hidden: would be handed to candidates"),
        ({"hidden/test_more.py": b"def test_x(): ...\n"}, "hidden/test_more.py: test_x: names no requirement"),
        ({"hidden/test_more.py": b"\ndef test_x(:\n"}, "hidden/test_more.py: line 2: is not Python"),
        (
            {"hidden/test_more.py": b'@requirement("R7")\ndef test_x(): ...\n'},
            "hidden/test_more.py: test_x: names R7, which",
        ),
        (
            {"hidden/test_more.py": b'@requirement("R" + "1")\ndef test_x(): ...\n'},
            "hidden/test_more.py: line 1: write the requirement as text",
        ),
        (
            {"hidden/test_more.py": b'@requirement("R1")\ndef test_x(): ...\n' * 2},
            "hidden/test_more.py: test_x: is defined twice",
        ),
        (
            {"hidden/test_fees.py": HIDDEN.replace(b'"R2"', b'"R1"')},
            "challenge.toml: requirements.1: no hidden test shows R2",
        ),
        ({"fixes/clamped/library/fees.py": None}, "fixes/: holds 1, needs 2"),
        ({"fixes/clamped/library/fees.py": FEES}, "fixes/clamped/library/fees.py: equals the starter's file"),
        ({"fixes/clamped/README.md": b"mine"}, "fixes/clamped/README.md: is not covered by editable"),
        ({"mistakes/refunds/library/fees.py": None}, "mistakes/refunds: changes nothing"),
        (
            {"mistakes/refunds/library/fees.py": None, "mistakes/refunds/mistake.toml": None},
            "mistakes/: holds 4, needs 5",
        ),
        (
            {"fixes/clamped/library/Fees.py": b"twin"},
            "fixes/clamped/library/Fees.py: as a submission: differs from 'library/fees.py' only in case",
        ),
        ({"starter/library/big.py": b"#" * 2_000_000}, "starter/library/big.py: as a submission: is larger than"),
        ({"starter/note.txt": b"see test_the_due_day_is_in_time"}, "starter/note.txt: holds the name of a hidden test"),
    ],
)
def test_a_spoilt_package_gets_a_problem_that_names_the_place(changes: dict[str, bytes | None], problem: str) -> None:
    found = problems_of(changes)
    assert [text for text in found if text.startswith(problem)], found


def test_wrong_points_hide_nothing_else() -> None:
    found = problems_of({"challenge.toml": MANIFEST.replace(b"points = 60", b"points = 50"), "brief.md": BRIEF + b"R9"})
    assert any(text.startswith("challenge.toml: requirements: points add up to 90") for text in found), found
    assert any(text.startswith("brief.md: names R9") for text in found), found


def test_blank_lines_and_tests_are_not_counted_as_the_app() -> None:
    long = {"starter/library/blank.py": b"\n  \n" * 600, "starter/tests/test_more.py": b"pass\n" * 600}
    assert [problem for problem in problems_of(long) if "lines" in problem] == []


def test_what_is_wrong_with_the_starter_is_not_told_again_for_every_fix() -> None:
    found = problems_of({"starter/library/big.py": b"#" * 2_000_000})
    assert len([text for text in found if "as a submission" in text]) == 1


def test_lines_of_a_hidden_test_in_the_starter_or_brief_are_found() -> None:
    start = HIDDEN.index(b'    loans = client.get("/loans")')
    body = b"\n" + HIDDEN[start:]
    assert body.strip() in HIDDEN
    for place in ("starter/tests/test_extra.py", "brief.md"):
        text = GOOD.get(place, b"def test_mine(client):") + body
        found = problems_of({place: text})
        assert any(f"{place}: holds 3 lines of the hidden test" in problem for problem in found), found


def test_a_must_fail_id_that_is_no_test_is_found_with_and_without_inventory() -> None:
    text = b'summary = "x"\nmust_fail = ["test_fees.py::test_gone", "test_fees.py::test_the_due_day_is_in_time"]\n'
    place = "mistakes/refunds/mistake.toml"
    found = problems_of({place: text}, fresh=False)
    assert any(f"{place}: must_fail.0: there is no hidden test" in problem for problem in found)
    assert not any("must_fail.1" in problem for problem in found)
    stale = with_inventory(GOOD)["inventory.json"]
    package, _ = parsed({**GOOD, place: text, "inventory.json": stale})
    assert package is not None
    assert any(problem.key == "must_fail.0" for problem in diagnose(package))


def test_a_missing_or_stale_inventory_is_found_and_its_remedy_named() -> None:
    assert problems_of({}, fresh=False) == [
        "inventory.json: is missing; derive it anew: mendbox challenge check late-fees --write"
    ]
    files = with_inventory(GOOD)
    package, _ = parsed({**files, "starter/library/fees.py": FEES + b"# changed\n"})
    assert package is not None
    assert [(problem.file, problem.key) for problem in diagnose(package)] == [("inventory.json", "derived_from")]


def test_an_inventory_that_names_what_is_not_there_is_found() -> None:
    tests = [
        {"id": "test_fees.py::test_the_due_day_is_in_time", "requirement": "R9", "kind": "fix"},
        {"id": "test_gone.py::test_x", "requirement": "R1", "kind": "fix"},
        {"id": "test_gone.py::test_x", "requirement": "R1", "kind": "fix"},
    ]
    package, _ = parsed(with_inventory(GOOD, tests=tests))
    assert package is not None
    keys = [problem.key for problem in diagnose(package) if problem.file == "inventory.json"]
    assert keys == ["tests.0.requirement", "tests.1.id", "tests.2.id", "tests.2.id"]


SUITE = b"""
import pytest
from mendbox.testing import requirement as req

pytestmark = [pytest.mark.slow, req("R1")]
r3 = req("R3", "words")
ID = "R4"
needs = pytest.mark.requirement

def test_module(): ...
@req("R2", message="m")
def test_own(): ...
@r3
async def test_ready_made(): ...
@req(ID)
def test_constant(): ...
@needs(id="R5")
def test_keyword(): ...
@pytest.mark.parametrize("x", [pytest.param(1, marks=req("R6")), pytest.param(2, marks=req("R7"))])
def test_parameters(x): ...
def helper(): ...
class TestGroup:
    pytestmark = req("R8")
    def test_group(self): ...
    @req("R9")
    def test_nearest(self): ...
    class TestInner:
        def test_inner(self): ...
@req("R10")
class TestMarked:
    def test_marked(self): ...
    def not_a_test(self): ...
class Plain:
    def test_no(self): ...
"""


def test_a_requirement_is_found_however_pytest_lets_it_be_marked() -> None:
    suite = read_suite(
        {"sub/test_x.py": SUITE, "x_test.py": b"", "helpers.py": b"def test_no(): ...", "data.txt": b"("}
    )
    assert {test.id.removeprefix("sub/test_x.py::"): test.requirements for test in suite.tests} == {
        "test_module": ("R1",),
        "test_own": ("R2",),
        "test_ready_made": ("R3",),
        "test_constant": ("R4",),
        "test_keyword": ("R5",),
        "test_parameters": ("R6", "R7"),
        "TestGroup::test_group": ("R8",),
        "TestGroup::test_nearest": ("R9",),
        "TestGroup::TestInner::test_inner": ("R8",),
        "TestMarked::test_marked": ("R10",),
    }
    assert suite.problems == ()
