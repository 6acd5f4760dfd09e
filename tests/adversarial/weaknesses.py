"""How each mitigation is switched off, for the positive controls: nothing of this can be reached by configuration.

An attack has to succeed against a sandbox without the mitigations that are to stop it. So the test of it can fail.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from runner.grading import scoring
from runner.grading.report import TestStatus
from runner.inside import frames
from runner.inside.frames import Frame, FrameRefused
from runner.limits import MIB, Limits
from runner.sandbox import pair, relay
from runner.sandbox.engine import ContainerSpec, Engine
from tests.adversarial.naive import driven

Options = dict[str, Any]
#: Changes what the engine is asked for; the options of the call, `host_config` among them.
Change = Callable[[ContainerSpec, Options], None]
_BOOT = "/opt/mendbox/lib/runner/inside/boot.py"
_HUGE_MB = 1024


@dataclass(frozen=True)
class Weakness:
    """What is done without one mitigation.

    `change`: to the options of both containers; `inside`: code that runs in the app's container before our own program;
    `patches`: of what runs on the host; `limits`: raised.
    """

    change: Change | None = None
    inside: str = ""
    patches: Callable[[], Iterable[Any]] = lambda: ()
    limits: Mapping[str, float] = field(default_factory=dict)


class AlteredEngine(Engine):
    """An engine that is asked for something else than the product asks for."""

    def __init__(self, *changes: Change) -> None:
        super().__init__(60.0)
        real = self._api.create_container
        self._changes = changes
        self._real = real

    def create(self, spec: ContainerSpec) -> str:
        def create_container(**options: Any) -> Any:
            for change in self._changes:
                change(spec, options)
            return self._real(**options)

        with mock.patch.object(self._api, "create_container", create_container):
            return super().create(spec)


def in_app(code: str) -> Change:
    """Run `code` in the app's container first, then our own program as usual."""

    def change(spec: ContainerSpec, options: Options) -> None:
        if spec.role == "app":
            start = (
                "import sys; sys.argv = ['boot', 'app']; sys.path[:0] = ['/opt/mendbox/lib', '/opt/mendbox/site']\n"
                f"{code}\nimport runpy; runpy.run_path({_BOOT!r}, run_name='__main__')"
            )
            options["command"] = ["python3", "-I", "-c", start]

    return change


def owned(code: str, tests: Sequence[str]) -> Change:
    """Run `code`, which knows the ids of the hidden tests, in the app's container in place of our own program."""

    def change(spec: ContainerSpec, options: Options) -> None:
        if spec.role == "app":
            options["command"] = ["python3", "-I", "-c", f"TEST_IDS = {list(tests)!r}\n{_OWNER_HELPERS}{code}"]

    return change


#: What an attacker who owns the app's container has at hand: a reader and a writer of frames, as plain as can be.
_OWNER_HELPERS = """
import json, os, struct, sys, time
sys.path[:0] = ['/opt/mendbox/lib', '/opt/mendbox/site']
def send(fields, body=b"", header=None, length=None):
    header = json.dumps(fields).encode() if header is None else header
    data = struct.pack(">II", 4 + len(header) + len(body) if length is None else length, len(header)) + header + body
    raw(data)
def raw(data):
    data = memoryview(data)
    while data:
        data = data[os.write(1, data):]
def exactly(count):
    data = b""
    while len(data) < count:
        piece = os.read(0, count - len(data))
        if not piece:
            os._exit(0)
        data += piece
    return data
def take():
    length, size = struct.unpack(">II", exactly(8))
    rest = exactly(length - 4)
    return json.loads(rest[:size]), rest[size:]
def answer(op, **fields):
    send({"t": "answer", "id": op["id"], "ok": True, **fields})
def serve(on_request):
    '''Play the app's container: an empty app, and on_request(op) for each request.'''
    handles = 0
    while True:
        op, body = take()
        kind = op.get("op")
        if kind == "open":
            handles = 1
            answer(op, handle=0)
        elif kind == "instance":
            answer(op, handle=handles); handles += 1
        elif kind == "close":
            answer(op, left_over=0)
        elif kind == "request":
            on_request(op)
        elif kind == "clock":
            answer(op, now=time.time())
send({"t": "ready", "python": "3"})
LOAD, TREE = take()
def loaded():
    send({"t": "loaded", "ok": True})
"""


# -- what is done on the host ------------------------------------------------------------------------------------


