"""The envelope around every answer of the API."""

import functools
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue


def enveloped(view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    """For views that give data, alone or with a status: what they give is put into `data`."""

    @functools.wraps(view)
    def answer(**view_args: Any) -> ResponseReturnValue:
        status = 200
        try:
            data = view(**view_args)
            if isinstance(data, tuple):
                data, status = data[:2]
            if isinstance(data, Response):
                data = data.get_json(silent=True)
        except Exception as error:
            current_app.logger.exception("%s %s failed", request.method, request.path)
            data, status = {"message": str(error)}, 500
        return jsonify(ok=True, data=data), status

    return answer
