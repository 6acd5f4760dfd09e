"""`review.toml`: its form, checked."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

KINDS = {
    "injection": "what somebody sends is taken for a command or a path",
    "access": "somebody sees or does what is not theirs",
    "secret": "something that must be secret is where others can read it",
    "redirect": "a link of ours leads to where somebody else wants",
    "race": "two requests at once do what one alone could not",
    "state": "something is kept in the process and comes back where it should not",
    "wrong-result": "a value is not the right one",
    "swallowed": "something failed, and is answered or treated as if it had not",
    "cost": "it takes more and more queries or memory the more there is",
    "leak": "something is opened and not given back",
}
MOST = 20
LEAST_WORDS = 6


class NotReadable(Exception):
    """The review is not in the form that is asked for; `problems` says where."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read(root: Path) -> list[dict[str, Any]]:
    """The findings in `review.toml`; raises NotReadable."""
    try:
        content = tomllib.loads((root / "review.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NotReadable(["there is no review.toml"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NotReadable([f"review.toml is no TOML: {error}"]) from None
    problems = [f"there is nothing called {name!r} in a review" for name in content if name != "finding"]
    findings = content.get("finding", [])
    if not isinstance(findings, list):
        raise NotReadable([*problems, "findings are written as [[finding]]"])
    if len(findings) > MOST:
        problems.append(f"{len(findings)} findings are more than the {MOST} that anybody would read")
    for number, finding in enumerate(findings, 1):
        problems += [f"finding {number}: {problem}" for problem in _problems(root, finding)]
    if problems:
        raise NotReadable(problems)
    return findings


def _problems(root: Path, finding: Any) -> list[str]:
    if not isinstance(finding, dict) or set(finding) != {"file", "line", "kind", "words"}:
        return ["has to have file, line, kind and words, and nothing else"]
    problems = []
    file, line = finding["file"], finding["line"]
    code = {path.relative_to(root).as_posix(): path for path in (root / "lanes").rglob("*.py")}
    if file not in code:
        problems.append(f"{file!r} is no file of lanes/, such as lanes/models.py")
    elif type(line) is not int or not 1 <= line <= len(code[file].read_text().splitlines()):
        problems.append(f"{file} has no line {line!r}")
    if finding["kind"] not in KINDS:
        problems.append(f"kind is one of {', '.join(KINDS)}")
    if not isinstance(finding["words"], str) or len(finding["words"].split()) < LEAST_WORDS:
        problems.append(f"words are {LEAST_WORDS} or more: what happens, to whom, and when")
    return problems