class CredulousRelay(relay.Relay):
    """Takes a frame for the grader's wherever it came from."""

    def from_app(self, frame: Frame) -> None:
        if frame.type in ("test_end", "test_start", "collected", "done", "broken"):
            with contextlib.suppress(relay.GraderBroke):
                self.from_grader(frame)
        else:
            super().from_app(frame)

    def _test_ended(self, fields: Mapping[str, Any]) -> None:
        # Whichever word comes first is believed.
        if str(fields["id"]) not in self._tests:
            super()._test_ended(fields)


class GuessableRelay(relay.Relay):
    """Takes an answer for whichever operation waits, whatever id it names."""

    def from_app(self, frame: Frame) -> None:
        if frame.type == "answer" and frame.fields.get("id") not in self._pending and self._pending:
            frame = Frame(frame.type, {**frame.fields, "id": next(iter(self._pending))}, frame.body)
        super().from_app(frame)


def _as_it_is(operation: str, frame: Frame, most_body_bytes: int) -> Frame:
    return Frame("answer", {"ok": True, "handle": 0, **frame.fields}, frame.body)


def _lenient(header: bytes, body: bytes) -> Frame:
    try:
        fields = json.loads(header.decode("utf-8-sig", "replace"), strict=False)
        return Frame(str(fields.pop("t")), fields, body)
    except (ValueError, RecursionError, AttributeError, KeyError) as error:
        raise FrameRefused(str(error)) from None


def _patched(target: Any, **values: Any) -> Callable[[], Iterable[Any]]:
    return lambda: [mock.patch.object(target, name, value) for name, value in values.items()]


def _counting_unfinished_as_passed() -> Iterable[Any]:
    real = scoring.grade_tests

    def grade_tests(inventory: Any, report: Any) -> Any:
        return [
            test.model_copy(update={"status": TestStatus.PASSED})
            if test.kind.value == "guard" or test.status in (TestStatus.ERROR, TestStatus.NOT_RUN)
            else test
            for test in real(inventory, report)
        ]

    return [mock.patch("runner.grading.service.grade_tests", grade_tests)]


# -- what the engine is asked for --------------------------------------------------------------------------------


def _host(**values: Any) -> Change:
    def change(spec: ContainerSpec, options: Options) -> None:
        options["host_config"].update(values)

    return change


def _top(**values: Any) -> Change:
    def change(spec: ContainerSpec, options: Options) -> None:
        options.update(values)

    return change


def _without_security_option(name: str, instead: list[str]) -> Change:
    def change(spec: ContainerSpec, options: Options) -> None:
        kept = [each for each in options["host_config"].get("SecurityOpt") or [] if not each.startswith(name)]
        options["host_config"]["SecurityOpt"] = kept + instead

    return change


def _tmpfs(rewrite: Callable[[str], str]) -> Change:
    def change(spec: ContainerSpec, options: Options) -> None:
        mounts = options["host_config"]["Tmpfs"]
        options["host_config"]["Tmpfs"] = {path: rewrite(text) for path, text in mounts.items()}

    return change


def _without(*names: str) -> Callable[[str], str]:
    return lambda text: ",".join(part for part in text.split(",") if part.partition("=")[0] not in names)


def _ulimit(name: str, value: int) -> Change:
    def change(spec: ContainerSpec, options: Options) -> None:
        kept = [each for each in options["host_config"].get("Ulimits") or [] if each["Name"] != name]
        options["host_config"]["Ulimits"] = [*kept, {"Name": name, "Soft": value, "Hard": value}]

    return change


def _networked(spec: ContainerSpec, options: Options) -> None:
    options["network_disabled"] = False
    options["host_config"]["NetworkMode"] = "bridge"


def _privileged_user(spec: ContainerSpec, options: Options) -> None:
    options["user"] = "0:0"
    options["host_config"]["Tmpfs"] = {
        path: text.replace("uid=65532,gid=65532,mode=0700", "mode=0777")
        for path, text in options["host_config"]["Tmpfs"].items()
    }


_CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "MKNOD", "NET_ADMIN", "NET_RAW"]
_CAPABILITIES += ["SETGID", "SETUID", "SYS_ADMIN", "SYS_CHROOT", "SYS_PTRACE", "SYSLOG"]


def _capable(spec: ContainerSpec, options: Options) -> None:
    options["host_config"]["CapDrop"] = None
    options["host_config"]["CapAdd"] = _CAPABILITIES


def _mounted(spec: ContainerSpec, options: Options) -> None:
    options["host_config"]["Binds"] = ["/var/run/docker.sock:/run/docker.sock"]


