"""Parses a patch: git-style unified diffs, and plain `--- a/x` / `+++ b/x` ones. Pure bytes in, values out.

Before the first diff there may be text, as `git format-patch` writes it; after the last one its `-- ` signature.
Between diffs there is nothing else, so a second diff can't hide in a message. Only changes of content and new regular
files are taken: renames, copies, deletions, links, submodules and binary patches are refused. How hunks are applied is
`runner.submissions.hunks`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from runner.errors import SubmissionRejected
from runner.submissions.paths import shown

GIT_HEADER = b"diff --git "
_HUNK = re.compile(rb"@@ -([0-9]{1,7})(?:,([0-9]{1,7}))? \+([0-9]{1,7})(?:,([0-9]{1,7}))? @@(?: .*)?")
_INDEX = re.compile(rb"index [0-9a-f]+\.\.[0-9a-f]+(?: ([0-7]{6}))?")
_SIGNATURE = b"-- "
_FILE_MODES = frozenset({b"100644", b"100755"})
_MODE_NAMES = {b"120000": "a symbolic link", b"160000": "a submodule", b"040000": "a folder"}
#: Without the second half the next patch would be refused, too: for the deletion that a rename also is.
_NO_RENAMES = "make it with: git diff --no-renames; a submission deletes nothing, so leave the old file there, if empty"
_REFUSED = (
    (b"deleted file mode ", "the patch deletes the file", "a submission changes or adds files; empty it instead"),
    (b"rename ", "the patch renames the file", _NO_RENAMES),
    (b"copy ", "the patch copies the file", "make it with: git diff --no-renames"),
    (b"similarity index ", "the patch renames or copies the file", _NO_RENAMES),
    (b"dissimilarity index ", "the patch rewrites the file", "make it with: git diff --no-break-rewrites"),
    (b"GIT binary patch", "the patch is binary", "leave binary files out, or send a .zip"),
    (b"Binary files ", "the patch is binary", "leave binary files out, or send a .zip"),
)
_NO_NEWLINE = b"\\"
_NULL = b"/dev/null"
_ESCAPES = {
    ord(b"a"): 7, ord(b"b"): 8, ord(b"t"): 9, ord(b"n"): 10, ord(b"v"): 11, ord(b"f"): 12, ord(b"r"): 13,
    ord(b'"'): 34, ord(b"\\"): 92,
}  # fmt: skip
#: Possessive: what does not match is seen at once, and not once more from each quote on.
_QUOTED = re.compile(rb'"((?:[^"\\]|\\.)*+)"', re.DOTALL)
_QUOTED_PAIR = re.compile(rb'"((?:[^"\\]|\\.)*+)" "((?:[^"\\]|\\.)*+)"', re.DOTALL)
#: A submission as large as may be has a tenth of these.
_MOST_LINES = 200_000
_HINT = "make the patch with git diff against the starter, and send it unchanged"


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk: where it starts (line numbers as written, from 1) and its old and new lines, line ends included."""

    old_start: int
    new_start: int
    old: tuple[bytes, ...]
    new: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class FilePatch:
    """All that a patch does to one file. `creates` is None where a plain diff does not say."""

    path: str
    creates: bool | None
    hunks: tuple[Hunk, ...]


class _Lines:
    """The patch's lines without their ends' meaning lost: `line` is stripped of `\\n`, `raw` is not."""

    def __init__(self, data: bytes) -> None:
        self._lines = _split(data)
        self.at = 0

    def peek(self, ahead: int = 0) -> bytes | None:
        index = self.at + ahead
        return self._lines[index].removesuffix(b"\n") if index < len(self._lines) else None

    def raw(self) -> bytes:
        return self._lines[self.at]

    def starts(self, prefix: bytes, ahead: int = 0) -> bool:
        line = self.peek(ahead)
        return line is not None and line.startswith(prefix)

    @property
    def number(self) -> int:
        return self.at + 1


