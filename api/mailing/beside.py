"""Work that nobody waits for, so that how long it takes tells nobody anything.

Each piece has a thread of its own. With so many at work another is left out, and logged: whoever asked asks again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import structlog

#: Pieces at a time. A mail takes a part of a second; with a mail server that hangs nothing more can be done anyway.
MOST = 8
#: Seconds before the work begins: the answer is out by then, so that the work can't slow it down either.
PAUSE_S = 0.5
_places = threading.BoundedSemaphore(MOST)
_log = structlog.get_logger("mendbox.mail")


def beside(work: Callable[[], None], *, pause_s: float = PAUSE_S) -> bool:
    """Have it done soon; whether there was room for it. What it raises is logged by its kind alone."""
    if not _places.acquire(blocking=False):
        _log.warning("left out: too much is being mailed", most=MOST)
        return False

    def do() -> None:
        try:
            time.sleep(pause_s)
            work()
        except Exception as error:
            # A message may hold what the work was about.
            _log.error("not mailed", reason=type(error).__name__)
        finally:
            _places.release()

    threading.Thread(target=do, name="mail", daemon=True).start()
    return True
