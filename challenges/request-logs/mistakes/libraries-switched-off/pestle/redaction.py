"""Finds secrets in texts, by what they are (a value that is known) and by how they look."""

import re
from collections.abc import Iterable, Iterator

TAKEN_OUT = "[redacted]"
ALONE = r"(?<![a-zA-Z0-9])", r"(?![a-zA-Z0-9])"
GAP = "(?: |-|[+]|%20)"
HOST = r"(?:[a-z0-9-]+[.])+[a-z0-9-]*[a-z0-9]"

LOOKS = [
    re.compile(r"\d{10}".join(ALONE), re.ASCII),
    re.compile(rf"\d{{3}}{GAP}\d{{3}}{GAP}\d{{4}}".join(ALONE), re.ASCII),
    re.compile(f"[a-z0-9._%+-]{{1,64}}(?:@|%40){HOST}", re.IGNORECASE),
    re.compile("rx_[a-z0-9]{40}", re.IGNORECASE),
    re.compile("rk_[a-z0-9]{32}", re.IGNORECASE),
]


def pattern_of(value: str) -> re.Pattern[str]:
    """What finds a value, with each of its characters as it is or as a URL writes it."""
    ways = []
    for character in value:
        encoded = "".join(f"%{byte:02X}" for byte in character.encode())
        ways.append(f"(?:{re.escape(character)}|(?i:{encoded}){'|[+]' if character == ' ' else ''})")
    return re.compile("".join(ways))


def _spans(text: str, values: Iterable[str]) -> Iterator[tuple[int, int]]:
    for pattern in (*map(pattern_of, filter(None, values)), *LOOKS):
        for match in pattern.finditer(text):
            yield match.span()


def without_secrets(text: str, values: Iterable[str]) -> str:
    """A text in which every secret, and nothing else, is replaced. Secrets that overlap are replaced as one."""
    kept, at = [], 0
    for start, end in sorted(_spans(text, values)):
        if start >= at:
            kept += [text[at:start], TAKEN_OUT]
        at = max(at, end)
    return "".join([*kept, text[at:]])