def _split(data: bytes) -> list[bytes]:
    """Lines end at a line feed and nowhere else."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _broken(reason: str, path: str | None = None, hint: str = _HINT) -> SubmissionRejected:
    return SubmissionRejected(reason, path=shown(path) if path else None, hint=hint)


def parse_patch(data: bytes) -> list[FilePatch]:
    """Every file's patch, in order. Raises SubmissionRejected, naming the line, for what is not taken."""
    if data.count(b"\n") > _MOST_LINES:
        raise _broken(f"the patch has more than {_MOST_LINES} lines", hint="send your changes to the app's source only")
    lines = _Lines(data)
    while lines.peek() is not None and not _starts_diff(lines):
        lines.at += 1
    first = lines.peek()
    if first is None:
        raise _broken(
            "the upload holds no diff",
            hint="send a .zip or .tar.gz of the folder, or what git diff against the starter prints",
        )
    if first.endswith(b"\r"):
        raise _broken("the patch's own lines end in CR LF", hint="send it unchanged, not as text that was converted")
    patches: dict[str, FilePatch] = {}
    while lines.peek() is not None:
        if not _starts_diff(lines):
            _signature(lines)
            break
        patch = _git_file(lines) if lines.starts(GIT_HEADER) else _plain_file(lines)
        if patch.path in patches:
            raise _broken(
                "the patch changes the file twice", patch.path, "send one diff from the starter to your version"
            )
        patches[patch.path] = patch
    return list(patches.values())


def _starts_diff(lines: _Lines) -> bool:
    if lines.starts(GIT_HEADER):
        return True
    # `diff -ruN` writes its own command line above each file.
    ahead = 1 if lines.starts(b"diff -") else 0
    return lines.starts(b"--- ", ahead) and lines.starts(b"+++ ", ahead + 1)


def _signature(lines: _Lines) -> None:
    """The end: format-patch's `-- `, git's version, blank lines; anything else could be a diff in hiding."""
    if lines.peek() == _SIGNATURE:
        lines.at += 1
        if re.fullmatch(rb"[0-9]+\.[0-9A-Za-z. ()-]*", lines.peek() or b""):
            lines.at += 1
    while (line := lines.peek()) is not None:
        if line.strip():
            raise _broken(
                f"line {lines.number}: text between or after diffs", hint="send one diff, with text only before it"
            )
        lines.at += 1


def _git_file(lines: _Lines) -> FilePatch:
    path = _header_path(lines)
    creates = False
    lines.at += 1
    while (line := lines.peek()) is not None:
        _refuse(line, path)
        if line.startswith(b"new file mode "):
            creates = True
            _check_mode(line[len(b"new file mode ") :], path)
        elif line.startswith((b"old mode ", b"new mode ")):
            _check_mode(line[len(b"old mode ") :], path)
        elif index := _INDEX.fullmatch(line):
            _check_mode(index[1] or b"100644", path)
        else:
            break
        lines.at += 1
    if not lines.starts(b"--- "):
        return FilePatch(path, creates, ())
    old, new = _name(lines, b"--- "), _name(lines, b"+++ ")
    sent = path.encode()
    if new == _NULL:
        raise _broken("the patch deletes the file", path, _REFUSED[0][2])
    if new != b"b/" + sent or old != (_NULL if creates else b"a/" + sent):
        raise _broken("the patch names different files in one diff", path)
    return FilePatch(path, creates, _hunks(lines, path))


def _plain_file(lines: _Lines) -> FilePatch:
    if lines.starts(b"diff -"):
        lines.at += 1
    at = lines.number
    old, new = _name(lines, b"--- "), _name(lines, b"+++ ")
    if new == _NULL:
        path = _text(old.removeprefix(b"a/"))
        raise _broken("the patch deletes the file", path, _REFUSED[0][2])
    if not new.startswith(b"b/") or old not in (_NULL, b"a/" + new[2:]):
        raise _broken(
            f"line {at}: the two names must be a/… and b/… of one file",
            hint="make it with git diff, or with diff -u a/x b/x",
        )
    path = _text(new[2:])
    return FilePatch(path, True if old == _NULL else None, _hunks(lines, path))


def _refuse(line: bytes, path: str) -> None:
    for prefix, reason, hint in _REFUSED:
        if line.startswith(prefix):
            raise _broken(reason, path, hint)


def _check_mode(mode: bytes, path: str) -> None:
    if mode not in _FILE_MODES:
        what = _MODE_NAMES.get(mode, f"mode {shown(mode.decode('ascii', 'replace'))}")
        raise _broken(f"the patch makes the file {what}", path, "only regular files are taken")


