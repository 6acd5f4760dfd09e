"""Static checks of a challenge package: what an author can be told without running anything.

Each check lists problems and none raises; the loader decides what a package is, these decide whether it is fit to ship.
Problems whose file is `inventory.json` are mended by `mendbox challenge check --write`.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from runner.errors import ChallengeNotFound, Problem, SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.certificate import CERTIFICATE
from runner.packages.editions import editions_of
from runner.packages.inventory import command_to_derive
from runner.packages.leaks import find_leaks
from runner.packages.loader import BRIEF, HARNESS, INVENTORY, below, parse_package
from runner.packages.manifest import MANIFEST
from runner.packages.mutants import MUTANTS
from runner.packages.package import ChallengePackage, Files
from runner.packages.rewording import moved_variants, wording_problems
from runner.packages.suite import Suite, is_test_file, read_suite
from runner.packages.texts import text_problems
from runner.packages.tree import read_tree
from runner.submissions.globs import check_glob, matches_any
from runner.submissions.normalise import normalise
from runner.submissions.uploads import DirectoryUpload, Entry

LEAST_FIXES = 2
LEAST_MISTAKES = 5
#: A candidate has to read it all: Python and templates, without blank lines and without tests.
MOST_APP_LINES = 600
_REQUIREMENT = re.compile(r"\bR[1-9][0-9]?\b")
#: What belongs beside the starter and must not be handed out with it.
_NOT_FOR_CANDIDATES = (
    "hidden",
    "fixes",
    "mistakes",
    "bugs",
    "harness.py",
    "notes.md",
    MANIFEST,
    INVENTORY,
    CERTIFICATE,
    MUTANTS,
)


def diagnose_folder(
    folder: Path, limits: SubmissionLimits | None = None, *, to_be_derived: bool = False
) -> tuple[ChallengePackage | None, list[Problem]]:
    """The package in `folder`, None when its form is wrong, and everything wrong with it, its form included.

    With `to_be_derived` its inventory is left out, however wrong: it is to be written anew. Raises ChallengeNotFound
    when there is no such folder.
    """
    if not folder.is_dir():
        raise ChallengeNotFound(f"there is no folder {folder}", hint="see what there is: mendbox challenge list")
    tree = read_tree(folder)
    if to_be_derived:
        for path in [path for path in tree.files if _is_inventory(path)]:
            del tree.files[path]
    package, form = parse_package(folder.resolve().name, tree)
    content = read_suite(below(tree.files, "hidden/")).problems if package is None else diagnose(package, limits)
    problems = list(dict.fromkeys([*form, *content]))
    if to_be_derived:
        problems = [problem for problem in problems if not _is_inventory(problem.file)]
    return None if form else package, problems


def _is_inventory(path: str) -> bool:
    """The folder's inventory or that of one of its bugs."""
    folder, _, name = path.rpartition("/")
    return name == INVENTORY and (folder == "" or (folder.startswith("bugs/") and folder.count("/") == 1))


def diagnose(package: ChallengePackage, limits: SubmissionLimits | None = None) -> list[Problem]:
    """What is wrong with a package that could be loaded, and with a sample of its variants. Pure."""
    problems: dict[Problem, None] = {}
    for edition in editions_of(package):
        for problem in _of_one(edition.package, limits or SubmissionLimits()):
            # What is wrong with a file that all share is told once, and an inventory that is written where it is.
            if problem not in problems and (edition.is_written or problem.file != INVENTORY):
                problems.setdefault(edition.told(problem))
    return [*problems, *wording_problems(package), *moved_variants(package)]


def _of_one(package: ChallengePackage, limits: SubmissionLimits) -> list[Problem]:
    suite = read_suite(package.hidden)
    return [
        *_editable(package),
        *_brief(package),
        *_harness(package),
        *_starter(package),
        *_hidden(package, suite),
        *_fixes(package),
        *_mistakes(package, suite),
        *_as_submissions(package, limits),
        *_inventory(package),
        *find_leaks(suite.tests, _public(package)),
        *text_problems(package),
    ]


def _ids(package: ChallengePackage) -> list[str]:
    return [requirement.id for requirement in package.manifest.requirements]


