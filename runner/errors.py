"""Whose fault it is, said by the type.

What a candidate's app does wrong is never raised: it is a value (`runner.grading.models.Outcome`). What is raised
here is either bad input, which names the input and the way to mend it, or a fault of the platform, which is retried
and never becomes a grade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class MendboxError(Exception):
    """An error with a message for a person and, where there is one, the next step as `hint`."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a challenge package: `file` relative to the package, `key` inside it (may be empty)."""

    file: str
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.message}"


class PackageInvalid(MendboxError):
    """A challenge package that can't be used; `problems` lists all that was found, not only the first."""

    def __init__(self, slug: str, problems: Sequence[Problem]) -> None:
        self.slug = slug
        self.problems = tuple(problems)
        lines = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            f"challenge {slug} is not valid:\n{lines}",
            hint=f"mend the files named above, then run: mendbox challenge check {slug}",
        )


class ChallengeUnsuited(PackageInvalid):
    """A package that the sandbox of this host can't grade, though nothing is wrong with it: another host's may."""

    def __init__(self, problem: Problem, *, hint: str) -> None:
        MendboxError.__init__(self, f"the challenge can't be graded on this host: {problem.message}", hint=hint)
        self.slug = ""
        self.problems = (problem,)


class ChallengeNotFound(MendboxError):
    """There is no package under that slug or path."""


class SubmissionRejected(MendboxError):
    """A submission that breaks a rule of form. `path` is the entry at fault as it was sent, where there is one."""

    def __init__(self, reason: str, *, path: str | None = None, hint: str | None = None) -> None:
        super().__init__(f"{path}: {reason}" if path else reason, hint=hint)
        self.reason = reason
        self.path = path


class PlatformFault(MendboxError):
    """The platform failed, not the candidate: retried, never a grade, never an attempt spent."""

    exit_code = 3


class SandboxUnavailable(PlatformFault):
    """The container engine, its image or one of our containers can't be had or stopped answering."""


class SandboxUnconfined(SandboxUnavailable):
    """Containers lack a wall that the configuration asks for: nothing may be graded in them."""


class AppContainerEnded(SandboxUnavailable):
    """The app's container ended in mid-grading, and nothing tells that the app did it."""


class GraderFault(PlatformFault):
    """The trusted side of a pair ended early or broke the protocol."""


class NoChallenges(PlatformFault):
    """The folder of challenges holds none that can be used, as when it is on a disk that was not mounted."""
