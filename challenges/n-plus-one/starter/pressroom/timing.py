"""Times as we store them: UTC, without an offset."""

from datetime import UTC, datetime


def utcnow() -> datetime:
    """The present moment."""
    return datetime.now(UTC).replace(tzinfo=None)


def isoformat(moment: datetime) -> str:
    """As the API writes a time: `2026-03-01T09:30:00Z`."""
    return moment.isoformat(timespec="seconds") + "Z"


def parse(text: str) -> datetime:
    """Read an ISO 8601 time with an offset or `Z`. Raises ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("the time has no offset")
    return moment.astimezone(UTC).replace(tzinfo=None)
