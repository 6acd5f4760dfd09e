"""How values look in JSON."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import singledispatch
from typing import Any

from flask.json.provider import DefaultJSONProvider


@singledispatch
def written(value: Any) -> str:
    raise TypeError(f"{type(value).__name__} can't be written as JSON")


written.register(datetime, lambda moment: f"{moment:%Y-%m-%d %H:%M}")
written.register(date, date.isoformat)
written.register(Decimal, lambda amount: f"{amount.normalize():f}")


class CafeJSON(DefaultJSONProvider):
    sort_keys = False
    ensure_ascii = False

    @staticmethod
    def default(value: Any) -> Any:
        return written(value)
