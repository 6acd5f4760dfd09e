"""From what a run counted to sentences that an assessor can weigh. Nothing here changes a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runner.grading.models import Grade, Integrity, IntegrityFact, SeenBy


@dataclass(frozen=True, slots=True)
class _Kind:
    seen_by: SeenBy
    one: str
    many: str


#: Known to the API alone, and told when a grade is read.
UPLOADS_REJECTED = "uploads_rejected"
_KINDS: Mapping[str, _Kind] = {
    "forbidden_calls": _Kind(
        SeenBy.CONTAINER,
        "A process of the app ended by SIGSYS, which is how the kernel ends one that makes a forbidden system call.",
        "{count} processes of the app ended by SIGSYS, which is how the kernel ends one that makes a forbidden system "
        "call.",
    ),
    "forks_refused": _Kind(
        SeenBy.KERNEL,
        "The kernel refused a new process or thread once, since the app had as many as it may.",
        "The kernel refused new processes or threads {count} times, since the app had as many as it may.",
    ),
    "kills_for_memory": _Kind(
        SeenBy.KERNEL,
        "The kernel ended a process of the app since it used more memory than it may.",
        "The kernel ended processes of the app {count} times since they used more memory than they may.",
    ),
    "frames_refused": _Kind(
        SeenBy.HOST,
        "The app's container sent a message that belongs to no request.",
        "The app's container sent {count} messages that belong to no request.",
    ),
    "answers_rubbish": _Kind(
        SeenBy.HOST,
        "An answer of the app had no form that an answer may have.",
        "{count} answers of the app had no form that an answer may have.",
    ),
    "answers_too_large": _Kind(
        SeenBy.HOST,
        "An answer of the app was larger than it may be.",
        "{count} answers of the app were larger than they may be.",
    ),
    "container_given_up": _Kind(
        SeenBy.HOST,
        "The app's container was given up: it ended, stopped answering, or sent what makes no sense.",
        "The app's container was given up {count} times.",
    ),
    "processes_left_over": _Kind(
        SeenBy.CONTAINER,
        "A process of the app was still running when its test was over.",
        "{count} processes of the app were still running when their test was over.",
    ),
    "output_dropped_bytes": _Kind(
        SeenBy.CONTAINER,
        "The app printed more than is kept; a byte was dropped.",
        "The app printed more than is kept; {count} bytes were dropped.",
    ),
    UPLOADS_REJECTED: _Kind(
        SeenBy.HOST,
        "Before this submission the same token sent an upload with a file that may not be changed; it was rejected.",
        "Before this submission the same token sent {count} uploads with files that may not be changed; they were "
        "rejected.",
    ),
    "tried_network": _Kind(
        SeenBy.APP,
        "The app tried to use the network once; there is none.",
        "The app tried to use the network {count} times; there is none.",
    ),
    "tried_programs": _Kind(
        SeenBy.APP, "The app tried to start a program once.", "The app tried to start programs {count} times."
    ),
    "tried_native_code": _Kind(
        SeenBy.APP,
        "The app asked for a native library or function once, by ctypes.",
        "The app asked for native libraries or functions {count} times, by ctypes.",
    ),
    "tried_paths": _Kind(
        SeenBy.APP,
        "The app tried once to open or list a path that is neither its own nor the interpreter's.",
        "The app tried {count} times to open or list paths that are neither its own nor the interpreter's.",
    ),
    "tried_signals": _Kind(
        SeenBy.APP,
        "The app tried once to send a signal to another process.",
        "The app tried {count} times to send a signal to another process.",
    ),
}


def integrity_of(facts: Mapping[str, int]) -> Integrity:
    """The report of a run's counts: what is zero, or not known here, is not told."""
    return Integrity(
        facts=[
            IntegrityFact(
                kind=kind,
                count=count,
                seen_by=known.seen_by,
                text=known.one if count == 1 else known.many.format(count=count),
            )
            for kind, known in _KINDS.items()
            if (count := facts.get(kind, 0)) > 0
        ]
    )


def with_rejected_uploads(grade: Grade, count: int) -> Grade:
    """The grade, its report completed by the uploads that were rejected before it."""
    before = grade.integrity.facts if grade.integrity is not None else []
    return grade.model_copy(
        update={"integrity": Integrity(facts=[*before, *integrity_of({UPLOADS_REJECTED: count}).facts])}
    )
