"""What the containers are: seen from inside by a suite and an app that try, and from outside by the engine."""

from __future__ import annotations

from runner.grading.report import Outcome
from runner.limits import MIB, Limits
from runner.sandbox.confinement import ULIMITS
from runner.sandbox.engine import Engine
from runner.sandbox.pool import DockerSandbox
from runner.sandbox.seccomp.profile import profile_json
from runner.sandbox.settings import SandboxSettings
from runner.sandbox.starting import start_pair
from tests.support.runtimes import Differs
from tests.support.sandboxes import Run, in_order, sample_tree, statuses

PROBES = b"""

def probe_identity():
    import ctypes
    status = open("/proc/self/status").read()
    fields = dict(line.split(":\\t", 1) for line in status.splitlines() if ":\\t" in line)
    return {"uid": os.getuid(), "gid": os.getgid(), "groups": os.getgroups(),
            "caps": [fields[k] for k in ("CapPrm", "CapEff", "CapBnd")],
            "no_new_privs": ctypes.CDLL(None).prctl(39, 0, 0, 0, 0), "seccomp": fields["Seccomp"]}

def probe_writes():
    written = []
    for folder in ("/", "/etc", "/usr", "/opt/mendbox", "/var", "/home", "/root", "/dev", "/proc", "/sys", "/run"):
        try:
            with open(f"{folder}/mendbox-probe", "w") as file:
                file.write("x")
            written.append(folder)
        except OSError:
            pass
    return written

def probe_network():
    import socket
    interfaces = sorted(line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line)
    reached = []
    for address in ("1.1.1.1", "172.17.0.1", "169.254.169.254"):
        try:
            socket.create_connection((address, 80), timeout=1).close()
            reached.append(address)
        except OSError:
            pass
    return {"interfaces": interfaces, "reached": reached}

def probe_files(size, count):
    made = 0
    try:
        for index in range(count):
            with open(f"/tmp/f{index}", "wb") as file:
                file.write(b"x" * size)
            made += 1
    except OSError as error:
        return [made, error.errno]
    return [made, 0]

def probe_hidden():
    found = []
    for root, folders, files in os.walk("/"):
        if root.startswith(("/proc", "/sys")):
            folders.clear()
            continue
        found += [f"{root}/{name}" for name in files if "hidden" in name or name.startswith("test_suite")]
        found += [f"{root}/{name}" for name in folders if name == "hidden"]
    processes = [name for name in os.listdir("/proc") if name.isdigit()]
    return {"found": found, "processes": len(processes)}

def probe_parent():
    tried = {}
    for name, path in {"environ": "/proc/1/environ", "mem": "/proc/1/mem", "stdin": "/proc/1/fd/0"}.items():
        try:
            with open(path, "rb") as file:
                file.read(1)
            tried[name] = "read"
        except OSError:
            tried[name] = "refused"
    return tried

def probe_killing_pid_1():
    try:
        os.kill(1, 9)
        os.kill(1, 19)
    except OSError:
        pass
    return "alive"
"""


def probe_tree() -> dict[str, bytes]:
    return {"shop/__init__.py": sample_tree()["shop/__init__.py"] + PROBES}


def test_the_app_has_no_root_no_capability_no_network_and_nothing_to_write(run: Run, differs: Differs) -> None:
    filtered = "0" if differs("calls") else "2"
    kin = "read" if differs("kin") else "refused"
    report = run(
        f"""
        NONE = "0000000000000000"

        def test_identity(app):
            who = app.call("shop:probe_identity")
            assert who["uid"] == who["gid"] == 65532 and who["groups"] in ([], [65532])
            assert who["caps"] == [NONE, NONE, NONE]
            assert who["no_new_privs"] == 1 and who["seccomp"] == "{filtered}"

        def test_writes(app):
            assert app.call("shop:probe_writes") == []

        def test_network(app):
            assert app.call("shop:probe_network") == {{"interfaces": ["lo"], "reached": []}}

        def test_the_hidden_suite_is_not_there(app):
            seen = app.call("shop:probe_hidden")
            assert seen["found"] == [] and seen["processes"] <= 8

        def test_pid_1_is_out_of_reach(app):
            tried = app.call("shop:probe_parent")
            assert tried["mem"] == "refused"
            assert tried["environ"] == tried["stdin"] == "{kin}"

        def test_the_grader_has_no_more(tmp_path):
            import os
            interfaces = [line.split(":")[0].strip() for line in open("/proc/net/dev") if ":" in line]
            assert os.getuid() == 65532 and interfaces == ["lo"]
            try:
                open("/etc/mendbox-probe", "w")
            except OSError:
                return
            raise AssertionError
        """,
        tree=probe_tree(),
    )
    assert set(statuses(report).values()) == {"passed"}, [(test.id, test.detail) for test in report.tests]


