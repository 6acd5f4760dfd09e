"""The checklist of docs/asvs.md, from docs/asvs.csv: a line for each requirement of levels 1 and 2."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("asvs.csv")
HOLDS, NOT_OURS, OPEN = "holds", "does not apply", "open"
STATES = (HOLDS, NOT_OURS, OPEN)
CHAPTERS = {
    "V1": "Encoding and sanitization",
    "V2": "Validation and business logic",
    "V3": "Web frontend",
    "V4": "API and web service",
    "V5": "Files",
    "V6": "Authentication",
    "V7": "Sessions",
    "V8": "Authorization",
    "V9": "Self-contained tokens",
    "V10": "OAuth and OpenID Connect",
    "V11": "Cryptography",
    "V12": "Secure communication",
    "V13": "Configuration",
    "V14": "Data protection",
    "V15": "Secure coding and architecture",
    "V16": "Logging and errors",
    "V17": "WebRTC",
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: its number and level, what it asks in our words, how it stands, why, and tests as path::name."""

    number: str
    level: int
    asks: str
    state: str
    note: str
    tests: tuple[str, ...]

    @property
    def chapter(self) -> str:
        return self.number.partition(".")[0]


def requirements(path: Path = TABLE) -> list[Requirement]:
    """All of them, in the order of the file."""
    with path.open(newline="") as file:
        return [
            Requirement(
                row["number"], int(row["level"]), row["asks"], row["state"], row["note"], tuple(row["tests"].split())
            )
            for row in csv.DictReader(file)
        ]


def checklist(listed: list[Requirement]) -> str:
    """The counts, and a table for each chapter, as Markdown."""
    parts = [_counts(listed)]
    for chapter, title in CHAPTERS.items():
        rows = [_row(each) for each in listed if each.chapter == chapter]
        head = ["| number | level | asks | state | shown by, or why |", "|---|---|---|---|---|"]
        parts += [f"## {chapter} {title}", "\n".join([*head, *rows])]
    return "\n\n".join(parts)


def _counts(listed: list[Requirement]) -> str:
    lines = ["| level | " + " | ".join(STATES) + " | all |", "|---|" + "---|" * (len(STATES) + 1)]
    for level in (1, 2):
        counted = Counter(each.state for each in listed if each.level == level)
        cells = [str(counted[state]) for state in STATES]
        lines.append(f"| {level} | {' | '.join(cells)} | {counted.total()} |")
    return "\n".join(lines)


def _row(each: Requirement) -> str:
    tests = ", ".join(f"`{test}`" for test in each.tests)
    why = each.note[:1].upper() + each.note[1:]
    return f"| {each.number} | {each.level} | {each.asks} | {each.state} | {': '.join(filter(None, (why, tests)))} |"
