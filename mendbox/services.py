"""Child processes that make up a running Mendbox: each started, watched, its output sorted, and stopped."""

from __future__ import annotations

import re
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from mendbox.children import child_setup
from runner.errors import PlatformFault

#: A log file of this size is put aside, as `<name>.log.1`.
LOG_BYTES = 10 * 1024 * 1024
#: So many deaths within so many seconds, and starting it once more is no use.
DEATHS = 3
DEATHS_WITHIN_S = 60.0
READY_POLL_S = 0.05
_IMPORTANT = re.compile(r'\b(?:WARNING|ERROR|CRITICAL)\b|"level": ?"(?:warning|error|critical)"|^Traceback')

Say = Callable[[str], None]


class ServiceFailed(PlatformFault):
    """A service does not start, or dies again and again."""


@dataclass(frozen=True, slots=True)
class Service:
    """One process to run. `ready` is asked until it says so, or `ready_s` have passed; `stop_s` is its time to stop."""

    name: str
    command: tuple[str, ...]
    environ: Mapping[str, str] = field(repr=False)
    ready: Callable[[], bool] | None = None
    ready_s: float = 60.0
    stop_s: float = 30.0


class LogFile:
    """A log that is put aside, as `<name>.log.1` in the place of the one before, once it has `most_bytes`."""

    def __init__(self, path: Path, most_bytes: int = LOG_BYTES) -> None:
        self._path = path
        self._most_bytes = most_bytes
        self._file = path.open("ab")

    def write(self, line: bytes) -> None:
        """Append a line, where it can be read at once."""
        if self._file.tell() > self._most_bytes:
            self._file.close()
            self._path.replace(self._path.with_suffix(".log.1"))
            self._file = self._path.open("ab")
        self._file.write(line)
        self._file.flush()

    def __enter__(self) -> LogFile:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class RunningService:
    """A service's process over its restarts. Start it from the main thread."""

    def __init__(self, service: Service, logs: Path, say: Say) -> None:
        """`say` gets the lines that somebody at the terminal should see; all of them go to `<logs>/<name>.log`."""
        self.service = service
        self.log_path = logs / f"{service.name}.log"
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._deaths: deque[float] = deque(maxlen=DEATHS)
        self._tail: deque[str] = deque(maxlen=5)

    @property
    def pid(self) -> int:
        """Process id; 0 when it does not run."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it and wait until it is ready. Raises ServiceFailed."""
        self.begin()
        self.wait_until_ready()

    def begin(self) -> None:
        """Start it; whether it gets ready is another question."""
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            self.service.command,
            env=dict(self.service.environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **child_setup(),
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,), daemon=True)
        self._reader.start()

    def exited(self) -> int | None:
        """Its exit code when it ended by itself, else None."""
        return self._process.poll() if self._process else None

    def restart(self) -> None:
        """Start it again after it died. Raises ServiceFailed when it dies too often."""
        code = self.exited()
        self._deaths.append(time.monotonic())
        if len(self._deaths) == DEATHS and self._deaths[-1] - self._deaths[0] < DEATHS_WITHIN_S:
            raise self._failed(f"ended {DEATHS} times within a minute, the last time with code {code}")
        self._say(f"{self.service.name} ended with code {code} and is started again")
        self._finish_reading()
        self.start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM; a second one means at once."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def stopped(self, timeout_s: float) -> bool:
        """Whether it has ended, after waiting up to `timeout_s`."""
        if self._process is None:
            return True
        try:
            self._process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        self._finish_reading()
        self._process = None
        return True

    def kill(self) -> None:
        """End it with SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self.stopped(10.0)

    def wait_until_ready(self) -> None:
        """Wait for one that was begun. Raises ServiceFailed."""
        process, ready = self._process, self.service.ready
        assert process is not None
        deadline = time.monotonic() + self.service.ready_s
        while ready is not None and not ready():
            if process.poll() is not None:
                self._finish_reading()
                self._process = None
                raise self._failed(f"ended with code {process.returncode} while it started")
            if time.monotonic() > deadline:
                self.kill()
                raise self._failed(f"was not ready within {self.service.ready_s:.0f} s")
            time.sleep(READY_POLL_S)

    def _failed(self, what: str) -> ServiceFailed:
        lines = "".join(f"\n  {line}" for line in self._tail)
        return ServiceFailed(f"{self.service.name} {what}{lines}", hint=f"see {self.log_path}")

    def _finish_reading(self) -> None:
        if self._reader is not None:
            # A grandchild may hold the pipe open; it must not hold us.
            self._reader.join(2.0)
            self._reader = None

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout, LogFile(self.log_path) as log:
            for line in process.stdout:
                log.write(line)
                text = line.decode(errors="replace").rstrip()
                self._tail.append(text)
                if _IMPORTANT.search(text):
                    self._say(f"{self.service.name} | {text}")
