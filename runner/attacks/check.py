"""Tries the attacks on any challenge, by its candidates' own path: what `mendbox challenge check --attacks` does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from runner.attacks.canary import new_canary, with_canary
from runner.attacks.judge import Attempt, gains
from runner.attacks.model import Attack
from runner.attacks.payload import NotApplicable, partial_base, submission_of
from runner.errors import PackageInvalid, PlatformFault, Problem, SubmissionRejected
from runner.grading.proof import score_of
from runner.grading.report import Sandbox
from runner.grading.service import GradingOptions, grade_submission, run_suite
from runner.limits import Limits
from runner.packages.package import ChallengePackage, Files
from runner.submissions.model import Submission


def applicable(attacks: Sequence[Attack]) -> list[Attack]:
    """Those that are a submission. The others attack the worker in ways that no challenge has a part in."""
    return [attack for attack in attacks if not attack.pid1]


def attack_challenge(
    package: ChallengePackage,
    attacks: Sequence[Attack],
    sandbox: Sandbox,
    *,
    jobs: int = 2,
    ran: Callable[[str], None] = lambda name: None,
) -> list[Problem]:
    """Try `attacks`, `jobs` at a time; a problem for each that gained something. `ran` is told each attack's name.

    The package needs its inventory. Raises PackageInvalid when the suite can't run, and PlatformFault when none of it
    can; a fault in the midst of an attack is the attack's gain.
    """
    canary = new_canary()
    marked = with_canary(package, canary)
    base = _partial(marked, sandbox)

    def one(attack: Attack) -> Problem | None:
        files, score = ({}, 0) if attack.onto == "starter" else base
        gained = _try(marked, attack, files, sandbox, score, canary)
        ran(attack.name)
        return Problem(f"attacks/{attack.threat}/{attack.name}", "", "; ".join(gained)) if gained else None

    with ThreadPoolExecutor(jobs) as threads:
        return [problem for problem in threads.map(one, applicable(attacks)) if problem is not None]


def _try(
    package: ChallengePackage, attack: Attack, base: Files, sandbox: Sandbox, score: int, canary: str
) -> list[str]:
    try:
        submission = submission_of([attack], package, base)
    except (NotApplicable, SubmissionRejected):
        return []
    limits = Limits.model_validate({**package.manifest.limits.model_dump(), **attack.limits})
    attacked = replace(package, manifest=package.manifest.model_copy(update={"limits": limits}))
    try:
        attempt = Attempt(grade_submission(attacked, submission, sandbox, GradingOptions(seed=1)))
    except PlatformFault as fault:
        attempt = Attempt(None, fault.message)
    return gains(attack, attempt, base_score=score, canary=canary)


def _partial(package: ChallengePackage, sandbox: Sandbox) -> tuple[Files, int]:
    """The files and the score of the mistake that earns most; the starter and 0 where none earns anything."""
    scores = dict(_scores(package, sandbox))
    try:
        name = partial_base(package, scores)
    except NotApplicable:
        return {}, 0
    return package.mistakes[name].files, scores[name]


def _scores(package: ChallengePackage, sandbox: Sandbox) -> Iterator[tuple[str, int]]:
    if package.inventory is None:
        raise PackageInvalid(package.slug, [Problem("inventory.json", "", "is missing: attacks need it to be graded")])
    for name, mistake in package.mistakes.items():
        report = run_suite(package, Submission(mistake.files), sandbox, GradingOptions(seed=1))
        yield name, score_of(package, package.inventory, report)
