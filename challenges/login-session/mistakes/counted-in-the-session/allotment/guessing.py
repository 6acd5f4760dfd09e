"""How often a sign-in may be tried, remembered in the session."""

import time

from flask import session

ALLOWED = 5
WINDOW_S = 15 * 60


def tries_of(email: str) -> list[float]:
    """When this visitor was refused with that address, within the window."""
    kept = session.get("tries", {}).get(email, [])
    oldest = time.time() - WINDOW_S
    return [moment for moment in kept if moment > oldest]


def pause_before(email: str) -> int:
    """Seconds until another try, 0 if there are tries left."""
    tries = tries_of(email)
    left = ALLOWED - len(tries)
    if left > 0:
        return 0
    elapsed = time.time() - min(tries)
    return max(1, round(WINDOW_S - elapsed + 0.499))


def note_a_try(email: str) -> None:
    session["tries"] = {**session.get("tries", {}), email: [*tries_of(email), time.time()]}


def forget_tries(email: str) -> None:
    session["tries"] = {address: moments for address, moments in session.get("tries", {}).items() if address != email}
