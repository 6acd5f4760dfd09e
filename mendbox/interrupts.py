"""Ctrl-C before a command has begun: the command ends with 130 and says nothing.

While modules are imported nobody catches KeyboardInterrupt, and click makes it an exit code of 1.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType

INTERRUPTED = 130


def end_quietly() -> None:
    """From now on Ctrl-C ends the process with 130, until `raise_again`. A handler that is there already stays."""
    in_main = threading.current_thread() is threading.main_thread()
    if in_main and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def raise_again() -> None:
    """From now on Ctrl-C raises KeyboardInterrupt, as it does without `end_quietly`."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(_: int, __: FrameType | None) -> None:
    raise SystemExit(INTERRUPTED)
