"""A fix for one seeded bug must not serve where another is seeded."""

from __future__ import annotations

from runner.grading.crossing import crossed, crossings_of
from runner.grading.report import Sandbox
from runner.packages.inventory import Inventory, InventoryTest, TestKind
from runner.packages.package import ChallengePackage
from tests.packages.samples import GOOD, VARYING, parsed, with_inventories

BUG = "bugs/in-the-pages/"


#: A fix test of each requirement, on either bug.
TESTS = (
    InventoryTest(id="test_fees.py::test_the_due_day_is_in_time", requirement="R1", kind=TestKind.FIX),
    InventoryTest(id="test_fees.py::test_the_list_is_capped", requirement="R2", kind=TestKind.FIX),
)


def seeded(files: dict[str, bytes]) -> dict[str, tuple[ChallengePackage, Inventory]]:
    """The folder as it stands and its bug."""
    package, problems = parsed(with_inventories(files))
    assert package is not None, problems
    both = {"": package, BUG: package.bugs["in-the-pages"]}
    return {folder: (each, Inventory(derived_from=each.evidence_digest, tests=TESTS)) for folder, each in both.items()}


def test_every_fix_goes_to_every_other_bug() -> None:
    packages = {folder: package for folder, (package, _) in seeded(dict(VARYING)).items()}
    assert [(place, there) for place, _, there in crossings_of(packages)] == [
        ("fixes/clamped", BUG),
        ("fixes/early-return", BUG),
        (f"{BUG}fixes/at-once", ""),
        (f"{BUG}fixes/in-steps", ""),
    ]
    assert crossings_of({"": packages[""]}) == []


def test_bugs_in_one_place_are_told_and_bugs_in_two_are_not(sandbox: Sandbox) -> None:
    apart = seeded(dict(VARYING))
    crossings = crossings_of({folder: package for folder, (package, _) in apart.items()})
    ran: list[str] = []
    assert crossed(apart, crossings, sandbox, jobs=2, ran=ran.append) == []
    assert sorted(ran) == sorted(place for place, _, _ in crossings)

    # Two bugs in files that both have: a fix of one is none of the other, but the other's starter has it mended.
    views = VARYING[f"{BUG}starter/library/pages.py"]
    same = {path: data for path, data in VARYING.items() if not path.startswith(BUG)}
    same["challenge.toml"] = same["challenge.toml"].partition(b"without")[0]
    same[f"{BUG}starter/library/fees.py"] = GOOD["fixes/clamped/library/fees.py"]
    same[f"{BUG}starter/library/views.py"] = views
    same |= {
        path.replace("pages.py", "views.py"): data for path, data in VARYING.items() if path.startswith(f"{BUG}fixes/")
    }
    same |= {
        path.replace("pages.py", "views.py"): data
        for path, data in VARYING.items()
        if path.startswith(f"{BUG}mistakes/")
    }
    together = seeded(same)
    crossings = crossings_of({folder: package for folder, (package, _) in together.items()})
    problems = crossed(together, crossings, sandbox, jobs=2)
    assert {problem.file for problem in problems} == {
        "starter/",
        f"{BUG}starter/",
        f"{BUG}fixes/at-once/",
        f"{BUG}fixes/in-steps/",
    }, problems
    assert problems[0].message.startswith(f"scores 100 where the bug of {BUG} is seeded")
