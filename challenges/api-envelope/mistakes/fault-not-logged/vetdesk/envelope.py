"""The envelope around every answer of the API."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Response, json, jsonify
from flask.typing import ResponseReturnValue


def enveloped(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    """For views that give data, alone or with a status, headers or both: it is put into `data`.

    A response that a view made itself keeps its status and headers. Only if it holds JSON that is sent, that is wrapped.
    """

    @functools.wraps(view)
    def answer(**view_args: Any) -> ResponseReturnValue:
        given = view(**view_args)
        data, *rest = given if isinstance(given, tuple) else (given,)
        if 204 in rest:
            return given
        if not isinstance(data, Response):
            wrapped = jsonify(ok=True, data=data)
            return (wrapped, *rest) if rest else wrapped
        if data.is_json and data.status_code < 300:
            data.set_data(json.dumps({"ok": True, "data": data.json}))
        return given

    return answer
