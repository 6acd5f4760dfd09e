"""The rules for a path that came from outside. A path that breaks one is rejected, never repaired.

Paths are POSIX, relative, NFC, and mean the same on every system: what a Windows or macOS file system would
read as another name is refused here, so that a name that passes names one file everywhere. Nothing here or after
here gives such a name to a file system to resolve.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits

#: Longer names are cut in messages: a path is shown, not reproduced.
SHOWN_CHARS = 160
#: Control, format (bidi marks, joiners), surrogate, private, unassigned; line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DRIVE = re.compile(r"[A-Za-z]:")
_WINDOWS_DEVICES = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9])", re.ASCII)
#: Names by which some file system reaches the folder of a repository's own data.
_GIT_FOLDERS = frozenset({".git", "git~1"})


def shown(path: str) -> str:
    """A path fit to print: escapes for what is not printable, and cut where it is long."""
    visible = "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode("ascii")
        for char in path[: SHOWN_CHARS + 1]
    )
    return visible if len(visible) <= SHOWN_CHARS else visible[:SHOWN_CHARS] + "…"


def check_path(path: str, limits: SubmissionLimits) -> None:
    """Raise SubmissionRejected when `path` breaks a rule; folders are given without a closing slash."""
    if len(path) > limits.path_chars:
        raise _rejected(path, f"the path is longer than {limits.path_chars} characters", "shorten the names")
    if "\0" in path:
        raise _rejected(path, "the path holds a NUL character", "rename the file")
    if path.startswith("/"):
        raise _rejected(path, "the path is absolute", "pack the files relative to the starter's folder")
    if _DRIVE.match(path):
        raise _rejected(path, "the path begins with a drive letter", "pack the files relative to the starter's folder")
    if "\\" in path:
        raise _rejected(path, "the path holds a back-slash", "use forward slashes between folders")
    segments = path.split("/")
    if len(segments) - 1 > limits.depth:
        raise _rejected(path, f"the path is more than {limits.depth} folders deep", "use fewer folders")
    for segment in segments:
        _check_segment(path, segment)
    if not path.isascii():
        _check_unicode(path)


def _check_segment(path: str, segment: str) -> None:
    if segment == "":
        raise _rejected(path, "the path has an empty segment", "write each folder's name once, without '//'")
    if segment in {".", ".."}:
        raise _rejected(path, f"the path has a segment '{segment}'", "pack the files from the starter's folder")
    if segment[-1] in ". ":
        raise _rejected(path, "a name ends in a dot or a space", "rename it")
    if ":" in segment:
        raise _rejected(path, "a name holds a colon", "rename it")
    if segment.isascii() and not segment.isprintable():
        raise _rejected(path, "a name holds a control character", "rename it")
    stem = unicodedata.normalize("NFKC", segment).split(".")[0].rstrip(" ").casefold()
    if _WINDOWS_DEVICES.fullmatch(stem):
        raise _rejected(path, "a name is that of a device on Windows", "rename it")


def _check_unicode(path: str) -> None:
    for char in path:
        category = unicodedata.category(char)
        if category in _UNSEEN or (category == "Zs" and char != " "):
            raise _rejected(path, "a name holds a control, bidi or invisible character", "rename it")
    if unicodedata.normalize("NFC", path) != path:
        raise _rejected(path, "a name is not in Unicode's composed form (NFC)", "rename it, best with ASCII letters")


def check_not_git(path: str) -> None:
    """Raise SubmissionRejected when a segment names a repository's own folder on some file system."""
    if any(_fold(segment) in _GIT_FOLDERS for segment in path.split("/")):
        raise _rejected(path, "a submission can't hold git's own files", "leave out the .git folder")


def _fold(path: str) -> str:
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


class NameRegister:
    """All names of a tree, folders included: finds doubled names, twins, and a file where a folder is.

    Starts with the starter's names, so that `App/models.py` beside the starter's `app/` is found to be a twin.
    """

    def __init__(self, starter: Iterable[str], most: int) -> None:
        self._names: dict[str, tuple[str, bool]] = {}
        self._sent_files: set[str] = set()
        self._sent: set[str] = set()
        self._most = most
        for path in starter:
            self._walk(path, folder=False)

    def add(self, path: str, *, folder: bool) -> None:
        """Take a sent path in. Raises SubmissionRejected when it can't stand beside the others."""
        if not folder and path in self._sent_files:
            raise _rejected(path, "the file is there twice", "pack each file once")
        self._sent.update(self._walk(path, folder=folder))
        if not folder:
            self._sent_files.add(path)
        if len(self._sent) > self._most:
            raise SubmissionRejected(
                f"more than {self._most} files and folders", hint="send the starter's files and your own, no more"
            )

    def _walk(self, path: str, *, folder: bool) -> list[str]:
        segments = path.split("/")
        prefixes = ["/".join(segments[:end]) for end in range(1, len(segments) + 1)]
        for name in prefixes:
            self._put(name, is_folder=folder or name is not prefixes[-1])
        return prefixes

    def _put(self, name: str, *, is_folder: bool) -> None:
        known, known_is_folder = self._names.setdefault(_fold(name), (name, is_folder))
        if known != name:
            raise _rejected(
                name,
                f"differs from '{shown(known)}' only in case or in how Unicode writes it",
                "use the starter's spelling; two names must differ in more than that",
            )
        if known_is_folder != is_folder:
            raise _rejected(name, "is a file and a folder at once", "rename one of them")


def _rejected(path: str, reason: str, hint: str) -> SubmissionRejected:
    return SubmissionRejected(reason, path=shown(path), hint=hint)
