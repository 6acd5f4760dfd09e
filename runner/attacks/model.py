"""What an attack is: hostile code or files for a submission, what it tries, and which mitigations are to stop it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from runner.attacks.mitigations import MITIGATIONS


class Threat(StrEnum):
    """What an attacker is after. Each has a folder of attacks."""

    FORGE = "forge"
    READ = "read"
    EXHAUST = "exhaust"
    ESCAPE = "escape"


#: How an attack shows that it succeeded, beside a score that rose, a canary that came out and the words `won(…)` of its
#: own code: `tests_not_run` (it kept other tests from running), `frames_refused` (it kept the worker busy with frames
#: that fit nothing), `reached_grader` (bytes that it marked came through to the grader), `output_kept` (more of its
#: output was kept than may be), `platform_fault` (it made the platform fail).
Sign = Literal["gains", "tests_not_run", "frames_refused", "reached_grader", "output_kept", "platform_fault"]


class Attack(BaseModel):
    """One attack. `code` is appended to the app's entry module; `files` are added to the submission.

    `pid1` takes the place of our own program in the app's container: an attacker who owns all of it and speaks to the
    worker as they like. `onto` says what the submission is but for the attack: the untouched starter, or a mistake that
    earns some of the points. `limits` replaces some of the challenge's where an attack has to be waited for.

    Under gVisor: `gvisor_gives` says what its own kernel gives an attack that asks for something of the host's. That it
    says it won is then no gain; a score, a canary or another sign still is. `gvisor_stops` says why it fails there
    even without its mitigations.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    threat: Threat
    tries: str = Field(min_length=10)
    precedent: str = ""
    stopped_by: tuple[str, ...] = Field(min_length=1)
    onto: Literal["starter", "partial"] = "starter"
    code: str = ""
    files: dict[str, str] = {}
    pid1: str = ""
    sign: Sign = "gains"
    limits: dict[str, float] = {}
    gvisor_gives: str = ""
    gvisor_stops: str = ""

    @property
    def only_looks(self) -> bool:
        """Whether it asks for something at a first request and changes nothing."""
        looking = self.threat in (Threat.ESCAPE, Threat.READ) and not {"apart", "redaction"} & set(self.stopped_by)
        return looking and bool(self.code) and not self.limits

    @model_validator(mode="after")
    def _whole(self) -> Attack:
        unknown = set(self.stopped_by) - set(MITIGATIONS)
        if unknown:
            raise ValueError(f"no such mitigation: {', '.join(sorted(unknown))}")
        if not (self.code or self.files or self.pid1):
            raise ValueError("an attack needs code, files or pid1")
        if self.pid1 and (self.code or self.files):
            raise ValueError("with pid1 no code of a submission is run")
        return self