_KEEP_RUNNING = """
import runner.inside.processes as p
p.sweep = lambda keep: (set(), True)
"""
_VISIBLE = """
import runner.inside.processes as p
p.hide_from_siblings = lambda: None
"""
_INHERITED = """
import runner.inside.app_host as h
h.AppHost._leave_to_template = lambda self: None
"""
_CORE_FILES = """
import types
import runner.inside.processes as p
p.resource = types.SimpleNamespace(setrlimit=lambda *a: None, RLIMIT_CORE=4)
"""
_SAME_DATA = """
import runner.inside.data_dir as d
d.restore = lambda data, pristine: None
"""
_SAME_PROCESS = """
import runner.inside.app_host as h
real_open, real_end = h.AppHost._open, h.AppHost._end_test
def _open(self, identity):
    if self._forks and self._forks[0].gone is None:
        self._answer(identity, {"handle": 0})
        return
    real_open(self, identity)
h.AppHost._open = _open
h.AppHost._end_test = lambda self: 0
h.AppHost._forget_test = lambda self: None
"""

WEAKNESSES: Mapping[str, Weakness] = {
    "apart": Weakness(change=driven),
    "fresh-fork": Weakness(inside=_SAME_PROCESS),
    "fresh-data": Weakness(inside=_SAME_DATA),
    "sweep": Weakness(inside=_KEEP_RUNNING),
    "hidden-pid-1": Weakness(inside=_VISIBLE),
    "closed-descriptors": Weakness(inside=_INHERITED),
    "origin": Weakness(patches=_patched(pair, Relay=CredulousRelay)),
    "unguessable-ids": Weakness(patches=_patched(pair, Relay=GuessableRelay)),
    "answer-form": Weakness(patches=_patched(relay, check_answer=_as_it_is)),
    "strict-frames": Weakness(
        patches=lambda: [
            mock.patch.object(frames, "parse", _lenient),
            mock.patch.object(frames, "MOST_HEADER_BYTES", 64 * MIB),
            mock.patch.object(pair, "MIB", 64 * MIB),
        ]
    ),
    "refusal-cap": Weakness(patches=_patched(relay, MOST_REFUSED=10**9)),
    "response-cap": Weakness(limits={"response_kb": 8192}),
    "output-cap": Weakness(limits={"output_kb": 1024}, patches=_patched(relay, _KEPT_OUTPUT=64 * MIB)),
    "request-deadline": Weakness(limits={"request_s": 5, "test_s": 6, "grading_s": 8}),
    "start-deadline": Weakness(limits={"app_start_s": 60}),
    "guards": Weakness(patches=_counting_unfinished_as_passed),
    "user": Weakness(change=_privileged_user),
    "capabilities": Weakness(change=_capable),
    "no-new-privileges": Weakness(change=_without_security_option("no-new-privileges", [])),
    "seccomp": Weakness(change=_without_security_option("seccomp", ["seccomp=unconfined"])),
    "network": Weakness(change=_networked),
    "read-only-root": Weakness(change=_host(ReadonlyRootfs=False)),
    "noexec": Weakness(change=_tmpfs(lambda text: _without("noexec")(text) + ",exec")),
    "masked-paths": Weakness(change=_host(MaskedPaths=[], ReadonlyPaths=[])),
    "mounts": Weakness(change=_mounted),
    "memory": Weakness(change=_host(Memory=_HUGE_MB * MIB, MemorySwap=_HUGE_MB * MIB)),
    "pids": Weakness(change=_host(PidsLimit=2000)),
    "tmpfs-bytes": Weakness(change=_tmpfs(lambda text: _without("size")(text) + ",size=200m")),
    "tmpfs-inodes": Weakness(change=_tmpfs(lambda text: _without("nr_inodes")(text) + ",nr_inodes=100000")),
    "open-files": Weakness(change=_ulimit("nofile", 65536)),
    "core-files": Weakness(change=_ulimit("core", -1), inside=_CORE_FILES),
    "file-size": Weakness(change=_ulimit("fsize", -1)),
    "redaction": Weakness(),
}


@contextlib.contextmanager
def weakened(names: Iterable[str]) -> Iterator[list[Change]]:
    """Without those mitigations: gives the changes to the engine's options, with the host patched meanwhile."""
    changes: list[Change] = []
    inside = [WEAKNESSES[name].inside for name in names if WEAKNESSES[name].inside]
    if inside:
        changes.append(in_app("\n".join(inside)))
    with contextlib.ExitStack() as stack:
        for name in names:
            weakness = WEAKNESSES[name]
            if weakness.change is not None:
                changes.append(weakness.change)
            for patch in weakness.patches():
                stack.enter_context(patch)
        yield changes


def raised(limits: Limits, names: Iterable[str]) -> Limits:
    """The limits without those mitigations."""
    for name in names:
        if WEAKNESSES[name].limits:
            limits = Limits.model_validate({**limits.model_dump(), **WEAKNESSES[name].limits})
    return limits