def _editable(package: ChallengePackage) -> list[Problem]:
    problems: list[Problem] = []
    for index, pattern in enumerate(package.manifest.editable):
        try:
            check_glob(pattern)
        except ValueError as error:
            problems.append(Problem(MANIFEST, f"editable.{index}", f"{error}, found {pattern!r}"))
    if not problems and not any(matches_any(path, package.manifest.editable) for path in package.starter):
        problems.append(Problem(MANIFEST, "editable", "covers no file of the starter; nothing could be mended"))
    if not problems:
        paths = {path for files in _trees(package).values() for path in files}
        problems = [
            Problem(MANIFEST, f"editable.{index}", f"{pattern!r} matches no file of the starter, a fix or a mistake")
            for index, pattern in enumerate(package.manifest.editable)
            if not any(matches_any(path, [pattern]) for path in paths)
        ]
    return problems


def _trees(package: ChallengePackage) -> dict[str, Files]:
    """The starter, and each fix and mistake laid over it, by their folders."""
    trees: dict[str, Files] = {"starter": package.starter}
    trees.update({f"fixes/{name}": {**package.starter, **files} for name, files in package.fixes.items()})
    trees.update({f"mistakes/{name}": {**package.starter, **each.files} for name, each in package.mistakes.items()})
    return trees


def _brief(package: ChallengePackage) -> list[Problem]:
    named = set(_REQUIREMENT.findall(package.brief))
    ids = _ids(package)
    missing = [Problem(BRIEF, "", f"does not name requirement {each}; state it") for each in ids if each not in named]
    unknown = [
        Problem(BRIEF, "", f"names {each}, which {MANIFEST} does not have; add it there or take it out")
        for each in sorted(named - set(ids))
    ]
    return missing + unknown


def _harness(package: ChallengePackage) -> list[Problem]:
    try:
        module = ast.parse(package.harness)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        return [Problem(HARNESS, f"line {line}" if line else "", f"is not Python: {getattr(error, 'msg', error)}")]
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name == "build":
            arguments = node.args.posonlyargs + node.args.args
            if len(arguments) - len(node.args.defaults) <= 1 <= len(arguments):
                return []
            return [Problem(HARNESS, f"line {node.lineno}", "build must take one argument, the context")]
    return [Problem(HARNESS, "", "has no function build(context); add one that gives the app with its data seeded")]


def _starter(package: ChallengePackage) -> list[Problem]:
    problems: list[Problem] = []
    module = package.manifest.app.entry.split(":")[0].replace(".", "/")
    if f"{module}.py" not in package.starter and f"{module}/__init__.py" not in package.starter:
        problems.append(Problem(MANIFEST, "app.entry", f"the starter has neither {module}.py nor {module}/__init__.py"))
    if not any(is_test_file(path) for path in package.starter):
        problems.append(Problem("starter/", "", "has no visible tests; add a test_*.py that passes as it stands"))
    if (lines := app_lines(package.starter)) > MOST_APP_LINES:
        problems.append(
            Problem(
                "starter/", "", f"the app has {lines} lines, and a candidate reads at most {MOST_APP_LINES}; cut it"
            )
        )
    tops = {path.split("/", 1)[0] for path in package.starter}
    problems += [
        Problem(f"starter/{name}", "", "would be handed to candidates; it belongs beside starter/")
        for name in _NOT_FOR_CANDIDATES
        if name in tops
    ]
    return problems


def app_lines(starter: Files) -> int:
    """How many lines a candidate has to read: those of modules and templates that are not blank, tests left out."""
    app = [
        content
        for path, content in starter.items()
        if not path.startswith("tests/") and (path.endswith(".py") or "templates" in path.split("/"))
    ]
    return sum(1 for content in app for line in content.splitlines() if line.strip())


def _hidden(package: ChallengePackage, suite: Suite) -> list[Problem]:
    problems = list(suite.problems)
    ids = _ids(package)
    seen: set[str] = set()
    for test in suite.tests:
        file, _, name = test.id.partition("::")
        seen.update(test.requirements)
        if not test.requirements:
            problems.append(Problem(f"hidden/{file}", name, 'names no requirement; add @requirement("R1", "…")'))
        problems += [
            Problem(f"hidden/{file}", name, f"names {each}, which {MANIFEST} does not have")
            for each in test.requirements
            if each not in ids
        ]
    for index, each in enumerate(ids):
        if each not in seen:
            problems.append(Problem(MANIFEST, f"requirements.{index}", f"no hidden test shows {each}; add one"))
    names = [test.id for test in suite.tests]
    for doubled in sorted({name for name in names if names.count(name) > 1}):
        file, _, name = doubled.partition("::")
        problems.append(Problem(f"hidden/{file}", name, "is defined twice; the second hides the first"))
    return problems


