"""The project's Markdown pages, taken apart: fenced blocks, indented blocks, inline code, links, headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```([^\n`]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"(?:^|(?<=\n\n))((?:    [^\n]*\n|\n(?=    ))+)")
_CODE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code: where it stands, its language ("" for indented ones), its text."""

    place: str
    language: str
    text: str


@dataclass(frozen=True)
class Page:
    """One page."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def prose(self) -> str:
        """The text without its blocks of code."""
        return _INDENTED.sub("\n", _FENCE.sub("", self.text))

    @cached_property
    def blocks(self) -> list[Block]:
        fenced = [self._block(match, match[1].strip(), match[2]) for match in _FENCE.finditer(self.text)]
        without = _FENCE.sub(lambda match: "\n" * match[0].count("\n"), self.text)
        indented = [
            self._block(match, "", re.sub(r"^    ", "", match[1], flags=re.MULTILINE))
            for match in _INDENTED.finditer(without)
        ]
        return fenced + indented

    def _block(self, match: re.Match[str], language: str, text: str) -> Block:
        line = match.string.count("\n", 0, match.start()) + 1
        return Block(f"{self.name}:{line}", language, text)

    @property
    def code(self) -> list[str]:
        """Inline code."""
        return _CODE.findall(self.prose)

    @property
    def links(self) -> list[str]:
        """Where links and pictures lead."""
        return _LINK.findall(self.prose)

    @property
    def anchors(self) -> set[str]:
        """What a link may name behind `#`."""
        slugs = (re.sub(r"[^\w\- ]", "", heading.strip().lower()) for heading in _HEADING.findall(self.prose))
        return {slug.replace(" ", "-") for slug in slugs}


def pages() -> list[Page]:
    """Every page of the project but the challenges' own."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return [Page(path) for path in sorted(found)]
