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
from runner.sandbox.confinement import ContainerSpec
from tests.adversarial.naive import driven
from tests.support.weakened import WeakenedEngine

Options = dict[str, Any]
#: Changes a container's own options (its command) or those of its HostConfig.
Change = Callable[[ContainerSpec, Options], None]
_BOOT = "/opt/mendbox/lib/runner/inside/boot.py"
_MUCH_MEMORY = 1024 * MIB


@dataclass(frozen=True)
class Weakness:
    """What is done without one mitigation.

    `walls`: of both containers, by their names in `tests.support.weakened`; `host`: changes of the HostConfig's
    options; `command`: of the containers' own; `raw`: of the HostConfig as the engine's API has it; `inside`: code that
    runs in the app's container before our own program; `patches`: of what runs on the host; `limits`: raised.
    """

    walls: tuple[str, ...] = ()
    host: Change | None = None
    command: Change | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)
    inside: str = ""
    patches: Callable[[], Iterable[Any]] = lambda: ()
    limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Changes:
    """What an engine is asked for instead of what the product asks for."""

    walls: tuple[str, ...] = ()
    host: tuple[Change, ...] = ()
    command: tuple[Change, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)


class AlteredEngine(WeakenedEngine):
    """An engine that is asked for something else than the product asks for."""

    def __init__(self, changes: Changes) -> None:
        super().__init__(changes.walls)
        self._changes = changes

    def create(self, spec: ContainerSpec) -> str:
        real = self._api.create_host_config

        def create_host_config(**options: Any) -> dict[str, Any]:
            return {**real(**options), **self._changes.raw}

        with mock.patch.object(self._api, "create_host_config", create_host_config):
            return super().create(spec)

    def host_options(self, spec: ContainerSpec) -> Options:
        options = super().host_options(spec)
        for change in self._changes.host:
            change(spec, options)
        return options

    def container_options(self, spec: ContainerSpec) -> Options:
        options = super().container_options(spec)
        for change in self._changes.command:
            change(spec, options)
        return options


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
            if frame.type == "collected":
                # Also where the grader was faster: which of the two is first is chance.
                self._collected = {}
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
    return Frame("answer", {"ok": True, "handle": 0, "left_over": 0, "counts": {}, **frame.fields}, frame.body)


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
    return lambda spec, options: options.update(values)


def _bounded(name: str, value: str) -> Change:
    """A limit of the two tmpfs so wide that an attack meets none, and the machine is safe all the same."""

    def change(spec: ContainerSpec, options: Options) -> None:
        options["tmpfs"] = {
            place: ",".join(f"{name}={value}" if word.startswith(f"{name}=") else word for word in text.split(","))
            for place, text in options["tmpfs"].items()
        }

    return change


def _core_files(spec: ContainerSpec, options: Options) -> None:
    kept = [limit for limit in options["ulimits"] if limit["Name"] != "core"]
    options["ulimits"] = [*kept, {"Name": "core", "Soft": -1, "Hard": -1}]


def _capable(spec: ContainerSpec, options: Options) -> None:
    options["cap_drop"] = None
    options["cap_add"] = _CAPABILITIES


_CAPABILITIES = ["CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "MKNOD", "NET_ADMIN", "NET_RAW"]
_CAPABILITIES += ["SETGID", "SETUID", "SYS_ADMIN", "SYS_CHROOT", "SYS_PTRACE", "SYSLOG"]


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
real_open = h.AppHost._open
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
    "apart": Weakness(command=driven),
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
    "request-deadline": Weakness(limits={"request_s": 4, "test_s": 5, "grading_s": 6}),
    "start-deadline": Weakness(limits={"app_start_s": 60}),
    "guards": Weakness(patches=_counting_unfinished_as_passed),
    "user": Weakness(walls=("user",)),
    "capabilities": Weakness(host=_capable),
    "no-new-privileges": Weakness(walls=("no-new-privileges",)),
    "seccomp": Weakness(walls=("seccomp",)),
    "network": Weakness(walls=("network",)),
    "read-only-root": Weakness(walls=("read-only root",)),
    "noexec": Weakness(walls=("tmpfs noexec",)),
    "masked-paths": Weakness(raw={"MaskedPaths": [], "ReadonlyPaths": []}),
    "mounts": Weakness(host=_host(binds=["/var/run/docker.sock:/run/docker.sock"])),
    "memory": Weakness(host=_host(mem_limit=_MUCH_MEMORY, memswap_limit=_MUCH_MEMORY)),
    "pids": Weakness(host=_host(pids_limit=2000)),
    "tmpfs-bytes": Weakness(host=_bounded("size", "200m")),
    "tmpfs-inodes": Weakness(host=_bounded("nr_inodes", "100000")),
    "open-files": Weakness(walls=("ulimit nofile",)),
    "core-files": Weakness(host=_core_files, inside=_CORE_FILES),
    "file-size": Weakness(walls=("ulimit fsize",)),
    "process-limits": Weakness(walls=("ulimits",)),
    "redaction": Weakness(),
}


@contextlib.contextmanager
def weakened(names: Iterable[str]) -> Iterator[Changes]:
    """Without those mitigations: gives what the engine is to be asked for, with the host patched meanwhile."""
    chosen = [WEAKNESSES[name] for name in names]
    inside = [each.inside for each in chosen if each.inside]
    commands = [each.command for each in chosen if each.command is not None]
    with contextlib.ExitStack() as stack:
        for each in chosen:
            for patch in each.patches():
                stack.enter_context(patch)
        yield Changes(
            walls=tuple(wall for each in chosen for wall in each.walls),
            host=tuple(each.host for each in chosen if each.host is not None),
            command=(*([in_app("\n".join(inside))] if inside else []), *commands),
            raw={key: value for each in chosen for key, value in each.raw.items()},
        )


def raised(limits: Limits, names: Iterable[str]) -> Limits:
    """The limits without those mitigations."""
    for name in names:
        if WEAKNESSES[name].limits:
            limits = Limits.model_validate({**limits.model_dump(), **WEAKNESSES[name].limits})
    return limits
