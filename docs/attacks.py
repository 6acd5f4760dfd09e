"""The tables of attacks in security.md, from the attacks themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from runner.attacks.finder import find_attacks
from runner.attacks.mitigations import MITIGATIONS
from runner.attacks.model import Threat

_AIMS = {
    Threat.FORGE: "forge a grade",
    Threat.READ: "read the hidden tests",
    Threat.EXHAUST: "exhaust the host",
    Threat.ESCAPE: "escape or reach out",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One attack as the table shows it."""

    aim: str
    name: str
    tries: str
    stopped_by: tuple[str, ...]
    precedent: str


def rows() -> list[Row]:
    """Every attack: on the sandbox, by uploads, on the API."""
    return [*_on_the_sandbox(), *_by_uploads(), *_on_the_api()]


def attacks_table() -> str:
    """What each attack tries, what stops it and where it was met before, as Markdown."""
    lines = ["| aim | attack | tries | stopped by | precedent |", "|---|---|---|---|---|"]
    for row in rows():
        cells = [row.aim, row.name, _sentence(row.tries), ", ".join(row.stopped_by), row.precedent]
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join(lines)


def mitigations_table() -> str:
    """What each mitigation of the sandbox does, and how many attacks get through without it, as Markdown."""
    lines = ["| mitigation | what it does | attacks that it stops alone | together with others |", "|---|---|---|---|"]
    found = find_attacks()
    for name, does in MITIGATIONS.items():
        alone = [attack.name for attack in found if attack.stopped_by == (name,)]
        others = sum(name in attack.stopped_by for attack in found) - len(alone)
        shown = f"{len(alone)}: {', '.join(alone[:3])}{', …' if len(alone) > 3 else ''}" if alone else "–"
        lines.append(f"| {name} | {_cell(does)} | {shown} | {others or '–'} |")
    return "\n".join(lines)


def _on_the_sandbox() -> Iterator[Row]:
    for attack in find_attacks():
        yield Row(_AIMS[attack.threat], attack.name, attack.tries, attack.stopped_by, attack.precedent)


def _by_uploads() -> Iterator[Row]:
    from tests.adversarial.uploads.attacks import ATTACKS

    for attack in ATTACKS:
        yield Row("an upload", attack.name, attack.tries, (attack.stopped_by,), attack.precedent)


def _on_the_api() -> Iterator[Row]:
    from tests.adversarial.api.attacks import TABLE

    for attack in TABLE:
        yield Row("the API", attack["name"], attack["tries"], (attack["stopped_by"],), attack["precedent"])


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return text[:1].upper() + text[1:]


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|").replace("<", "&lt;").replace(">", "&gt;")
