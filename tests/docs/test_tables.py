"""Tables and JSON in the pages are what the code says now."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from pydantic import BaseModel

from api.redaction import CandidateGrade, for_candidate
from docs.attacks import attacks_table, mitigations_table
from docs.build import block, runtimes_tables, sandbox_tables, settings_table
from runner.grading.models import Grade
from runner.grading.scoring import grade_requirement, verdict_of
from runner.limits import Limits, SubmissionLimits
from runner.packages.manifest import Requirement
from tests.docs.pages import ROOT, pages

OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
GRADING = (ROOT / "docs" / "grading.md").read_text()
SANDBOX = (ROOT / "docs" / "sandbox.md").read_text()
FORMAT = (ROOT / "docs" / "challenge-format.md").read_text()


def example(name: str, model: type[BaseModel]) -> BaseModel:
    text = block(GRADING, name).removeprefix("```json").removesuffix("```")
    return model.model_validate(json.loads(text))


def test_the_table_of_settings_is_current() -> None:
    assert block(OPERATIONS, "settings") == settings_table(), "run: python -m docs.build settings"


@pytest.mark.parametrize(("name", "table"), sandbox_tables().items())
def test_the_tables_of_the_sandbox_are_current(name: str, table: str) -> None:
    assert block(SANDBOX, name) == table.strip(), "run: python -m docs.build sandbox"


@pytest.mark.parametrize(("name", "table"), runtimes_tables().items())
def test_the_tables_of_what_differs_under_gvisor_are_current(name: str, table: str) -> None:
    assert block(OPERATIONS, name) == table.strip(), "run: python -m docs.build runtimes"


def test_the_tables_of_attacks_are_current() -> None:
    security = (ROOT / "docs" / "security.md").read_text()
    assert block(security, "mitigations") == mitigations_table(), "run: python -m docs.build attacks"
    assert block(security, "attacks") == attacks_table(), "run: python -m docs.build attacks"


def test_the_table_of_limits_has_every_limit_with_its_default() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in FORMAT.splitlines() if line[:2] == "| "]
    shown: dict[str, float] = {}
    for cells in rows:
        names = re.findall(r"`(\w+)`", cells[0])
        if names and set(names) <= set(Limits.model_fields):
            shown |= dict(zip(names, map(float, cells[1].split(",")), strict=True))
    assert shown == {name: float(field.default) for name, field in Limits.model_fields.items()}


@pytest.mark.parametrize(
    ("row", "limit"),
    [
        ("the upload", "upload_bytes"),
        ("all files, unpacked", "total_bytes"),
        ("one file, unpacked", "file_bytes"),
        ("files and folders", "files"),
        ("files that differ from the starter", "changed_files"),
        ("folders in a path", "depth"),
        ("characters in a path", "path_chars"),
        ("entries looked at, left-out ones included", "scanned_entries"),
        ("an unpacked tar, left-out files included", "scanned_bytes"),
    ],
)
def test_the_limits_of_a_submission_are_as_the_table_says(row: str, limit: str) -> None:
    match = re.search(rf"^\| {re.escape(row)} \| ([\d,]+)( MiB)? \|$", FORMAT, re.MULTILINE)
    assert match is not None
    shown = int(match[1].replace(",", "")) * (1024 * 1024 if match[2] else 1)
    assert shown == SubmissionLimits.model_fields[limit].default


def test_the_grade_that_is_shown_is_one_and_follows_from_its_tests() -> None:
    grade = example("grade", Grade)
    assert isinstance(grade, Grade)
    for shown in grade.requirements:
        stated = Requirement(id=shown.id, title=shown.title, points=shown.points, message="as in the manifest")
        assert grade_requirement(stated, grade.tests) == shown
    assert grade.score == sum(requirement.earned for requirement in grade.requirements)
    assert grade.verdict is verdict_of(grade.tests, grade.score)


def test_the_candidates_view_that_is_shown_is_that_of_the_same_grade() -> None:
    grade = example("grade", Grade)
    assert isinstance(grade, Grade)
    assert example("candidate", CandidateGrade) == for_candidate(grade)


def test_all_json_in_the_pages_is_json() -> None:
    found = [block for page in pages() for block in page.blocks if block.language == "json"]
    assert found
    for each in found:
        json.loads(each.text)


def test_pictures_load_nothing_from_elsewhere() -> None:
    pictures = {path.name: path.read_text() for path in (ROOT / "docs" / "images").glob("*.svg")}
    assert set(pictures) == {"demo.svg", "grade.svg"}
    for text in pictures.values():
        ElementTree.fromstring(text)
        assert set(re.findall(r"https?://[^\s\"')]+", text)) == {"http://www.w3.org/2000/svg"}
        assert "@import" not in text
