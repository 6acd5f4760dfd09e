"""What the doctor's checks are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `mend` is a command or a sentence; it is empty when `ok`."""

    name: str
    ok: bool
    detail: str
    mend: str = ""
    required: bool = True


def one_line(text: str) -> str:
    """A message for a table's cell."""
    return " ".join(text.split())[:300]
