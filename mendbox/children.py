"""How every process that we start is set up, so that none of them outlives us or hears the terminal's Ctrl+C itself."""

from __future__ import annotations

import ctypes
import signal
import sys
from typing import Any

_PR_SET_PDEATHSIG = 1


def child_setup() -> dict[str, Any]:
    """Keyword arguments for `subprocess.Popen`.

    A session of its own: Ctrl+C reaches us alone, and we stop our children in order. On Linux the kernel ends the child
    when the *thread* that started it ends, so start children from the main thread.
    """
    if sys.platform != "linux":
        return {"start_new_session": True}
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def end_with_parent() -> None:
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)

    return {"start_new_session": True, "preexec_fn": end_with_parent}
