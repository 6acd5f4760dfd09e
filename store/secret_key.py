"""The key that the API signs with: `MENDBOX_SECRET_KEY`, or a file in the home folder that is made once."""

from __future__ import annotations

import os
import secrets
import stat
import tempfile
import threading
from pathlib import Path

from runner.errors import PlatformFault

FILE = "secret.key"
#: Characters of a key from the environment.
LEAST = 32


class NoSecretKey(PlatformFault):
    """The key can neither be read nor made."""


class SecretKey:
    """Read, or made, when it is first asked for; the same afterwards. It shows itself in no text."""

    def __init__(self, given: str, home: Path, before: str = "") -> None:
        self._given = given
        self._before = before
        self._path = home / FILE
        self._key: bytes | None = None
        self._lock = threading.Lock()

    def get(self) -> bytes:
        """The key. Raises NoSecretKey."""
        with self._lock:
            if self._key is None:
                self._key = self._given.encode() if self._given else self._kept()
            return self._key

    def all(self) -> tuple[bytes, ...]:
        """The key, and the one before it where that was named: for what was encrypted with it. Raises NoSecretKey."""
        return (self.get(), self._before.encode()) if self._before else (self.get(),)

    def _kept(self) -> bytes:
        try:
            if not self._path.exists():
                self._make()
            with self._path.open("rb") as file:
                if stat.S_IMODE(os.fstat(file.fileno()).st_mode) & 0o077:
                    raise NoSecretKey(
                        f"{self._path} can be read by others than its owner",
                        hint="remove it: another is made, and whoever is signed in reloads the page",
                    )
                key = file.read().strip()
        except OSError as error:
            raise NoSecretKey(
                f"the secret key at {self._path} can't be read or made: {error.strerror}",
                hint="mend the folder's permissions, or set MENDBOX_SECRET_KEY",
            ) from error
        if len(key) < LEAST:
            raise NoSecretKey(f"{self._path} holds no key", hint="remove it: another is made")
        return key

    def _make(self) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, made = tempfile.mkstemp(prefix=f".{FILE}.", dir=self._path.parent)  # for its owner alone
        try:
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32) + "\n")
                file.flush()
                os.fsync(file.fileno())
            # Of several processes that start at once the first wins, and all read its key.
            os.link(made, self._path)
        except FileExistsError:
            pass
        finally:
            os.unlink(made)

    def __repr__(self) -> str:
        return "SecretKey(…)"
