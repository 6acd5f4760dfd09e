"""From a pushed commit to an upload: what its tree holds, as if the folder had been sent. Pure.

Nothing here checks out: names are held to the rules for paths (`runner.submissions.paths`) as those of an archive are.
"""

from __future__ import annotations

from collections.abc import Mapping

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.submissions.collector import Collector
from runner.submissions.git_objects import (
    BLOB,
    COMMIT,
    FILE_MODE,
    FOLDER_MODE,
    LINK_MODE,
    PROGRAM_MODE,
    SUBMODULE_MODE,
    TREE,
    GitObject,
    TreeEntry,
    entries_of,
    tree_of_commit,
)
from runner.submissions.paths import check_not_git, shown
from runner.submissions.uploads import DirectoryUpload

_REFUSED_MODES = {
    LINK_MODE: ("is a symbolic link", "put the file itself there"),
    SUBMODULE_MODE: ("is a submodule", "put the files themselves there"),
}
Objects = Mapping[str, GitObject]


def read_commit(commit: str, objects: Objects, limits: SubmissionLimits) -> DirectoryUpload:
    """All files and folders of the commit with this id, without what tools leave behind.

    Raises SubmissionRejected for what is neither, for objects that are missing or damaged, and past the limits.
    """
    collector = Collector(limits)
    _walk(tree_of_commit(_object(commit, COMMIT, objects)), "", objects, collector)
    return DirectoryUpload(tuple(collector.entries), collector.left_out)


def _walk(tree: str, folder: str, objects: Objects, collector: Collector) -> None:
    # The depth of folders and the number of entries are limited by the collector, before it is gone into any of them.
    for entry in entries_of(_object(tree, TREE, objects), collector.limits.scanned_entries):
        path = folder + _name(entry, folder)
        is_folder = entry.mode == FOLDER_MODE
        check_not_git(path)
        if not collector.wants(path, folder=is_folder):
            continue
        if is_folder:
            collector.add_folder(path)
            _walk(entry.id, f"{path}/", objects, collector)
        elif entry.mode in (FILE_MODE, PROGRAM_MODE):
            collector.add_file(path, _object(entry.id, BLOB, objects))
        else:
            reason, hint = _REFUSED_MODES.get(entry.mode, ("is neither a file nor a folder", "leave it out"))
            raise SubmissionRejected(reason, path=shown(path), hint=hint)


def _name(entry: TreeEntry, folder: str) -> str:
    try:
        name = entry.name.decode("utf-8")
    except UnicodeDecodeError:
        visible = shown(folder + entry.name.decode("utf-8", "backslashreplace"))
        raise SubmissionRejected("the name is not UTF-8", path=visible, hint="rename it") from None
    if "/" in name:
        raise SubmissionRejected("a name holds a slash", path=shown(folder + name), hint="see what git fsck says")
    return name


def _object(identity: str, kind: str, objects: Objects) -> bytes:
    found = objects.get(identity)
    if found is None:
        raise SubmissionRejected(
            f"the push lacks the {kind} {identity[:12]}", hint="clone again, put your changes there, and push that"
        )
    if found.kind != kind:
        raise SubmissionRejected(f"{identity[:12]} is a {found.kind} where a {kind} should be")
    return found.data