def test_pid_1_survives_its_kin_or_its_end_is_the_apps_own(run: Run, differs: Differs) -> None:
    report = in_order(run, "test_killing", "test_after")(
        """
        def test_killing(app): assert app.call("shop:probe_killing_pid_1") == "alive"
        def test_after(client): assert client.get("/users/1").status_code == 200
        """,
        tree=probe_tree(),
    )
    if differs("init"):
        assert report.outcome is Outcome.CRASHED
        assert statuses(report) == {"test_killing": "error", "test_after": "error"}
    else:
        assert report.outcome is Outcome.COMPLETED
        assert statuses(report) == {"test_killing": "passed", "test_after": "passed"}


def test_files_are_limited_by_bytes(run: Run) -> None:
    report = run(
        """
        import errno

        def test_bytes(app):
            made, error = app.call("shop:probe_files", 1_000_000, 1000)
            assert error == errno.ENOSPC and made <= 34
        """,
        tree=probe_tree(),
    )
    assert statuses(report) == {"test_bytes": "passed"}, [(test.id, test.detail) for test in report.tests]


def test_files_are_limited_by_number_or_at_least_by_memory_and_time(run: Run, differs: Differs) -> None:
    report = run(
        """
        import errno

        def test_files(app):
            made, error = app.call("shop:probe_files", 0, 100_000_000)
            assert error == errno.ENOSPC and made < 4096
        """,
        tree=probe_tree(),
    )
    assert statuses(report) == {"test_files": "error" if differs("files") else "passed"}, report.tests
    assert (report.outcome in (Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY)) is differs("files")


def test_the_engine_was_asked_for_every_limit(engine: Engine, settings: SandboxSettings, differs: Differs) -> None:
    limits = Limits(memory_mb=128, pids=40, cpus=0.5, tmpfs_mb=16, tmpfs_inodes=1000)
    pids, memory = (40 * 2 + 96, 128 * 3 // 2 * MIB) if differs("room") else (40, 128 * MIB)
    pair = start_pair(engine, settings, limits)
    try:
        for identity in pair.container_ids:
            seen = engine.client.api.inspect_container(identity)
            host = seen["HostConfig"]
            assert host["NetworkMode"] == "none"
            assert host["ReadonlyRootfs"] is True
            assert host["CapDrop"] == ["ALL"]
            assert host["CapAdd"] is None
            assert host["Privileged"] is False
            assert "no-new-privileges:true" in host["SecurityOpt"]
            assert f"seccomp={profile_json(seen['Config']['Hostname'])}" in host["SecurityOpt"]
            assert {ulimit["Name"]: ulimit["Hard"] for ulimit in host["Ulimits"]} == {
                ulimit.name: ulimit.value(limits) for ulimit in ULIMITS
            }
            assert all(ulimit["Soft"] == ulimit["Hard"] for ulimit in host["Ulimits"])
            assert host["PidsLimit"] == pids
            assert host["Memory"] == host["MemorySwap"] == memory
            assert host["NanoCpus"] == 500_000_000
            assert host["IpcMode"] == "none"
            assert host["Runtime"] == (settings.runtime or engine.info()["DefaultRuntime"])
            assert host["LogConfig"]["Type"] == "none"
            assert not host["Binds"]
            assert not seen["Mounts"] or all(mount["Type"] == "tmpfs" for mount in seen["Mounts"])
            assert all("size=16m,nr_inodes=1000" in options for options in host["Tmpfs"].values())
            assert all("noexec,nosuid,nodev" in options for options in host["Tmpfs"].values())
            assert seen["Config"]["User"] == "65532:65532"
            assert seen["Config"]["Labels"]["org.mendbox.owner"]
    finally:
        pair.destroy()


def test_a_warm_pair_is_used_once_and_gone_afterwards(engine: Engine, settings: SandboxSettings) -> None:
    sandbox = DockerSandbox(engine, settings)
    sandbox.start()
    try:
        assert sandbox.wait_until_warm(60)
        first = sandbox._warm[()][0].container_ids
        report = Run(sandbox)("def test_it(client): assert client.get('/users/1').status_code == 200\n")
        assert report.warm is True
        assert sandbox.wait_until_warm(60)
        assert sandbox._warm[()][0].container_ids != first
    finally:
        sandbox.close()
    there = {container["Id"] for container in engine.pairs()}
    assert not there & set(first)
