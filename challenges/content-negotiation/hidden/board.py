"""What each address must show in each format, computed from what the harness stored."""

from __future__ import annotations

import csv
import io
import random
from typing import Any

from markupsafe import escape
from mendbox_harness import Call, Harbour
from werkzeug.test import Client, TestResponse

CONTENT_TYPES = {"html": "text/html", "json": "application/json", "csv": "text/csv", "ics": "text/calendar"}
#: The formats of each address, in the README's order.
OFFERED = {"calls": ("html", "json", "csv"), "call": ("html", "json", "ics"), "berths": ("json", "csv")}


def types_of(address: str) -> list[str]:
    return [CONTENT_TYPES[each] for each in OFFERED[address]]


def shape(call: Call, **changes: Any) -> dict[str, Any]:
    """A call as JSON."""
    return {
        "ref": call.ref,
        "ship": call.ship,
        "flag": call.flag,
        "berth": call.berth.name,
        "eta": call.eta.strftime("%Y-%m-%dT%H:%M"),
        "cargo": call.cargo,
    } | changes


def _escaped(text: str) -> str:
    """As a calendar has it."""
    return text.replace(",", "\\,").replace(";", "\\;")


def vary(answer: TestResponse) -> set[str]:
    """The names in `Vary`, in small letters."""
    return {name.strip().lower() for line in answer.headers.getlist("Vary") for name in line.split(",")}


def media_types(header: str) -> list[str]:
    return sorted(part.split(";")[0].strip().lower() for part in header.split(","))


class Board:
    def __init__(self, client: Client, harbour: Harbour, rng: random.Random) -> None:
        self._client = client
        self._harbour = harbour
        self._rng = rng
        #: The call whose page is asked for.
        self.call = rng.choice(harbour.calls)
        self.weights = {
            "high": f"0.{rng.randrange(81, 99)}",
            "middle": f"0.{rng.randrange(41, 70)}",
            "low": f"0.{rng.randrange(101, 390)}",
        }

    def path(self, address: str) -> str:
        return f"/calls/{self.call.ref}" if address == "call" else f"/{address}"

    def ask(self, address: str, accept: str | None, query: str = "", **headers: str) -> TestResponse:
        """What an address answers; `{high}`, `{middle}` and `{low}` in `accept` are weights. None sends no `Accept`."""
        path = address if address.startswith("/") else self.path(address)
        if accept is None:
            return self._client.get(path, query_string=query, headers=headers, environ_overrides={"HTTP_ACCEPT": None})
        sent = {**headers, "Accept": accept.format(**self.weights)}
        return self._client.get(path, query_string=query, headers=sent)

    def gives(self, address: str, accept: str | None, expected: str, query: str = "") -> None:
        """An address answers in this format, and shows what is stored."""
        answer = self.ask(address, accept, query)
        assert answer.status_code == 200, f"{address} for {accept}: {answer.status}"
        self.shows(answer, address, expected, f"{address} for {accept}")

    def shows(self, answer: TestResponse, address: str, expected: str, about: str = "") -> None:
        """What the answer holds, whatever it calls itself."""
        text = answer.text
        if expected == "html":
            assert text.lstrip().lower().startswith("<!doctype html"), about
            missing = [each for each in self._texts(address) if str(escape(each)) not in text]
            assert missing == [], about
        elif expected == "json":
            assert answer.mimetype == "application/json", about
            assert answer.json == self._json(address), about
        elif expected == "csv":
            assert list(csv.reader(io.StringIO(text, newline=""))) == self._table(address), about
        else:
            lines = text.split("\r\n")
            assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""]), about
            assert self._event() <= set(lines), about

    def _texts(self, address: str) -> list[str]:
        if address == "call":
            return [*shape(self.call).values()]
        return [value for call in self._harbour.calls for name, value in shape(call).items() if name != "ref"]

    def _json(self, address: str) -> dict[str, Any]:
        if address == "call":
            return shape(self.call)
        if address == "calls":
            return {"calls": [shape(call) for call in self._harbour.calls]}
        return {"berths": [{"name": each.name, "length": each.length, "depth": each.depth} for each in self._sorted()]}

    def _sorted(self) -> list[Any]:
        return sorted(self._harbour.berths, key=lambda berth: berth.name)

    def _table(self, address: str) -> list[list[str]]:
        if address == "calls":
            rows = [shape(call) for call in self._harbour.calls]
            return [list(rows[0]), *([*row.values()] for row in rows)]
        rows = self._json("berths")["berths"]
        return [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]

    def _event(self) -> set[str]:
        moment = self.call.eta.strftime("%Y%m%dT%H%M00Z")
        return {
            f"UID:{self.call.ref}@harbourboard",
            f"DTSTART:{moment}",
            f"SUMMARY:{_escaped(self.call.ship)}",
            f"LOCATION:{_escaped(self.call.berth.name)}",
        }

    def new(self, **changes: Any) -> dict[str, Any]:
        """A call that is not stored yet."""
        fresh = {
            "ref": f"SK-{self._rng.randrange(100_000, 100_000_000)}",
            "ship": f"Vega {self._rng.randrange(10_000)}",
            "flag": "IS",
            "berth": self._rng.choice(self._harbour.berths).name,
            "eta": f"2029-0{self._rng.randrange(1, 10)}-1{self._rng.randrange(10)}T0{self._rng.randrange(10)}:15",
            "cargo": f"Lot {self._rng.randrange(10_000)}, mixed",
        }
        return fresh | changes

    def stored(self, ref: str) -> dict[str, Any] | None:
        """A call as it is stored, if it is."""
        answer = self._client.get(f"/calls/{ref}", headers={"Accept": "application/json"})
        return answer.json if answer.status_code == 200 else None