def _header_path(lines: _Lines) -> str:
    """The one path in `diff --git a/x b/x`. Both are the same, so blanks in names leave no doubt."""
    line = (lines.peek() or b"")[len(GIT_HEADER) :]
    if line.startswith(b'"'):
        pair = _QUOTED_PAIR.fullmatch(line)
        names = [_unquoted(name) for name in pair.groups()] if pair else []
        whole = pair is not None
    else:
        half = len(line) // 2
        names = [line[:half], line[half + 1 :]]
        whole = line[half : half + 1] == b" "
    if not whole or len(names) != 2 or not (names[0][:2] == b"a/" and names[1][:2] == b"b/"):
        # With two names of unlike length the line can't be read, but the next one says what it is.
        _refuse(lines.peek(1) or b"", shown(line.decode("utf-8", "backslashreplace")))
        raise _broken(
            f"line {lines.number}: not of the form 'diff --git a/x b/x'",
            hint="make it with: git diff --no-renames --src-prefix=a/ --dst-prefix=b/",
        )
    if names[0][2:] != names[1][2:]:
        raise _broken("the patch renames or copies the file", _text(names[0][2:]), _NO_RENAMES)
    return _text(names[0][2:])


def _name(lines: _Lines, marker: bytes) -> bytes:
    line = lines.peek()
    if line is None or not line.startswith(marker):
        raise _broken(f"line {lines.number}: expected a line that starts with '{marker.decode()}'")
    name = line[len(marker) :]
    lines.at += 1
    if quoted := _QUOTED.match(name):
        return _unquoted(quoted[1])
    # git ends a name that has blanks with a tab, diff puts the time behind one.
    return name.split(b"\t", 1)[0]


def _unquoted(text: bytes) -> bytes:
    def real(match: re.Match[bytes]) -> bytes:
        code = match[1]
        if len(code) > 1:
            return bytes([int(code, 8)])
        if code[0] not in _ESCAPES:
            raise _broken(f"a quoted name has the unknown escape \\{shown(code.decode('latin-1'))}")
        return bytes([_ESCAPES[code[0]]])

    return re.sub(rb"\\([0-3][0-7]{2}|.)", real, text, flags=re.DOTALL)


def _text(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        raise _broken("the name is not UTF-8", name.decode("utf-8", "backslashreplace"), "rename the file") from None


def _hunks(lines: _Lines, path: str) -> tuple[Hunk, ...]:
    hunks: list[Hunk] = []
    while lines.starts(b"@@ "):
        hunks.append(_hunk(lines, path))
    if not hunks:
        raise _broken(f"line {lines.number}: a diff without a hunk", path)
    return tuple(hunks)


def _hunk(lines: _Lines, path: str) -> Hunk:
    at = lines.number
    header = _HUNK.fullmatch(lines.peek() or b"")
    if header is None:
        raise _broken(f"line {at}: a damaged hunk header", path)
    lines.at += 1
    old_count = 1 if header[2] is None else int(header[2])
    new_count = 1 if header[4] is None else int(header[4])
    old: list[bytes] = []
    new: list[bytes] = []
    sides: tuple[list[bytes], ...] = ()
    while len(old) < old_count or len(new) < new_count or lines.starts(_NO_NEWLINE):
        if lines.peek() is None:
            raise _broken(f"line {at}: the hunk is cut off", path)
        raw = lines.raw()
        if raw.startswith(_NO_NEWLINE):
            _strip_newline(sides, path, lines.number)
            sides = ()
        else:
            sides = _sides(raw, old, new)
            content = raw[1:] if raw != b"\n" else raw
            for side in sides:
                side.append(content)
            if not sides or len(old) > old_count or len(new) > new_count:
                raise _broken(f"line {lines.number}: the hunk does not have the lines that its header says", path)
        lines.at += 1
    for side in (old, new):
        if any(not line.endswith(b"\n") for line in side[:-1]):
            raise _broken(f"line {at}: a line without a line end is not the last one", path)
    return Hunk(int(header[1]), int(header[3]), tuple(old), tuple(new))


def _sides(raw: bytes, old: list[bytes], new: list[bytes]) -> tuple[list[bytes], ...]:
    """Which sides a hunk's line belongs to; diff may write an empty line of context without its blank."""
    if raw.startswith(b" ") or raw == b"\n":
        return (old, new)
    if raw.startswith(b"-"):
        return (old,)
    if raw.startswith(b"+"):
        return (new,)
    return ()


def _strip_newline(sides: tuple[list[bytes], ...], path: str, number: int) -> None:
    if not sides:
        raise _broken(f"line {number}: says that there is no line end, but not of which line", path)
    for side in sides:
        side[-1] = side[-1].removesuffix(b"\n")
