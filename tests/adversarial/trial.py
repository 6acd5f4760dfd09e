"""One attack, tried: against the sandbox as it is, beside an honest neighbour, and against one without a mitigation."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from unittest import mock

from api.redaction import for_candidate
from runner.attacks.check import attempt_of
from runner.attacks.finder import find_attacks
from runner.attacks.judge import Attempt, gains, said_by
from runner.attacks.limits import limits_under
from runner.attacks.model import Attack
from runner.attacks.payload import WON, submission_of, tests_of
from runner.errors import MendboxError
from runner.grading.models import Grade
from runner.grading.report import Sandbox
from runner.grading.service import GradingOptions, grade_submission
from runner.packages.package import ChallengePackage
from runner.sandbox import pair
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.relay import Relay
from runner.sandbox.settings import SandboxSettings
from runner.submissions.model import Submission
from tests.adversarial.naive import NaiveSandbox
from tests.adversarial.target import Target
from tests.adversarial.weaknesses import AlteredEngine, Change, Changes, owned, raised, weakened
from tests.support.runtimes import patient

#: What an attacker who owns the app's container puts into frames, to see whether it comes through.
MARK = b"FORGED"
_SEED = 11
#: Hundreds of processes, or of megabytes, take gVisor seconds each hundred.
_TIME_TO_TAKE = 4.0


@dataclass(frozen=True)
class Watched:
    """What the relay sent to each side."""

    to_app: bytearray
    to_grader: bytearray


@contextlib.contextmanager
def watched() -> Iterator[Watched]:
    """Record what relays send."""
    seen = Watched(bytearray(), bytearray())
    real = pair.Pair._flush

    def flush(self: pair.Pair, relay: Relay) -> None:
        for frames, record in ((relay.to_app, seen.to_app), (relay.to_grader, seen.to_grader)):
            for frame in frames:
                record += repr(frame.fields).encode("utf-8", "replace") + bytes(frame.body[:65536])
        real(self, relay)

    with mock.patch.object(pair.Pair, "_flush", flush):
        yield seen


ATTACKS = find_attacks()


def _group(attack: Attack) -> list[Attack]:
    """The attacks that can be tried together without their mitigation: they only look, and change nothing."""
    if not attack.only_looks:
        return [attack]
    return [other for other in ATTACKS if other.only_looks and other.stopped_by == attack.stopped_by]


@dataclass(frozen=True)
class Trial:
    """Tries attacks on a target, in pairs started by `settings`."""

    target: Target
    settings: SandboxSettings
    sandbox: Sandbox
    neighbour: Sandbox
    gvisor: bool = False
    _tried: dict[tuple[str, ...], Attempt] = field(default_factory=dict)

    def as_it_is(self, attack: Attack) -> tuple[list[str], Grade]:
        """What the attacker gains, and the grade of an honest submission that was graded meanwhile."""
        with ThreadPoolExecutor(1) as thread, watched() as seen:
            beside = thread.submit(self._honest)
            with self._sandbox_for(attack) as sandbox:
                attempt = self._attempt([attack], sandbox, self._package(attack, ()))
            attempt = replace(attempt, marked_bytes_came_through=MARK in seen.to_grader)
            honest = beside.result()
        got = self._gains(attack, attempt)
        if self.target.canary.encode() in seen.to_app:
            got.append("the canary was sent to the app")
        if self.gvisor and attack.gvisor_gives and not self._says_so(attack, attempt):
            got.append("nothing: take gvisor_gives out of its file")
        return got, honest

    def _says_so(self, attack: Attack, attempt: Attempt) -> bool:
        return attempt.grade is not None and f"{WON} {attack.name}" in said_by(attempt.grade)

    def without_its_mitigation(self, attack: Attack) -> list[str]:
        """What the attacker gains once what is to stop the attack is off.

        Probes of the same walls go into one submission: each says for itself whether it got through.
        """
        group = _group(attack)
        if len(group) > 1:
            if attack.stopped_by not in self._tried:
                with weakened(attack.stopped_by) as changes:
                    attempt = self._attempt_on_weak(group, changes)
                self._tried[attack.stopped_by] = attempt
            tried = self._tried[attack.stopped_by]
            if self._refused_by_gvisor(attack, tried):
                return []
            assert tried.grade is not None, tried.fault
            return self._gains(attack, tried)
        with watched() as seen, weakened(attack.stopped_by) as changes:
            attempt = self._attempt_on_weak([attack], changes)
            came_through = MARK in seen.to_grader
        if self._refused_by_gvisor(attack, attempt):
            return []
        if attempt.grade is None and attack.sign != "platform_fault":
            raise AssertionError(f"the weaker sandbox gave no grade: {attempt.fault}")
        got = self._gains(attack, replace(attempt, marked_bytes_came_through=came_through))
        if "redaction" in attack.stopped_by and attempt.grade is not None:
            got += ["the canary was shown"] if self.target.canary in attempt.grade.model_dump_json() else []
        return got

    def _refused_by_gvisor(self, attack: Attack, attempt: Attempt) -> bool:
        """Whether there was no weaker sandbox to attack, since gVisor does not start one so made."""
        return self.gvisor and bool(attack.gvisor_stops) and attempt.grade is None

    def _gains(self, attack: Attack, attempt: Attempt) -> list[str]:
        _, score = self.target.base(attack.onto)
        got = gains(attack, attempt, base_score=score, canary=self.target.canary)
        if attempt.grade is not None and self.target.canary in for_candidate(attempt.grade).model_dump_json():
            got.append("the canary is in the candidate's view")
        return got

    def _attempt_on_weak(self, attacks: Sequence[Attack], changes: Changes) -> Attempt:
        attack = attacks[0]
        if attack.pid1:
            changes = replace(changes, command=(*changes.command, self._owned(attack)))
        engine = AlteredEngine(changes)
        try:
            package = self._package(attack, attack.stopped_by)
            if "apart" in attack.stopped_by:
                assert package.inventory is not None
                return self._attempt(attacks, NaiveSandbox(engine, self.settings, package.inventory), package)
            sandbox = DockerSandbox(engine, replace(self.settings, warm_pairs=0))
            try:
                return self._attempt(attacks, sandbox, package)
            finally:
                sandbox.close()
        finally:
            engine.close()

    @contextlib.contextmanager
    def _sandbox_for(self, attack: Attack) -> Iterator[Sandbox]:
        if not attack.pid1:
            yield self.sandbox
            return
        engine = AlteredEngine(Changes(command=(self._owned(attack),)))
        sandbox = DockerSandbox(engine, replace(self.settings, warm_pairs=0))
        try:
            yield sandbox
        finally:
            sandbox.close()
            engine.close()

    def _owned(self, attack: Attack) -> Change:
        return owned(attack.pid1, tests_of(self.target.package))

    def _package(self, attack: Attack, without: tuple[str, ...]) -> ChallengePackage:
        package = self.target.package
        limits = raised(limits_under(attack, package.manifest.limits, len(tests_of(package))), without)
        manifest = package.manifest.model_copy(
            update={"limits": patient(limits, gvisor=self.gvisor, slower=_TIME_TO_TAKE)}
        )
        return replace(package, manifest=manifest)

    def _attempt(self, attacks: Sequence[Attack], sandbox: Sandbox, package: ChallengePackage) -> Attempt:
        base, _ = self.target.base(attacks[0].onto)
        submission = Submission({}) if attacks[0].pid1 else submission_of(attacks, package, base)
        try:
            return attempt_of(package, submission, sandbox, seed=_SEED)
        except MendboxError as fault:
            return Attempt(None, fault.message)

    def _honest(self) -> Grade:
        return grade_submission(self.target.package, self.target.honest, self.neighbour, GradingOptions(seed=_SEED))
