"""How often a sign-in may be tried."""

import math
import time
from collections import defaultdict, deque
from threading import Lock

ALLOWED = 5
WINDOW_S = 15 * 60

_refused: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=ALLOWED))
_lock = Lock()


class Guessing:
    """What is known of sign-ins with one address."""

    def __init__(self, email: str) -> None:
        self._email = email

    def must_wait(self) -> int | None:
        """Whole seconds until the next may be tried, or None for at once."""
        with _lock:
            moments = _refused[self._email]
            while moments and time.time() - moments[0] >= WINDOW_S:
                moments.popleft()
            if len(moments) == ALLOWED:
                return math.ceil(WINDOW_S - (time.time() - moments[0]))
            return None

    def was_wrong(self) -> None:
        with _lock:
            _refused[self._email].append(time.time())

    def was_right(self) -> None:
        with _lock:
            _refused.pop(self._email, None)
