"""The mitigations that attacks run into, each by one name: where it is and what it does."""

from __future__ import annotations

from collections.abc import Mapping

MITIGATIONS: Mapping[str, str] = {
    # by construction
    "apart": "the hidden suite runs in a container of its own; only bytes cross",
    "fresh-fork": "each test has a process of its own, forked from the app as it was built",
    "fresh-data": "each test has the data folder as the harness left it",
    "sweep": "what a test leaves running is killed before the next",
    "hidden-pid-1": "the process that speaks to the host hides from others of its user",
    "closed-descriptors": "the candidate's processes inherit nothing that leads to the host",
    # the relay
    "origin": "what the app's container says is never taken for the grader's word",
    "unguessable-ids": "an answer counts once, and only by the random id of an operation that waits for it",
    "answer-form": "an answer has exactly the form of its operation's answer",
    "strict-frames": "frames are strict JSON, with caps on every length and on depth",
    "refusal-cap": "a container that sends what fits no request is given up after 64 such frames",
    "response-cap": "the body of an answer is capped",
    "output-cap": "what is kept of an app's output is capped",
    # deadlines
    "request-deadline": "a request has a deadline of its own, within its test's",
    "start-deadline": "the app's start has a deadline",
    # scoring
    "guards": "a requirement whose guard is broken earns nothing, and what did not finish has not passed",
    # the container
    "user": "processes are of a user that is nobody on the host",
    "capabilities": "no capability",
    "no-new-privileges": "no program gives more privileges",
    "seccomp": "an allow-list of system calls",
    "network": "no network but a loopback of its own",
    "read-only-root": "the root file system can't be written to",
    "noexec": "what is written can't be executed",
    "masked-paths": "what the runtime hides of the kernel's own files stays hidden",
    "mounts": "nothing of the host is mounted, the engine's socket least of all",
    "memory": "a limit on memory, swap included",
    "pids": "a limit on processes and threads",
    "tmpfs-bytes": "a limit on the bytes of all files",
    "tmpfs-inodes": "a limit on the number of files",
    "open-files": "a limit on open files",
    "core-files": "no core files",
    "process-limits": "limits on locked memory, message queues, stacks and pending signals of each process",
    "file-size": "a limit on the size of one file",
    # what leaves
    "redaction": "a candidate's view has the author's words only",
}
