"""How values look in JSON."""

import datetime
import decimal

from flask.json import JSONEncoder


class CafeEncoder(JSONEncoder):
    def default(self, value):
        if isinstance(value, datetime.datetime):
            return value.strftime("%Y-%m-%d %H:%M")
        if isinstance(value, datetime.date):
            return value.isoformat()
        if isinstance(value, decimal.Decimal):
            return "{:.2f}".format(value)
        return super(CafeEncoder, self).default(value)
