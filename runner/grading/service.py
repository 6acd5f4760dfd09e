"""Grades one submission: lays it over the starter, has a sandbox run the hidden suite, judges what it reported."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from runner.errors import ChallengeUnsuited, PackageInvalid, Problem
from runner.grading.models import (
    Environment,
    Grade,
    GradedChallenge,
    GradedSubmission,
    Receipt,
    Timing,
)
from runner.grading.report import Exchange, Observer, RunReport, Sandbox, Work
from runner.grading.scoring import grade_requirement, grade_tests, verdict_of
from runner.integrity.facts import integrity_of
from runner.packages.inventory import Inventory, command_to_derive
from runner.packages.package import ChallengePackage
from runner.submissions.model import Submission
from runner.surroundings import HERE_AND_NOW, Surroundings


@dataclass(frozen=True, slots=True)
class GradingOptions:
    """What may differ between two gradings of one submission. `seed` None draws one; `queued_s` is waiting time.

    With `first_failure_ends` the tests after the first that fails do not run: for who asks only whether all pass.
    """

    seed: int | None = None
    queued_s: float = 0.0
    observe: Observer = lambda kind, data: None
    watch: Callable[[Exchange], None] | None = None
    first_failure_ends: bool = False
    surroundings: Surroundings = HERE_AND_NOW


def grade_submission(
    package: ChallengePackage, submission: Submission, sandbox: Sandbox, options: GradingOptions | None = None
) -> Grade:
    """Grade. Raises PlatformFault, and PackageInvalid when the package has no inventory that fits its suite."""
    options = options or GradingOptions()
    inventory = _inventory(package)
    seed = secrets.randbelow(2**31) if options.seed is None else options.seed
    started = time.monotonic()
    report = run_suite(package, submission, sandbox, replace(options, seed=seed))
    _agree(package, inventory, report)
    total_s = options.queued_s + time.monotonic() - started
    return make_grade(package, submission, report, GradeContext(seed, options.queued_s, total_s, sandbox.environment))


def run_suite(
    package: ChallengePackage, submission: Submission, sandbox: Sandbox, options: GradingOptions
) -> RunReport:
    """Run the hidden suite without judging it. Raises PlatformFault, PackageInvalid."""
    work = Work(
        tree={**package.starter, **submission.files},
        harness=package.harness,
        hidden=package.hidden,
        entry=package.manifest.app.entry,
        limits=package.manifest.limits,
        seed=options.seed or 0,
        watch=options.watch,
        services=package.manifest.services,
        first_failure_ends=options.first_failure_ends,
        surroundings=options.surroundings,
    )
    try:
        return sandbox.run(work, options.observe)
    except ChallengeUnsuited:
        raise  # nothing is wrong with the package, and its own hint says where to go
    except PackageInvalid as error:
        raise PackageInvalid(package.slug, error.problems) from error


@dataclass(frozen=True, slots=True)
class GradeContext:
    """What a grade says beside the tests. Seconds."""

    seed: int
    queued_s: float
    total_s: float
    environment: Mapping[str, Any]


def make_grade(package: ChallengePackage, submission: Submission, report: RunReport, context: GradeContext) -> Grade:
    """The grade of a run: pure."""
    tests = grade_tests(_inventory(package), report)
    requirements = [grade_requirement(requirement, tests) for requirement in package.manifest.requirements]
    score = sum(requirement.earned for requirement in requirements)
    verdict = verdict_of(tests, score)
    environment = context.environment
    return Grade(
        challenge=GradedChallenge(
            slug=package.slug, version=package.manifest.version, digest=package.digest, variant=package.variant
        ),
        submission=GradedSubmission(digest=submission.digest, files=submission.paths),
        outcome=report.outcome,
        outcome_message=report.outcome_message,
        verdict=verdict,
        score=score,
        requirements=requirements,
        tests=tests,
        timing=Timing(
            queued_s=round(context.queued_s, 6),
            startup_s=round(report.startup_s, 6),
            tests_s=round(report.tests_s, 6),
            total_s=round(context.total_s, 6),
            warm=report.warm,
        ),
        environment=Environment(
            image=str(environment.get("image", "")),
            python=str(environment.get("python", "")),
            runtime=str(environment.get("runtime", "")),
            limits=package.manifest.limits.model_dump(),
        ),
        receipt=Receipt(
            challenge=package.slug,
            variant=package.variant,
            challenge_digest=package.digest,
            submission_digest=submission.digest,
            image=str(environment.get("image_id", "")),
            seed=context.seed,
            runtime=str(environment.get("runtime", "")),
            versions={"mendbox": str(environment.get("mendbox", "")), "python": str(environment.get("python", ""))},
            score=score,
            verdict=verdict,
        ),
        facts=dict(report.facts),
        phases={name: round(seconds, 6) for name, seconds in report.phases.items()},
        start_output=report.start_output,
        integrity=integrity_of(report.facts),
    )


def _inventory(package: ChallengePackage) -> Inventory:
    if package.inventory is None:
        problem = Problem("inventory.json", "", f"is missing; run: {command_to_derive(package.slug)}")
        raise PackageInvalid(package.slug, [problem])
    return package.inventory


def _agree(package: ChallengePackage, inventory: Inventory, report: RunReport) -> None:
    """The suite that ran must be the one that the inventory was derived from, test for test."""
    expected = {test.id: test.requirement for test in inventory.tests}
    differing = sorted(set(expected.items()) ^ set(report.collected.items()), key=str)
    if differing:
        names = ", ".join(sorted({identity for identity, _ in differing})[:5])
        problem = Problem(
            "inventory.json",
            "tests",
            f"does not fit hidden/ ({names}); run: {command_to_derive(package.slug)}",
        )
        raise PackageInvalid(package.slug, [problem])
