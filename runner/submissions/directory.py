"""The edge: reads a submission from disk. Everything that judges it is pure and elsewhere.

Links below the given folder are never followed: names are opened relative to their folder's descriptor and without
following, so that nothing can be swapped in between. Only the path that the user named may itself be a link.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Set
from contextlib import contextmanager
from pathlib import Path

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.leftovers import leftover_root
from runner.submissions.collector import Collector
from runner.submissions.paths import shown
from runner.submissions.uploads import DirectoryUpload, Upload, upload_of


def read_upload(path: Path, limits: SubmissionLimits, *, without: Set[str] = frozenset()) -> Upload:
    """A directory, .zip, .tar.gz or patch from disk, told by content. `without`: see read_directory.

    Raises SubmissionRejected when it can't be read, is too large, or breaks a rule of form.
    """
    try:
        if path.is_dir():
            return read_directory(path, limits, without=without)
        # What a shell puts into /dev/fd is a pipe with a writer; any other pipe may never have one.
        if path.is_fifo() and not str(path).startswith(("/dev/", "/proc/")):
            raise SubmissionRejected(
                "is a named pipe", path=shown(str(path)), hint="name a directory, a .zip, a .tar.gz or a .patch"
            )
        with path.open("rb") as file:
            data = file.read(limits.upload_bytes + 1)
    except OSError as error:
        raise SubmissionRejected(
            f"can't be read: {error.strerror}",
            path=shown(str(path)),
            hint="name a directory, a .zip, a .tar.gz or a .patch that you can read",
        ) from error
    if len(data) > limits.upload_bytes:
        raise SubmissionRejected(
            f"is larger than {limits.upload_bytes} bytes",
            path=shown(str(path)),
            hint="leave out .git, virtual environments and data files",
        )
    return upload_of(data, path.name)


def read_directory(path: Path, limits: SubmissionLimits, *, without: Set[str] = frozenset()) -> DirectoryUpload:
    """All files and folders below `path`, without what tools leave behind and the files at the top named in `without`.

    Raises SubmissionRejected for links and special files and past the limits, OSError when a file can't be read.
    """
    collector = Collector(limits)
    left_out: list[str] = []

    def entry_path(folder: str, name: str) -> str:
        return name if folder == "." else f"{folder}/{name}"

    def unreadable(error: OSError) -> None:
        raise error

    with _descriptor_of(path) as top:
        for folder, folders, files, descriptor in os.fwalk(".", dir_fd=top, follow_symlinks=False, onerror=unreadable):
            inside = folder.removeprefix("./")
            kept: list[str] = []
            for name in sorted(folders):
                child = entry_path(inside, name)
                # A working folder's leftovers are not even looked into: they may be large, and hold links.
                if root := leftover_root(child, folder=True):
                    left_out.append(root)
                    continue
                _check_kind(os.stat(name, dir_fd=descriptor, follow_symlinks=False), child)
                collector.wants(child, folder=True)
                collector.add_folder(child)
                kept.append(name)
            folders[:] = kept
            for name in sorted(files):
                child = entry_path(inside, name)
                if child in without:
                    left_out.append(child)
                elif collector.wants(child, folder=False):
                    collector.add_file(child, _read(name, descriptor, child, collector.room_bytes))
    return DirectoryUpload(tuple(collector.entries), tuple(dict.fromkeys((*left_out, *collector.left_out))))


@contextmanager
def _descriptor_of(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _check_kind(status: os.stat_result, path: str) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise SubmissionRejected("is a symbolic link", path=shown(path), hint="put the file itself there")
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        raise SubmissionRejected("is neither a file nor a folder", path=shown(path), hint="leave it out")


def _read(name: str, descriptor: int, path: str, room: int) -> bytes:
    _check_kind(os.stat(name, dir_fd=descriptor, follow_symlinks=False), path)
    # O_NONBLOCK: should a FIFO have taken the file's place meanwhile, opening it does not wait for a writer.
    handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=descriptor)
    with os.fdopen(handle, "rb") as file:
        _check_kind(os.fstat(file.fileno()), path)
        return file.read(room + 1)
