"""A package that is right in everything, and the means to spoil it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from runner.errors import Problem
from runner.packages.certificate import Certificate, MutationScore, ProposedLimits, TimedTest
from runner.packages.diagnose import diagnose
from runner.packages.loader import parse_package
from runner.packages.package import ChallengePackage
from runner.packages.scaffold import scaffold
from runner.packages.tree import Tree

SLUG = "late-fees"
GOOD: Mapping[str, bytes] = scaffold(SLUG, "Late fees")


def tree_of(files: Mapping[str, bytes]) -> Tree:
    """The files as if read from a folder, with the folders that their paths imply."""
    folders = {path.rsplit("/", end)[0] for path in files for end in range(1, path.count("/") + 1)}
    return Tree(files=dict(files), folders=sorted(folders))


def parsed(files: Mapping[str, bytes], slug: str = SLUG) -> tuple[ChallengePackage | None, list[Problem]]:
    """The package and its problems of form."""
    return parse_package(slug, tree_of(files))


def with_inventory(files: Mapping[str, bytes], **changes: object) -> dict[str, bytes]:
    """The files with an inventory that fits them, but for `changes` to its keys."""
    package, _ = parsed({path: data for path, data in files.items() if path != "inventory.json"})
    assert package is not None
    ids = sorted({test for mistake in package.mistakes.values() for test in mistake.must_fail})
    tests = [{"id": each, "requirement": "R1", "kind": "fix"} for each in ids]
    inventory = {"format": 1, "derived_from": package.evidence_digest, "tests": tests, **changes}
    return {**files, "inventory.json": json.dumps(inventory).encode()}


def with_inventories(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with inventories that fit them, also of their bugs."""
    package, _ = parsed({path: data for path, data in files.items() if not path.endswith("inventory.json")})
    if package is None:
        return dict(files)
    whole = with_inventory(files)
    for name, bug in package.bugs.items():
        of_bug = with_inventory({path: data for path, data in files.items() if not path.startswith("bugs/")})
        inventory = json.loads(of_bug["inventory.json"]) | {"derived_from": bug.evidence_digest}
        ids = sorted({test for mistake in bug.mistakes.values() for test in mistake.must_fail})
        inventory["tests"] = [{"id": each, "requirement": "R1", "kind": "fix"} for each in ids]
        whole[f"bugs/{name}/inventory.json"] = json.dumps(inventory).encode()
    return whole


def problems_of(changes: Mapping[str, bytes | None], *, fresh: bool = True) -> list[str]:
    """What loader and checks say of the good package with some files changed, added or (None) taken out."""
    files = {path: data for path, data in {**GOOD, **changes}.items() if data is not None}
    package, problems = parsed(with_inventory(files) if fresh else files)
    return [str(problem) for problem in (*problems, *(diagnose(package) if package else ()))]


def certificate(digest: str) -> Certificate:
    """One for the content of that digest."""
    return Certificate(
        digest=digest,
        mendbox="1.0",
        runs=20,
        surroundings=("here",),
        tests=(TimedTest(id="test_fees.py::test_x", p95_s=0.1),),
        proposed=ProposedLimits(app_start_s=2, test_s=2, grading_s=5),
        mutation=MutationScore(killed=9, survived=1, equivalent=0),
    )


_SHOWN = '"fee_cents": fee_cents(loan.due, loan.returned) if loan.returned else None,'
_PAGES = GOOD["starter/library/views.py"].decode().replace("from library.fees import fee_cents\n", "")


def _pages(fee: str) -> bytes:
    """The views in a module of another name, which reckon the fee themselves, from the number of days."""
    assert _SHOWN in _PAGES
    helper = (
        "def fee_of(loan):\n"
        "    if loan.returned is None:\n"
        "        return None\n"
        "    days = (loan.returned - loan.due).days\n"
        f"    return {fee}\n\n\n"
    )
    changed = _PAGES.replace(_SHOWN, '"fee_cents": fee_of(loan),').replace("def as_json", helper + "def as_json", 1)
    return changed.encode()


_WRONG = {
    "no-cap": ("max(days, 0) * 25", "test_fees.py::test_a_return_is_capped[41]"),
    "refunds": ("min(days * 25, 1000)", "test_fees.py::test_an_early_book_is_free_and_shown_whole"),
    "grace-day": ("min(max(days - 1, 0) * 25, 1000)", "test_fees.py::test_each_day_late_costs_the_same[1-25]"),
    "never-charges": ("0", "test_fees.py::test_each_day_late_costs_the_same[2-50]"),
    "too-low-a-cap": ("min(max(days, 0) * 25, 900)", "test_fees.py::test_the_list_is_capped"),
}
#: The good package, with variants: two words that differ, and a second bug, where the app is laid out otherwise.
VARYING: Mapping[str, bytes] = {
    **GOOD,
    "challenge.toml": GOOD["challenge.toml"]
    + b"""
[[variations]]
name = "lent"
values = [["book", "books"], ["film", "films"], ["game", "games"]]

[[variations]]
name = "package"
values = [["library", "Library"], ["archive", "Archive"]]

[[bugs]]
name = "in-the-pages"
summary = "The pages reckon the fee themselves."
without = ["starter/library/views.py", "starter/library/fees.py"]
""",
    "bugs/in-the-pages/starter/library/__init__.py": GOOD["starter/library/__init__.py"].replace(b".views", b".pages"),
    "bugs/in-the-pages/starter/library/pages.py": _pages("max(days + 1, 0) * 25"),
    "bugs/in-the-pages/fixes/at-once/library/pages.py": _pages("min(max(days, 0) * 25, 1000)"),
    "bugs/in-the-pages/fixes/in-steps/library/pages.py": _pages("0 if days < 0 else 1000 if days > 40 else 25 * days"),
    **{f"bugs/in-the-pages/mistakes/{name}/library/pages.py": _pages(fee) for name, (fee, _) in _WRONG.items()},
    **{
        f"bugs/in-the-pages/mistakes/{name}/mistake.toml": f'summary = "{name}"\nmust_fail = ["{test}"]\n'.encode()
        for name, (_, test) in _WRONG.items()
    },
}
