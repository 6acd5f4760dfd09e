"""`mutants.toml`, optional: small changes of the reference fixes that no test can tell from them, each with the reason.

    [[equivalent]]
    file = "stockroom/paging.py"
    before = "if len(digits) > 4000:"
    after = "if len(digits) >= 4000:"
    reason = "Nobody can tell: both bounds are far beyond any page there is."

Such a mutant is known by its file and the line before and after, so it stays known while lines move. `fix` may name
the one reference fix that is meant; without it the line is meant in each.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from runner.packages.manifest import Strict

MUTANTS = "mutants.toml"
_Line = Annotated[str, StringConstraints(strip_whitespace=True)]


class Equivalent(Strict):
    """A mutant that no test can tell from the fix."""

    file: str
    before: _Line
    after: _Line
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10)]
    fix: str = ""

    def means(self, fix: str, file: str, before: str, after: str) -> bool:
        """Whether it speaks of the mutant of that fix and file, by the line that it changes."""
        return self.fix in ("", fix) and (self.file, self.before, self.after) == (file, before, after)


class MutantsTable(Strict):
    """The whole of `mutants.toml`."""

    equivalent: tuple[Equivalent, ...] = ()
