"""Calls and berths as JSON, CSV and iCalendar."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from harbourboard.models import Berth, Call

CALL_COLUMNS = ("ref", "ship", "flag", "berth", "eta", "cargo")
BERTH_COLUMNS = ("name", "length", "depth")


def call_shape(call: Call) -> dict[str, Any]:
    return {
        "ref": call.ref,
        "ship": call.ship,
        "flag": call.flag,
        "berth": call.berth.name,
        "eta": call.eta.isoformat(timespec="minutes"),
        "cargo": call.cargo,
    }


def berth_shape(berth: Berth) -> dict[str, Any]:
    return {"name": berth.name, "length": berth.length, "depth": berth.depth}


def to_csv(columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> str:
    """A table with a line of headings (RFC 4180)."""
    text = io.StringIO()
    table = csv.DictWriter(text, list(columns))
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (",", "\\,"), (";", "\\;"), ("\n", "\\n")):
        text = text.replace(plain, escaped)
    return text


def to_calendar(call: Call) -> str:
    """A call as an event for a calendar (RFC 5545)."""
    moment = call.eta.strftime("%Y%m%dT%H%M%SZ")
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Harbour board//EN",
        "BEGIN:VEVENT",
        f"UID:{call.ref}@harbourboard",
        f"DTSTAMP:{moment}",
        f"DTSTART:{moment}",
        f"SUMMARY:{_escaped(call.ship)}",
        f"LOCATION:{_escaped(call.berth.name)}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{line}\r\n" for line in lines)
