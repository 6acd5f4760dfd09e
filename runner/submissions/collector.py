"""Takes the entries of an upload one by one and stops at the first rule or limit that is broken."""

from __future__ import annotations

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.leftovers import leftover_root
from runner.submissions.paths import check_path, shown
from runner.submissions.uploads import Entry

#: More names than a person reads; the rest of what was left out is not listed.
LEFT_OUT_SHOWN = 20


class Collector:
    """Entries so far, and the room that is left. A reader asks `wants` before it unpacks a byte of an entry."""

    def __init__(self, limits: SubmissionLimits) -> None:
        self.limits = limits
        self.entries: list[Entry] = []
        self._left_out: dict[str, None] = {}
        self._seen = 0
        self._bytes = 0

    def wants(self, path: str, *, folder: bool) -> bool:
        """Whether the entry is to be read; False for what tools leave behind.

        Raises SubmissionRejected when the path breaks a rule, left out or not, and when there are too many entries.
        """
        self._seen += 1
        if self._seen > self.limits.scanned_entries:
            raise SubmissionRejected(
                f"more than {self.limits.scanned_entries} entries",
                hint="leave out .git, virtual environments and caches",
            )
        check_path(path, self.limits)
        root = leftover_root(path, folder=folder)
        if root is not None:
            if len(self._left_out) < LEFT_OUT_SHOWN:
                self._left_out[root] = None
            return False
        if len(self.entries) >= self.limits.files:
            raise SubmissionRejected(
                f"more than {self.limits.files} files and folders",
                hint="send the starter's files and your own, no more",
            )
        return True

    @property
    def room_bytes(self) -> int:
        """The most bytes that the next file may have."""
        return min(self.limits.file_bytes, self.limits.total_bytes - self._bytes)

    def add_folder(self, path: str) -> None:
        """Take a folder."""
        self.entries.append(Entry(path, None))

    def add_file(self, path: str, data: bytes) -> None:
        """Take a file. Raises SubmissionRejected past the limits; a reader may stop at one byte over `room_bytes`."""
        if len(data) > self.limits.file_bytes:
            raise SubmissionRejected(
                f"is larger than {self.limits.file_bytes} bytes", path=shown(path), hint="leave it out or shorten it"
            )
        self._bytes += len(data)
        if self._bytes > self.limits.total_bytes:
            raise SubmissionRejected(
                f"all files together are larger than {self.limits.total_bytes} bytes",
                hint="leave out what is not the app's source",
            )
        self.entries.append(Entry(path, data))

    @property
    def left_out(self) -> tuple[str, ...]:
        """What was left out, as far as it is worth showing."""
        return tuple(self._left_out)
