"""The filter on the real engine: in the way of nothing honest, and the end of what is not. gVisor has none of ours."""

from __future__ import annotations

import pytest

from runner.grading.report import Outcome
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.seccomp.derive import habits
from runner.sandbox.settings import SandboxSettings
from tests.sandbox.test_confinement import probe_tree
from tests.support.runtimes import Differs
from tests.support.sandboxes import Run, by_name, sample_tree, statuses
from tests.support.weakened import WeakenedEngine

CALLS = b"""

def attempt(name, *arguments):
    import ctypes
    libc = ctypes.CDLL(None, use_errno=True)
    result = getattr(libc, name)(*(ctypes.c_long(a) if isinstance(a, int) else a for a in arguments))
    return "done" if result >= 0 else ctypes.get_errno()

def attempt_number(number, *arguments):
    return attempt("syscall", number, *arguments)

def attempt_socket(family, kind=1, protocol=0):
    import socket
    try:
        socket.socket(family, kind, protocol).close()
    except OSError as error:
        return error.errno
    return "done"

def attempt_of_32_bits():
    import ctypes, mmap
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(bytes.fromhex("b814000000cd80c3"))  # mov eax, 20 (getpid); int 0x80; ret
    ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()

def attempt_of_a_child(name, *arguments):
    import signal
    pid = os.fork()
    if pid == 0:
        globals()[name]() if name in globals() else attempt(name, *arguments)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return signal.Signals(-status).name if status < 0 else status
"""
#: Names of the C library, with arguments that would do little harm if they were let through.
FATAL = {
    "ptrace": [0, 0, 0, 0],
    "unshare": [0x10000000],
    "setns": [0, 0],
    "mount": [0, 0, 0, 0, 0],
    "umount2": [0, 0],
    "process_vm_readv": [1, 0, 0, 0, 0, 0],
    "swapoff": [0],
    "acct": [0],
}
EPERM, ENOSYS = 1, 38


def calls_tree() -> dict[str, bytes]:
    return {"shop/__init__.py": sample_tree()["shop/__init__.py"] + CALLS}


def test_what_honest_apps_and_suites_do_works(sandbox: DockerSandbox) -> None:
    report = sandbox.run(habits(), lambda kind, data: None)
    assert report.outcome is Outcome.COMPLETED
    assert set(statuses(report).values()) == {"passed"}, [
        (test.id, test.detail, test.app_output) for test in report.tests
    ]


def test_a_library_that_tries_the_network_gets_an_error_and_goes_on(run: Run, differs: Differs) -> None:
    tree = {"shop/__init__.py": calls_tree()["shop/__init__.py"] + _network_habit()}
    report = run(
        f"""
        def test_it(app): assert app.call("shop:a_network_that_is_not_there") is {not differs("calls")}
        """,
        tree=tree,
    )
    assert statuses(report) == {"test_it": "passed"}, report.tests


def _network_habit() -> bytes:
    source = habits().tree["habits/__init__.py"].decode()
    body = source[source.index("def a_network_that_is_not_there") :]
    return ("\n\nimport socket\n\n" + body).encode()


@pytest.mark.parametrize("name", FATAL)
def test_a_call_that_begins_an_escape_ends_the_process_and_only_that(name: str, run: Run, differs: Differs) -> None:
    report = run(
        f"""
        def test_child(app):
            assert app.call("shop:attempt_of_a_child", {name!r}, *{FATAL[name]!r}) == "SIGSYS"
        def test_itself(app):
            app.call("shop:attempt", {name!r}, *{FATAL[name]!r})
        def test_after(client):
            assert client.get("/users/1").status_code == 200
        """,
        tree=calls_tree(),
    )
    ended = by_name(report)
    assert report.outcome is (Outcome.COMPLETED if differs("calls") else Outcome.CRASHED)
    assert ended["test_after"].status.value == "passed"
    if differs("calls"):
        assert ended["test_child"].status.value == "failed"
    else:
        assert ended["test_child"].status.value == "passed", ended["test_child"].detail
        assert ended["test_itself"].status.value == "error"
        assert "made a system call that the sandbox does not allow" in str(ended["test_itself"].message)


def test_how_a_process_ended_is_told_however_soon_the_next_is_forked(run: Run, differs: Differs) -> None:
    at_once = b"\n\nimport os\nwaitpid = os.waitpid\nos.waitpid = lambda pid, options: waitpid(pid, 0)\n"
    report = run(
        """
        import pytest

        @pytest.mark.parametrize("turn", range(5))
        def test_itself(app, turn):
            app.call("shop:attempt", "ptrace", 0, 0, 0, 0)
        """,
        tree={"shop/__init__.py": calls_tree()["shop/__init__.py"] + at_once},
    )
    told = [test.message or "" for test in report.tests]
    assert len(told) == 5
    if not differs("calls"):
        assert all("made a system call that the sandbox does not allow" in each for each in told), told


def test_without_the_filter_the_same_call_ends_nothing(settings: SandboxSettings) -> None:
    engine = WeakenedEngine({"seccomp"})
    sandbox = DockerSandbox(engine, settings)
    try:
        report = Run(sandbox)(
            """
            def test_child(app):
                assert app.call("shop:attempt_of_a_child", "ptrace", 0, 0, 0, 0) == 0
            """,
            tree=calls_tree(),
        )
    finally:
        sandbox.close()
        engine.close()
    assert statuses(report) == {"test_child": "passed"}


