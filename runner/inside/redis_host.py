"""PID 1 of the container with a challenge's own Redis, as `server_host` has it: its operations, and their answers.

`keep`, `fresh`; `advance`, so much time has gone for whatever expires; `redis`, a command of the suite's.

The server is Valkey, which speaks Redis's protocol. It listens on a file that only this container has; the app comes
through a `doorway` in the network namespace that the two containers share. Whoever comes that way is Valkey's user
`default`, an ordinary role: all data and all that scripts need, nothing of the server's own. The administrator has a
password that is drawn at the start.

Nothing is stored: what was seeded is kept here, as the server dumps it, and put back for each test. A server that died
or stands still is ended then, and another is started.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NoReturn

import redis

from runner.inside import server_host
from runner.inside.doorway import Doorway
from runner.inside.processes import OomWatch, hide_from_siblings
from runner.inside.resp import plain, to_bytes
from runner.inside.server_host import ServerHost, Unanswerable
from runner.inside.services import APP_UID, REDIS_SOCKET

_SERVER = "/opt/mendbox/valkey-server"
_FOLDER = Path("/work")
_SOCKET = str(_FOLDER / "valkey.sock")
_ADMINISTRATOR = "administrator"
_DATABASES = 16
_MOST_CONNECTIONS = 100
_SETTINGS = f"""
port 0
unixsocket {_SOCKET}
unixsocketperm 600
dir {_FOLDER}
daemonize no
databases {_DATABASES}
# One for each of the app's connections, and some for the administrator.
maxclients {_MOST_CONNECTIONS + 40}
io-threads 1
# Nothing is stored: all of it is thrown away with the container.
save ""
appendonly no
# Memory that runs out is an error that the app is told, and nothing is dropped in silence.
maxmemory 64mb
maxmemory-policy noeviction
maxmemory-clients 32mb
proto-max-bulk-len 8mb
client-query-buffer-limit 10mb
client-output-buffer-limit normal 16mb 0 0
client-output-buffer-limit pubsub 8mb 4mb 10
enable-debug-command no
enable-module-command no
enable-protected-configs no
sanitize-dump-payload yes
loglevel warning
set-proc-title no
crash-log-enabled no
crash-memcheck-enabled no
"""
#: What an ordinary role may do: all but what rules the server, opens connections of its own, or reads dumps, which are
#: a format for servers among themselves.
_ROLE = "user default on nopass ~* &* +@all -@admin -migrate -restore -restore-asking -function|restore -script|debug"
#: So much is taken off every key and every field that expires. Keys are collected first: a scan may give one twice.
_ADVANCE = """
local ms, seen, cursor = tonumber(ARGV[1]), {}, '0'
repeat
  local part = redis.call('SCAN', cursor, 'COUNT', 1000)
  cursor = part[1]
  for _, key in ipairs(part[2]) do seen[key] = true end
until cursor == '0'
for key in pairs(seen) do
  local at = redis.call('PEXPIRETIME', key)
  if at >= 0 then redis.call('PEXPIREAT', key, at - ms) end
  if redis.call('TYPE', key).ok == 'hash' then
    for _, field in ipairs(redis.call('HKEYS', key)) do
      local until_ = redis.call('HPEXPIRETIME', key, 'FIELDS', 1, field)[1]
      if until_ >= 0 then redis.call('HPEXPIREAT', key, until_ - ms, 'FIELDS', 1, field) end
    end
  end
