"""What honest apps do beyond what the challenges happen to do. The sandbox's filter is in the way of none of it."""

import asyncio
import concurrent.futures
import contextlib
import fcntl
import getpass
import hashlib
import logging
import logging.handlers
import mmap
import multiprocessing
import os
import platform
import random
import secrets
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zoneinfo
from pathlib import Path

from flask import Flask, jsonify
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

db = SQLAlchemy()
FOLDERS = []


class Note(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]


def create_app(data_dir):
    FOLDERS.append(Path(data_dir))
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{FOLDERS[0] / 'notes.db'}"
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 5}}
    db.init_app(app)
    with app.app_context():

        @event.listens_for(db.engine, "connect")
        def journal(connection, _):
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA mmap_size=1048576")

        db.create_all()
        db.session.add(Note(text="first"))
        db.session.commit()
        db.engine.dispose()

    @app.get("/notes")
    def notes():
        return jsonify([note.text for note in db.session.query(Note)])

    @app.post("/notes")
    def add():
        db.session.add(Note(text="another"))
        db.session.commit()
        return jsonify(count=db.session.query(Note).count()), 201

    @app.get("/big")
    def big():
        return Flask.response_class(b"x" * 1_000_000, mimetype="application/octet-stream")

    return app


def threads_and_pools():
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda number: number * number, range(20))) == 2470
    done = threading.Event()
    timer = threading.Timer(0.01, done.set)
    timer.start()
    assert done.wait(5)
    barrier = threading.Barrier(2)
    threading.Thread(target=barrier.wait).start()
    barrier.wait(5)
    condition = threading.Condition()
    with condition:
        condition.wait(0.01)
    return True


def event_loops():
    async def main():
        await asyncio.sleep(0.01)
        loop = asyncio.get_running_loop()
        text = await loop.run_in_executor(None, lambda: "done")
        return await asyncio.gather(asyncio.to_thread(str, 1), asyncio.sleep(0, text))

    assert asyncio.run(main()) == ["1", "done"]
    return True


def async_children():
    async def main():
        process = await asyncio.create_subprocess_exec("echo", "hi", stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
        return out

    return asyncio.run(main()) == b"hi\n"


def children():
    assert subprocess.run(["echo", "hi"], capture_output=True, text=True, check=True).stdout == "hi\n"
    assert subprocess.run("echo $0", shell=True, capture_output=True, check=True).returncode == 0
    assert subprocess.run([sys.executable, "-c", "print(1)"], capture_output=True, check=True).stdout == b"1\n"
    pid = os.fork()
    if pid == 0:
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3
    return True


def process_pools():
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=lambda: sending.send(os.getpid()))
    child.start()
    answered = receiving.recv()
    child.join(10)
    return answered == child.pid and child.exitcode == 0


def signals():
    heard = []
    signal.pthread_sigmask(signal.SIG_BLOCK, [])
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGALRM, lambda *_: heard.append(1))
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.sigpending() is not None
    os.kill(os.getpid(), 0)
    return True


def files_and_folders():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        one = folder / "one.txt"
        one.write_text("text\n" * 10)
        shutil.copy2(one, folder / "two.txt")
        shutil.copytree(folder, FOLDERS[0] / "copied")
        one.chmod(0o600)
        one.touch()
        os.utime(one, (1, 2))
        one.rename(folder / "three.txt")
        (folder / "link").symlink_to("three.txt")
        os.link(folder / "three.txt", folder / "hard")
        assert (folder / "link").resolve().name == "three.txt"
        os.truncate(folder / "three.txt", 2)
        with (folder / "three.txt").open("r+b") as file:
            file.write(b"x")
            file.flush()
            os.fsync(file.fileno())
            os.posix_fallocate(file.fileno(), 0, 4096)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.lockf(file, fcntl.LOCK_UN)
            with mmap.mmap(file.fileno(), 4096) as mapped:
                mapped[0:1] = b"y"
                mapped.flush()
            os.pwrite(file.fileno(), b"z", 1)
            os.pread(file.fileno(), 1, 1)
            os.sendfile(os.open(os.devnull, os.O_WRONLY), file.fileno(), 0, 1)
        assert sorted(entry.name for entry in os.scandir(folder)) == ["hard", "link", "three.txt", "two.txt"]
        assert list(os.walk(folder))
        assert shutil.disk_usage(folder).total > 0
        os.access(folder, os.W_OK)
        os.replace(folder / "two.txt", folder / "four.txt")
        os.umask(os.umask(0o022))
    shutil.rmtree(FOLDERS[0] / "copied")
    with tempfile.NamedTemporaryFile() as file, tempfile.SpooledTemporaryFile() as spooled:
        file.write(b"x")
        spooled.write(b"y")
    return True


