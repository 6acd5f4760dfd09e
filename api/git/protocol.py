"""What git asks for and is answered, version 0 of its protocol, each request for itself. Pure.

After git's documentation (gitprotocol-http, gitprotocol-pack, gitprotocol-capabilities). There is one branch, `main`,
at the starter's commit, before every push and after it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.git.lines import DATA, FLUSH, PROGRESS, Malformed, band, line, lines_until_flush, read_line
from runner.submissions.git_objects import is_object_id

FETCH, PUSH = "git-upload-pack", "git-receive-pack"
MAIN = "refs/heads/main"
NOTHING = "0" * 40
#: What is understood of each; a client asks for no more, and refuses by itself to clone in part or to delete.
_COMMON = ("side-band-64k", "ofs-delta", "object-format=sha1", "agent=mendbox")
_CAPABILITIES = {
    FETCH: (f"symref=HEAD:{MAIN}", *_COMMON),
    # No `quiet`: git asks for that by itself when nobody's terminal shows what it says, as in a program that submits.
    PUSH: ("report-status", *_COMMON),
}
_MOST_WANTS = 64
_MOST_COMMANDS = 64
_MOST_REF_BYTES = 1024
_COMMAND = re.compile(rb"([0-9a-f]{40}) ([0-9a-f]{40}) (refs/[^\0-\x20\x7f]+)")


def advertisement(service: str, head: str) -> bytes:
    """The answer to `info/refs`: the branches that there are, and what is understood."""
    capabilities = " ".join(_CAPABILITIES[service])
    names = ["HEAD", MAIN] if service == FETCH else [MAIN]
    first, *others = [f"{head} {name}" for name in names]
    refs = [f"{first}\0{capabilities}\n", *(f"{other}\n" for other in others)]
    told = b"".join(line(ref.encode()) for ref in refs)
    return line(f"# service={service}\n".encode()) + FLUSH + told + FLUSH


@dataclass(frozen=True, slots=True)
class Fetch:
    """What a clone asks for. `is_done`: it has said all that it has, and wants the pack."""

    wants: frozenset[str]
    capabilities: frozenset[str]
    is_done: bool


def read_fetch(body: bytes) -> Fetch:
    """The body of a POST to `git-upload-pack`. Raises Malformed, also for what was not offered."""
    said, at = lines_until_flush(body, _MOST_WANTS)
    wants: set[str] = set()
    capabilities: frozenset[str] = frozenset()
    for number, each in enumerate(said):
        word, _, rest = _text(each).partition(" ")
        identity, _, more = rest.partition(" ")
        if word != "want" or not is_object_id(identity):
            raise Malformed("only whole clones are made: leave out --depth, --shallow and --filter")
        wants.add(identity)
        if number == 0:
            capabilities = frozenset(more.split())
    return Fetch(frozenset(wants), capabilities, _is_done(body, at))


def _is_done(body: bytes, at: int) -> bool:
    """Whether what the client says that it has, which makes no difference, ends in its word that this is all."""
    said: bytes | None = None
    while at < len(body):
        said, at = read_line(body, at)
    return said == b"done"


def fetched(fetch: Fetch, pack: bytes) -> bytes:
    """The answer to a clone. The whole pack, whatever the client has: it is small."""
    none_in_common = line(b"NAK\n")
    if not fetch.is_done:
        return none_in_common
    if "side-band-64k" in fetch.capabilities:
        return none_in_common + band(DATA, pack) + FLUSH
    return none_in_common + pack


def error(text: str) -> bytes:
    """What git shows as the remote's error, and ends with."""
    return line(f"ERR {text}\n".encode())


@dataclass(frozen=True, slots=True)
class Command:
    """A branch, and the commit that it is to name; None for one that is to go."""

    ref: str
    commit: str | None


@dataclass(frozen=True, slots=True)
class Push:
    """What a push asks for, and the pack that it brings: empty where nothing is needed for it."""

    commands: tuple[Command, ...]
    capabilities: frozenset[str]
    pack: bytes

    @property
    def commit(self) -> str | None:
        """The commit that `main` is to name; None where that is not asked."""
        return next((command.commit for command in self.commands if command.ref == MAIN), None)


def read_push(body: bytes) -> Push:
    """The body of a POST to `git-receive-pack`. Raises Malformed."""
    said, at = lines_until_flush(body, _MOST_COMMANDS)
    # A clone that is not whole says where it ends; the pack has what there is.
    said = [each for each in said if not each.startswith(b"shallow ")]
    commands: list[Command] = []
    capabilities: frozenset[str] = frozenset()
    for number, each in enumerate(said):
        asked, _, more = each.partition(b"\0")
        match = _COMMAND.fullmatch(asked)
        if match is None or len(asked) > _MOST_REF_BYTES:
            raise Malformed("a command is none that is understood")
        commit, ref = match[2].decode(), _text(match[3])
        commands.append(Command(ref, None if commit == NOTHING else commit))
        if number == 0:
            capabilities = frozenset(_text(more).split())
    if len({command.ref for command in commands}) != len(commands):
        raise Malformed("a branch is named twice")
    return Push(tuple(commands), capabilities, body[at:])


def _text(said: bytes) -> str:
    try:
        return said.decode()
    except UnicodeDecodeError:
        raise Malformed("a packet line is not UTF-8") from None


def refusal_of(command: Command) -> str | None:
    """Why a command is refused whatever the commit holds; None where it is not."""
    if command.ref != MAIN:
        return "only main is taken: git push origin HEAD:main"
    if command.commit is None:
        return "main can't be deleted"
    return None


def report(push: Push, refused: Mapping[str, str], unpacked: str = "ok") -> bytes:
    """What became of a push. `refused`: branches and why, in one line each; `unpacked`: what is wrong with the pack."""
    if "report-status" not in push.capabilities:
        return b""
    told = [f"unpack {unpacked}"]
    for command in push.commands:
        reason = refused.get(command.ref)
        told.append(f"ok {command.ref}" if reason is None else f"ng {command.ref} {reason}")
    return b"".join(line(f"{each}\n".encode()) for each in told) + FLUSH


def framed(push: Push, told: bytes) -> bytes:
    """A report as the last that is sent."""
    if "side-band-64k" not in push.capabilities:
        return told
    return band(DATA, told) + FLUSH


def shown_lines(lines: Iterable[str]) -> bytes:
    """Lines for people, each of which git shows behind `remote:`."""
    return b"".join(band(PROGRESS, f"{each}\n".encode()) for each in lines)