def test_a_namespace_can_not_be_cloned(run: Run, differs: Differs) -> None:
    report = run(
        """
        import platform

        CLONE = {"x86_64": 56, "aarch64": 220}[platform.machine()]

        def test_user(app):
            assert app.call("shop:attempt_of_a_child", "syscall", CLONE, 0x10000000 | 17, 0, 0, 0, 0) == "SIGSYS"
        def test_network(app):
            assert app.call("shop:attempt_of_a_child", "syscall", CLONE, 0x40000000 | 17, 0, 0, 0, 0) == "SIGSYS"
        """,
        tree=calls_tree(),
    )
    assert set(statuses(report).values()) == {"failed" if differs("calls") else "passed"}, [
        test.detail for test in report.tests
    ]


def test_calls_by_other_numbers_than_the_machines_own_end_the_process(run: Run, differs: Differs) -> None:
    report = run(
        """
        import platform

        def test_32_bits_and_x32(app):
            if platform.machine() == "x86_64":  # aarch64 has one set of numbers
                assert app.call("shop:attempt_of_a_child", "attempt_of_32_bits") == "SIGSYS"
                assert app.call("shop:attempt_of_a_child", "syscall", 0x40000000 | 39) == "SIGSYS"
        """,
        tree=calls_tree(),
    )
    if differs("calls"):
        assert report.outcome is Outcome.COMPLETED
    else:
        assert statuses(report) == {"test_32_bits_and_x32": "passed"}, [test.detail for test in report.tests]


def test_sockets_other_than_this_machines_are_refused(run: Run, differs: Differs) -> None:
    families = {"AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16, "AF_PACKET": 17, "AF_ALG": 38, "AF_VSOCK": 40}
    report = run(
        f"""
        import pytest

        @pytest.mark.parametrize("family", {sorted(families.values())!r})
        def test_family(app, family):
            assert app.call("shop:attempt_socket", family) == {EPERM}
        def test_unix(app):
            assert app.call("shop:attempt_socket", 1) == "done"
        """,
        tree=calls_tree(),
    )
    refused = {name: status for name, status in statuses(report).items() if name != "test_unix"}
    assert statuses(report)["test_unix"] == "passed"
    if differs("calls"):
        assert report.outcome is Outcome.COMPLETED
    else:
        assert set(refused.values()) == {"passed"}, [test.detail for test in report.tests]


def test_other_calls_are_refused_and_the_app_goes_on(run: Run, differs: Differs) -> None:
    report = run(
        f"""
        import platform
        import pytest

        X86 = platform.machine() == "x86_64"
        NUMBERS = {{"clone3": 435, "openat2": 437, "pidfd_open": 434, "open_tree": 428, "memfd_secret": 447}}

        @pytest.mark.parametrize(("name", "arguments"), [
            ("shmget", (0, 4096, 0o600)), ("msgget", (0, 0o600)), ("semget", (0, 1, 0o600)),
            ("personality", (0x0040000,)),
            ("mlock", (0, 0)), ("bind", (0, 0, 0)), ("prctl", (52, 0, 0, 0, 0)), ("ioctl", (0, 0x5412, 0)),
        ])
        def test_refused(app, name, arguments):
            assert app.call("shop:attempt", name, *arguments) == {EPERM}

        def test_open_tree_is_refused_and_does_not_end_the_process(app):
            assert app.call("shop:attempt_number", NUMBERS["open_tree"], -100, 0, 0) == {EPERM}

        def test_clone3_is_not_there(app):
            assert app.call("shop:attempt_number", NUMBERS["clone3"], 0, 0) == {ENOSYS}

        def test_personality_can_be_asked(app):
            assert app.call("shop:attempt", "personality", 0xffffffff) == "done"
        """,
        tree=calls_tree(),
    )
    wrong = [(test.id, test.detail) for test in report.tests if test.status.value != "passed"]
    if differs("calls"):
        assert report.outcome is Outcome.COMPLETED
    else:
        assert wrong == []


def test_the_grader_is_filtered_more_closely(run: Run, differs: Differs) -> None:
    report = run(
        """
        import os, threading
        import pytest

        def test_no_child(client):
            with pytest.raises(PermissionError):
                if os.fork() == 0:
                    os._exit(0)

        def test_threads(client):
            thread = threading.Thread(target=str)
            thread.start()
            thread.join()

        def test_no_socket(client):
            import socket
            with pytest.raises(PermissionError):
                socket.socket(socket.AF_INET)
        """
    )
    expected = "failed" if differs("calls") else "passed"
    assert statuses(report) == {"test_no_child": expected, "test_threads": "passed", "test_no_socket": expected}


def test_a_file_is_no_larger_than_its_tmpfs_even_a_sparse_one(run: Run) -> None:
    tree = {"shop/__init__.py": probe_tree()["shop/__init__.py"] + _SPARSE}
    report = run(
        """
        import errno

        def test_sparse(app): assert app.call("shop:sparse") == errno.EFBIG
        """,
        tree=tree,
    )
    assert statuses(report) == {"test_sparse": "passed"}, [test.detail for test in report.tests]


_SPARSE = b"""

def sparse():
    with open("/tmp/sparse", "wb") as file:
        try:
            file.truncate(1 << 40)
        except OSError as error:
            return error.errno
    return 0
"""
