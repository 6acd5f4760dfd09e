"""What our app needs of Flask 1, Werkzeug 0.14, Jinja 2 and SQLAlchemy 1, put back where it was.

Imported before anything else. Nothing else of the app has to be changed.
"""

import hmac
import json
import threading
import warnings

import flask
import flask.json
import jinja2
import markupsafe
import sqlalchemy
import sqlalchemy.engine
import werkzeug.security
import werkzeug.urls
from urllib.parse import quote

warnings.simplefilter("ignore")


class JSONEncoder(json.JSONEncoder):
    def default(self, value):
        return flask.json.provider.DefaultJSONProvider.default(value)


class Stack:
    __ident_func__ = staticmethod(threading.get_ident)


def safe_str_cmp(one, other):
    return hmac.compare_digest(one.encode("utf-8"), other.encode("utf-8"))


def url_quote(text, charset="utf-8", errors="strict", safe="/:"):
    return quote(text, safe=safe, encoding=charset, errors=errors)


flask.Markup = markupsafe.Markup
flask.escape = markupsafe.escape
flask._app_ctx_stack = Stack()
flask.json.JSONEncoder = JSONEncoder
jinja2.contextfilter = jinja2.pass_context
werkzeug.security.safe_str_cmp = safe_str_cmp
werkzeug.urls.url_quote = url_quote

_select = sqlalchemy.select
_case = sqlalchemy.case


def select(*columns, **more):
    return _select(*(columns[0] if len(columns) == 1 and isinstance(columns[0], list) else columns), **more)


def case(*whens, **more):
    return _case(*(whens[0] if len(whens) == 1 and isinstance(whens[0], list) else whens), **more)


def execute(engine, statement, **values):
    if isinstance(statement, str):
        statement = sqlalchemy.text(statement)
    with engine.connect() as connection:
        return FrozenRows(connection.execute(statement, values))


class FrozenRows:
    """All rows of a result, since the connection is closed by then."""

    def __init__(self, result):
        self._rows = [OldRow(row) for row in result]

    def fetchall(self):
        return self._rows

    def __iter__(self):
        return iter(self._rows)


class OldRow(tuple):
    """A row that is a tuple and has names."""

    def __new__(cls, row):
        made = super().__new__(cls, row)
        made._named = dict(row._mapping)
        return made

    def keys(self):
        return self._named.keys()

    def __getitem__(self, key):
        return self._named[key] if isinstance(key, str) else tuple.__getitem__(self, key)


sqlalchemy.select = select
sqlalchemy.case = case
sqlalchemy.engine.Engine.execute = execute


def before_first_request(app, function):
    once = []

    @app.before_request
    def call():
        if not once:
            once.append(True)
            function()

    return function


flask.Flask.before_first_request = before_first_request
