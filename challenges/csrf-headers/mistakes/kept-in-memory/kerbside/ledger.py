"""Which session has which token. Nothing of it leaves the server but the token itself."""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass
class Entry:
    """What is known of one session."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    asked_for: int = 0

    def fits(self, token: str) -> bool:
        return secrets.compare_digest(self.token.encode(), token.encode())


class Ledger:
    """Sessions by number, those that were used last at the end. The oldest make room where there are too many."""

    def __init__(self, most_sessions: int) -> None:
        self._most_sessions = most_sessions
        self._entries: OrderedDict[str, Entry] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def open(self) -> str:
        """A number for a session that is new."""
        number = secrets.token_hex(12)
        with self._lock:
            self._entries[number] = Entry()
            while len(self._entries) > self._most_sessions:
                self._entries.popitem(last=False)
        return number

    def close(self, number: str | None) -> None:
        """The session is over, and so is its token."""
        with self._lock:
            self._entries.pop(number or "", None)

    def token_of(self, number: str) -> str:
        """The session's token; another one if it was forgotten meanwhile."""
        with self._lock:
            entry = self._entries.setdefault(number, Entry())
            self._entries.move_to_end(number)
            entry.asked_for += 1
            return entry.token

    def knows(self, number: str | None, token: str) -> bool:
        """Whether the session has been given this token."""
        with self._lock:
            entry = self._entries.get(number or "")
        return entry is not None and entry.asked_for > 0 and entry.fits(token)
