"""From what a candidate sent to one normalised value: the files that differ from the starter, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from runner.errors import SubmissionRejected
from runner.limits import SubmissionLimits
from runner.packages.package import Files
from runner.submissions.archives import read_archive
from runner.submissions.collector import Collector
from runner.submissions.globs import matches_any
from runner.submissions.hunks import apply_patches
from runner.submissions.model import Submission
from runner.submissions.patches import parse_patch
from runner.submissions.paths import NameRegister, check_not_git, shown
from runner.submissions.uploads import ArchiveUpload, DirectoryUpload, Entry, PatchUpload, Upload

#: The reasons for which a file outside the editable set is rejected: it is new, or it is the starter's.
NOT_EDITABLE = ("can't be added in this challenge", "can't be changed in this challenge")
#: Names of a single top folder, made from the slug, that is taken for the starter's own folder.
_TOP_FOLDERS = ("{slug}", "{slug}-starter", "{slug}-main")


def normalise(
    upload: Upload, starter: Files, editable: Sequence[str], slug: str, limits: SubmissionLimits
) -> Submission:
    """Read an upload and hold it to every rule; pure, touches no file.

    Files that equal the starter's are dropped, files that are not there are no deletions, and an upload without any
    change gives an empty submission. Raises SubmissionRejected with reason, path and hint for the first broken rule.
    """
    if isinstance(upload, (ArchiveUpload, PatchUpload)) and len(upload.data) > limits.upload_bytes:
        raise SubmissionRejected(
            f"the upload is larger than {limits.upload_bytes} bytes",
            hint="leave out .git, virtual environments and data files",
        )
    entries, left_out = _entries(upload, starter, limits)
    if not isinstance(upload, PatchUpload):
        entries = _without_top_folder(entries, starter, slug)
    _check_names(entries, starter, limits)
    changed = {
        entry.path: entry.data for entry in entries if entry.data is not None and starter.get(entry.path) != entry.data
    }
    for path, data in changed.items():
        if not matches_any(path, editable):
            raise _not_editable(path, data, starter, editable)
    if len(changed) > limits.changed_files:
        raise SubmissionRejected(
            f"more than {limits.changed_files} files differ from the starter", hint="change or add fewer files"
        )
    return Submission(changed, left_out)


def _entries(upload: Upload, starter: Files, limits: SubmissionLimits) -> tuple[list[Entry], tuple[str, ...]]:
    collector = Collector(limits)
    if isinstance(upload, ArchiveUpload):
        read_archive(upload.data, collector)
    elif isinstance(upload, DirectoryUpload):
        _collect(upload.entries, collector)
    else:
        _apply(upload, starter, collector)
    left_out = upload.left_out if isinstance(upload, DirectoryUpload) else ()
    return collector.entries, tuple(dict.fromkeys((*left_out, *collector.left_out)))


def _apply(upload: PatchUpload, starter: Files, collector: Collector) -> None:
    limits = collector.limits
    patches = parse_patch(upload.data)
    if len(patches) > limits.changed_files:
        raise SubmissionRejected(
            f"the patch changes more than {limits.changed_files} files", hint="change or add fewer files"
        )
    # Path rules come before the starter is asked for a name.
    wanted = []
    for patch in patches:
        if collector.wants(patch.path, folder=False):
            wanted.append(patch)
        check_not_git(patch.path)
    for path, data in apply_patches(wanted, starter):
        collector.add_file(path, data)


def _collect(sent: Iterable[Entry], collector: Collector) -> None:
    for entry in sent:
        if not collector.wants(entry.path, folder=entry.data is None):
            continue
        if entry.data is None:
            collector.add_folder(entry.path)
        else:
            collector.add_file(entry.path, entry.data)


def _without_top_folder(entries: list[Entry], starter: Files, slug: str) -> list[Entry]:
    """Take one folder around everything off, when it is named after the challenge and is none of the starter's own."""
    tops = {entry.path.split("/", 1)[0] for entry in entries}
    if len(tops) != 1:
        return entries
    top = tops.pop()
    own = any(path == top or path.startswith(top + "/") for path in starter)
    if own or any(entry.path == top and entry.data is not None for entry in entries):
        return entries
    if top not in {name.format(slug=slug) for name in _TOP_FOLDERS}:
        if any("/" in entry.path for entry in entries) and _looks_nested(entries, starter, top):
            raise SubmissionRejected(
                "everything lies in one folder that the starter does not have",
                path=shown(top),
                hint=f"pack what is in that folder, or name it {slug}",
            )
        return entries
    return [Entry(entry.path[len(top) + 1 :], entry.data) for entry in entries if entry.path != top]


def _looks_nested(entries: list[Entry], starter: Files, top: str) -> bool:
    return any(entry.path[len(top) + 1 :] in starter for entry in entries)


def _check_names(entries: Iterable[Entry], starter: Files, limits: SubmissionLimits) -> None:
    names = NameRegister(starter, limits.files)
    for entry in entries:
        check_not_git(entry.path)
        names.add(entry.path, folder=entry.data is None)


def _not_editable(path: str, data: bytes, starter: Files, editable: Sequence[str]) -> SubmissionRejected:
    if path not in starter:
        return SubmissionRejected(
            NOT_EDITABLE[0],
            path=shown(path),
            hint=f"you may change or add: {', '.join(editable)}",
        )
    hint = f"put the starter's version back; you may change: {', '.join(editable)}"
    if data.replace(b"\r\n", b"\n") == starter[path].replace(b"\r\n", b"\n"):
        hint = "only its line ends differ from the starter's: turn off their conversion, or leave the file out"
    return SubmissionRejected(NOT_EDITABLE[1], path=shown(path), hint=hint)