def databases():
    path = FOLDERS[0] / "other.db"
    for mode in ("WAL", "DELETE", "TRUNCATE", "MEMORY"):
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA journal_mode={mode}")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("CREATE TABLE IF NOT EXISTS t (a)")
            connection.execute("INSERT INTO t VALUES (1)")
            connection.execute("COMMIT")
            connection.execute("VACUUM")
            connection.execute("CREATE TEMP TABLE s AS SELECT * FROM t")
            copy = sqlite3.connect(":memory:")
            connection.backup(copy)
            copy.close()
    return True


def times_and_chances():
    time.sleep(0.01)
    assert time.process_time() > 0
    assert time.thread_time() >= 0
    assert time.clock_getres(time.CLOCK_MONOTONIC) > 0
    time.tzset()
    with contextlib.suppress(zoneinfo.ZoneInfoNotFoundError):
        zoneinfo.ZoneInfo("Europe/Berlin")
    random.SystemRandom().random()
    secrets.token_hex(8)
    os.urandom(8)
    uuid.uuid4()
    uuid.uuid1()
    hashlib.scrypt(b"p", salt=b"s", n=1024, r=8, p=1)
    hashlib.pbkdf2_hmac("sha256", b"p", b"s", 1000)
    return True


def asking_the_system():
    platform.platform()
    platform.uname()
    platform.libc_ver()
    os.cpu_count()
    os.getloadavg()
    os.sched_getaffinity(0)
    os.getpgrp()
    os.getsid(0)
    os.times()
    os.sysconf("SC_PAGESIZE")
    shutil.get_terminal_size()
    socket.gethostname()
    socket.getfqdn()
    with contextlib.suppress(KeyError, OSError):
        getpass.getuser()
    import resource

    resource.getrusage(resource.RUSAGE_SELF)
    resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE))
    os.getpriority(os.PRIO_PROCESS, 0)
    return True


def waiting_for_descriptors():
    one, other = socket.socketpair()
    with one, other:
        one.sendall(b"x")
        assert select.select([other], [], [], 5)[0]
        poll = select.poll()
        poll.register(other, select.POLLIN)
        assert poll.poll(5000)
        with select.epoll() as epoll:
            epoll.register(other, select.EPOLLIN)
            assert epoll.poll(5)
        other.settimeout(5)
        assert other.recv(1) == b"x"
        socket.send_fds(one, [b"f"], [0])
        _, received, _, _ = socket.recv_fds(other, 1, 1)
        os.close(received[0])
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
        one.getpeername()
        one.shutdown(socket.SHUT_RDWR)
    read_fd, write_fd = os.pipe()
    os.set_blocking(read_fd, False)
    os.set_inheritable(write_fd, True)
    os.close(os.dup(read_fd))
    os.close(read_fd)
    os.close(write_fd)
    return True


def logs():
    handler = logging.handlers.RotatingFileHandler(FOLDERS[0] / "app.log", maxBytes=50, backupCount=2)
    logger = logging.getLogger("habits")
    logger.addHandler(handler)
    for number in range(20):
        logger.warning("line %d", number)
    logger.removeHandler(handler)
    handler.close()
    return (FOLDERS[0] / "app.log.1").exists()


def a_network_that_is_not_there():
    """Libraries that try the network get an OSError, as on any machine without one, and go on."""
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.socket(family, socket.SOCK_STREAM).close()
        except OSError:
            continue
        return False
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    except OSError:
        pass
    try:
        socket.getaddrinfo("example.com", 80)
    except OSError:
        pass
    socket.getaddrinfo("127.0.0.1", 80)
    return True