def _overlay(package: ChallengePackage, place: str, files: Files) -> list[Problem]:
    """What holds for fixes and mistakes alike: changed files only, and only such as a candidate may change."""
    if not files:
        return [Problem(place, "", "changes nothing; add the changed files by their path below starter/")]
    problems: list[Problem] = []
    for path, data in files.items():
        if package.starter.get(path) == data:
            problems.append(Problem(f"{place}/{path}", "", "equals the starter's file; take it out"))
        elif not matches_any(path, package.manifest.editable):
            problems.append(
                Problem(f"{place}/{path}", "", f"is not covered by editable in {MANIFEST}; a candidate can't send it")
            )
    return problems


def _fixes(package: ChallengePackage) -> list[Problem]:
    problems: list[Problem] = []
    if len(package.fixes) < LEAST_FIXES:
        problems.append(
            Problem("fixes/", "", f"holds {len(package.fixes)}, needs {LEAST_FIXES} that differ in style; add one")
        )
    for name, files in package.fixes.items():
        problems += _overlay(package, f"fixes/{name}", files)
    return problems


def _mistakes(package: ChallengePackage, suite: Suite) -> list[Problem]:
    problems: list[Problem] = []
    if len(package.mistakes) < LEAST_MISTAKES:
        problems.append(
            Problem("mistakes/", "", f"holds {len(package.mistakes)}, needs {LEAST_MISTAKES} plausible ones; add more")
        )
    functions = {test.id for test in suite.tests}
    exact = {test.id for test in package.inventory.tests} if package.inventory else None
    for name, mistake in package.mistakes.items():
        place = f"mistakes/{name}"
        problems += _overlay(package, place, mistake.files)
        for index, test_id in enumerate(mistake.must_fail):
            # The inventory was derived by running the suite; without one only the function can be looked up.
            known = test_id in exact if exact is not None else test_id.split("[", 1)[0] in functions
            if not known:
                problems.append(
                    Problem(
                        f"{place}/mistake.toml",
                        f"must_fail.{index}",
                        f"there is no hidden test {test_id}; write it as pytest does, relative to hidden/",
                    )
                )
    return problems


def _as_submissions(package: ChallengePackage, limits: SubmissionLimits) -> list[Problem]:
    """The starter and every overlay on it, sent as a candidate would send a whole folder: paths, names and sizes."""
    problems: list[Problem] = []
    # What is wrong with the starter is in every tree, and told once.
    told: set[tuple[str | None, str]] = set()
    for place, tree in _trees(package).items():
        upload = DirectoryUpload(tuple(Entry(path, data) for path, data in tree.items()))
        try:
            # What may be changed is _overlay's to say, file by file.
            normalise(upload, package.starter, ["**"], package.slug, limits)
        except SubmissionRejected as error:
            if (error.path, error.reason) in told:
                continue
            if place == "starter":
                told.add((error.path, error.reason))
            problems.append(
                Problem(f"{place}/{error.path}" if error.path else place, "", f"as a submission: {error.reason}")
            )
    return problems


def _inventory(package: ChallengePackage) -> list[Problem]:
    remedy = f"derive it anew: {command_to_derive(package.slug)}"
    inventory = package.inventory
    if inventory is None:
        return [Problem(INVENTORY, "", f"is missing; {remedy}")]
    problems: list[Problem] = []
    if inventory.derived_from != package.evidence_digest:
        problems.append(
            Problem(INVENTORY, "derived_from", f"starter, harness, hidden tests or fixes have changed since; {remedy}")
        )
    ids = _ids(package)
    names = [test.id for test in inventory.tests]
    for index, test in enumerate(inventory.tests):
        if test.requirement not in ids:
            problems.append(
                Problem(INVENTORY, f"tests.{index}.requirement", f"{test.requirement} is not in {MANIFEST}; {remedy}")
            )
        if test.id.split("::", 1)[0] not in package.hidden:
            problems.append(Problem(INVENTORY, f"tests.{index}.id", f"there is no hidden test {test.id}; {remedy}"))
        if test.id in names[:index]:
            problems.append(Problem(INVENTORY, f"tests.{index}.id", f"{test.id} is there twice; {remedy}"))
    return problems


def _public(package: ChallengePackage) -> dict[str, str]:
    texts = {f"starter/{path}": data.decode("utf-8", "replace") for path, data in package.starter.items()}
    return {BRIEF: package.brief, **texts}
