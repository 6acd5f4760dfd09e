"""How old the locked packages are: where no advisory source can be reached, that is what is known of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mendbox.checks import Check

#: docs/supply-chain.md, "Audits": the longest that anything known may wait for an update.
LONGEST = timedelta(days=90)
_UPLOADED = re.compile(r'upload-time = "(\d{4}-\d{2}-\d{2})T')


def locked_on(lock: str) -> datetime | None:
    """The day on which the newest file of a `uv.lock` came out: the lock is no older; None where it says nothing."""
    days = [datetime.fromisoformat(found).replace(tzinfo=UTC) for found in _UPLOADED.findall(lock)]
    return max(days, default=None)


def age_check(lock: Path, now: datetime) -> Check:
    """Whether the packages of this version were chosen lately enough."""
    name, mend = "age of packages", "install the newest version of Mendbox, or: uv lock --upgrade"
    try:
        day = locked_on(lock.read_text())
    except OSError as error:
        return Check(name, False, f"{lock.name} can't be read: {error.strerror}", mend, required=False)
    if day is None:
        return Check(name, False, f"{lock.name} has no dates", mend, required=False)
    days = (now - day).days
    old = now - day > LONGEST
    detail = f"chosen on {day:%Y-%m-%d} or later, {days} days ago"
    if old:
        return Check(name, False, f"{detail}: more than {LONGEST.days}", mend, required=False)
    return Check(name, True, detail, required=False)
