"""Tries the attacks on any challenge, by its candidates' own path: what `mendbox challenge check --attacks` does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from runner.attacks.canary import new_canary, with_canary
from runner.attacks.judge import Attempt, gains
from runner.attacks.limits import limits_under
from runner.attacks.model import Attack
from runner.attacks.payload import NotApplicable, partial_base, submission_of, tests_of
from runner.errors import PackageInvalid, PlatformFault, Problem, SubmissionRejected
from runner.grading.proof import score_of
from runner.grading.report import Sandbox
from runner.grading.service import GradingOptions, grade_submission, run_suite
from runner.packages.package import ChallengePackage, Files
from runner.submissions.model import Submission

_SEED = 1
_Map = Callable[[Callable[[str], int], Iterable[str]], Iterable[int]]


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
    with ThreadPoolExecutor(jobs) as threads:
        trial = _Trial(marked, sandbox, canary, _partial(marked, sandbox, threads.map), ran)
        problems = list(threads.map(trial.run, applicable(attacks)))
    return [problem for problem in problems if problem is not None]


def attempt_of(package: ChallengePackage, submission: Submission, sandbox: Sandbox, *, seed: int) -> Attempt:
    """Grade a submission that attacks, and watch what comes through. Raises PlatformFault, PackageInvalid."""
    sizes = [0]
    options = GradingOptions(seed=seed, watch=lambda exchange: sizes.append(len(exchange.answer)))
    return Attempt(grade_submission(package, submission, sandbox, options), largest_answer_bytes=max(sizes))


@dataclass(frozen=True)
class _Trial:
    """Attacks on one package. `partial`: the files and the score of a submission that earns some of the points."""

    package: ChallengePackage
    sandbox: Sandbox
    canary: str
    partial: tuple[Files, int]
    ran: Callable[[str], None]

    def run(self, attack: Attack) -> Problem | None:
        """Try one attack; what it gained, if anything."""
        attempt = self._attempt(attack)
        gained = self._gains(attack, attempt) if attempt is not None else []
        self.ran(attack.name)
        return Problem(f"attacks/{attack.threat}/{attack.name}", "", "; ".join(gained)) if gained else None

    def _gains(self, attack: Attack, attempt: Attempt) -> list[str]:
        return gains(attack, attempt, base_score=self._base(attack)[1], canary=self.canary)

    def _base(self, attack: Attack) -> tuple[Files, int]:
        return ({}, 0) if attack.onto == "starter" else self.partial

    def _attempt(self, attack: Attack) -> Attempt | None:
        """None where the challenge has no place for it."""
        package = self.package
        try:
            submission = submission_of([attack], package, self._base(attack)[0])
        except (NotApplicable, SubmissionRejected):
            return None
        limits = limits_under(attack, package.manifest.limits, len(tests_of(package)))
        attacked = replace(package, manifest=package.manifest.model_copy(update={"limits": limits}))
        try:
            return attempt_of(attacked, submission, self.sandbox, seed=_SEED)
        except PlatformFault as fault:
            return Attempt(None, fault.message)


def _partial(package: ChallengePackage, sandbox: Sandbox, each: _Map) -> tuple[Files, int]:
    """The files and the score of the mistake that earns most; the starter and 0 where none earns anything."""
    if package.inventory is None:
        raise PackageInvalid(package.slug, [Problem("inventory.json", "", "is missing: attacks need it to be graded")])
    inventory = package.inventory

    def score(name: str) -> int:
        submission = Submission(package.mistakes[name].files)
        return score_of(package, inventory, run_suite(package, submission, sandbox, GradingOptions(seed=_SEED)))

    names = sorted(package.mistakes)
    scores = dict(zip(names, each(score, names), strict=True))
    try:
        name = partial_base(package, scores)
    except NotApplicable:
        return {}, 0
    return package.mistakes[name].files, scores[name]