end
"""
_START_S = 30.0
#: An answer takes a millisecond. After so long a server is held to stand still, as by a script without end.
_PATIENCE_S = 2.0
_MOST_ANSWER_BYTES = 3 * 1024 * 1024
#: These change a connection for what comes after, or never end; the suite's commands share connections.
_NOT_FOR_SUITES = {
    *("AUTH", "CLIENT_REPLY", "CLIENT_TRACKING", "DISCARD", "EXEC", "HELLO", "MONITOR", "MULTI", "PSUBSCRIBE", "PSYNC"),
    *("QUIT", "REPLICAOF", "RESET", "SELECT", "SHUTDOWN", "SLAVEOF", "SSUBSCRIBE", "SUBSCRIBE", "SYNC", "UNWATCH"),
    "WATCH",
}
#: What of a server would tell one test of another.
_AS_NEW = (
    *("CLIENT UNPAUSE", "FLUSHALL SYNC", "FUNCTION FLUSH SYNC", "SCRIPT FLUSH SYNC"),
    *("CONFIG RESETSTAT", "ACL LOG RESET"),
)
_Kept = tuple[int, bytes, int, bytes]


class Server:
    """The Valkey of this container."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._password = secrets.token_hex(32)
        self._pools: dict[int, redis.ConnectionPool] = {}
        self._changing = threading.Lock()
        self._oom = OomWatch()
        self._no_memory = False
        #: What was seeded: database, key, how long it lives yet (ms, 0 for ever), its dump. None before `keep`.
        self._seeded: list[_Kept] | None = None
        self._functions = b""
        refusal = b"-ERR max number of clients reached\r\n"
        self._door = Doorway(REDIS_SOCKET, _SOCKET, APP_UID, most=_MOST_CONNECTIONS, refusal=refusal)

    def start(self) -> str:
        """Start the server, wait until it answers, let the app in; gives its version."""
        self._launch()
        self._door.start()
        return str(self.admin().info("server")["valkey_version"])

    def _launch(self) -> None:
        rules = f"{_ROLE}\nuser {_ADMINISTRATOR} on >{self._password} ~* &* +@all\n"
        settings = _FOLDER / "valkey.conf"
        settings.write_text(_SETTINGS + rules)
        settings.chmod(0o600)
        with (_FOLDER / "server.log").open("wb") as said:
            self._process = subprocess.Popen(
                [_SERVER, str(settings)], stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
        # The kernel is to choose it and not this process, should memory run out.
        Path(f"/proc/{self._process.pid}/oom_score_adj").write_text("1000")
        deadline = time.monotonic() + _START_S
        while True:
            try:
                self.admin().ping()
                return
            except redis.ConnectionError as error:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    why = (_FOLDER / "server.log").read_text() or f"the server did not start: {error}"
                    raise SystemExit(why) from None
                time.sleep(0.005)

    def _restart(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        with self._changing:
            for pool in self._pools.values():
                pool.disconnect()
        with contextlib.suppress(FileNotFoundError):
            os.unlink(_SOCKET)
        self._launch()

    def admin(self, db: int = 0) -> Any:
        """A client as administrator, a `redis.Redis`. What it raises is of redis.RedisError."""
        with self._changing:
            if db not in self._pools:
                self._pools[db] = redis.ConnectionPool(
                    connection_class=redis.UnixDomainSocketConnection,
                    path=_SOCKET,
                    db=db,
                    username=_ADMINISTRATOR,
                    password=self._password,
                    protocol=3,
                    socket_timeout=_PATIENCE_S,
                    retry=None,
                )
            return redis.Redis(connection_pool=self._pools[db])

    def command(self, db: int, parts: Sequence[Any]) -> Any:
        """Run one command; gives the server's own answer, no library's idea of it. Raises redis.RedisError."""
        if not 0 <= db < _DATABASES:
            raise redis.ResponseError(f"there are {_DATABASES} databases")
        words = [to_bytes(part) for part in parts]
        names = [word.decode("ascii", "replace").upper() for word in words[:2]]
        if names[0] in _NOT_FOR_SUITES or "_".join(names) in _NOT_FOR_SUITES:
            raise redis.ResponseError(f"{names[0]} changes a connection or never ends; the suite's commands share some")
        self.admin(db)
        pool = self._pools[db]
        connection: Any = pool.get_connection()
        try:
            # How long a command may take is the host's to say.
            connection.send_command(*words)
            return connection.read_response(timeout=None)
        except redis.ResponseError:
            raise
        except BaseException:
            connection.disconnect()
            raise
        finally:
            pool.release(connection)

    def keep(self) -> None:
        """Make what is in the server each test's beginning."""
        self._turn_out()
        kept: list[_Kept] = []
        for db in sorted(int(name.removeprefix("db")) for name in self.admin().info("keyspace")):
            admin = self.admin(db)
            keys = sorted(set(admin.scan_iter(count=1000)))
            with admin.pipeline(transaction=False) as asked:
                for key in keys:
                    asked.dump(key)
                    asked.pttl(key)
                answers = asked.execute()
            for key, dump, lives_ms in zip(keys, answers[::2], answers[1::2], strict=True):
                if dump is not None and lives_ms != -2:
                    kept.append((db, key, max(0, lives_ms), dump))
        self._functions = self.admin().execute_command("FUNCTION", "DUMP")
        self._seeded = kept

    def fresh(self) -> None:
        """Put back what was seeded; no connection of an earlier test is left, and no script."""
        if self._seeded is None:
            raise Unanswerable("The app did not start, and seeded nothing")
        try:
            self._put_back()
        except redis.RedisError:
            # It died, or stands still.
            self._restart()
            self._put_back()
        self._oom.rose()
        self._no_memory = False

    def _turn_out(self) -> None:
        """End all of the app's connections, and what they still had to say."""
        self._door.turn_out()
        admin = self.admin()
        # With this answer every connection is accepted that anybody opened before, so that the next finds it.
        admin.ping()
        admin.execute_command("CLIENT", "KILL", "USER", "default")

    def _put_back(self) -> None:
        self._turn_out()
        admin = self.admin()
        for words in _AS_NEW:
            admin.execute_command(*words.split())
        if self._functions:
            admin.execute_command("FUNCTION", "RESTORE", self._functions)
        assert self._seeded is not None
        for db in sorted({db for db, *_ in self._seeded}):
            with self.admin(db).pipeline(transaction=False) as asked:
                for at, key, lives_ms, dump in self._seeded:
                    if at == db:
                        asked.restore(key, lives_ms, dump)
                asked.execute()

    def advance(self, seconds: float) -> None:
        """Let that much time go by for all that expires."""
        if seconds <= 0:
            return
        for name in self.admin().info("keyspace"):
            self.admin(int(name.removeprefix("db"))).eval(_ADVANCE, 0, round(seconds * 1000))

    def why_dead(self) -> str:
        """In words, once it answers no more."""
        self._no_memory = self._oom.rose() or self._no_memory
        if self._no_memory:
            return "The app's Redis used more memory than it may"
        if self._process is not None and self._process.poll() is not None:
            return "The app's Redis died"
        return "The app's Redis does not answer"


class RedisHost(ServerHost):
    """Answers the host's operations; a command of the suite's may wait while others run."""

    noun = "Redis"
    suite_operation = "redis"
    errors = (redis.RedisError,)

    def __init__(self, read_fd: int, write_fd: int) -> None:
        super().__init__(read_fd, write_fd)
        self._server = Server()
        self._keeper = ThreadPoolExecutor(1)
        self._commands = ThreadPoolExecutor(16)

    def start(self) -> str:
        hide_from_siblings()
        return self._server.start()

    def threads_for(self, fields: Mapping[str, Any]) -> ThreadPoolExecutor:
        return self._commands if fields["op"] == "redis" else self._keeper

    def operate(self, fields: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        operation = fields["op"]
        if operation == "redis":
            told = json.dumps(plain(self._server.command(fields["db"], fields["parts"]))).encode()
            if len(told) > _MOST_ANSWER_BYTES:
                raise Unanswerable("The app's Redis answered with more than any test asks for")
            return {}, told
        if operation == "advance":
            self._server.advance(fields["advance_s"])
        elif operation == "keep":
            self._server.keep()
        else:
            self._server.fresh()
        return {}, b""

    def failure(self, operation: str, error: Exception) -> dict[str, Any]:
        """A server that is gone is no error of the command's."""
        if isinstance(error, (redis.ConnectionError, redis.TimeoutError)):
            return {"ok": False, "fault": "died", "message": self._server.why_dead(), "detail": str(error)[:2000]}
        return super().failure(operation, error)


def run() -> NoReturn:
    """What the container's command becomes."""
    server_host.run(RedisHost)
