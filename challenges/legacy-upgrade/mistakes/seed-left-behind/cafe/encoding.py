"""How values look in JSON."""

import datetime
import decimal

from flask.json.provider import DefaultJSONProvider


def plain(value):
    if isinstance(value, datetime.datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return "{:.2f}".format(value)
    raise TypeError("{!r} has no form in JSON".format(value))


class CafeProvider(DefaultJSONProvider):
    """The terminal on the counter shows answers as they come: names first, letters as people write them."""

    default = staticmethod(plain)
    sort_keys = False
    ensure_ascii = False
