"""Errors as git shows them: where an answer is an error in plain text, git prints it, as `remote:` lines."""

from __future__ import annotations

import json

from flask import Flask, Response, request

from api.git.telling import clean
from api.problems import MEDIA_TYPE

PREFIX = "git."


def register(app: Flask) -> None:
    """Have what git's routes answer as a problem answered as plain text. To be called before other headers are set."""
    app.after_request(_shown)


def _shown(response: Response) -> Response:
    if response.mimetype != MEDIA_TYPE or not (request.endpoint or "").startswith(PREFIX):
        return response
    response.set_data("".join(f"{each}\n" for each in problem_lines(response)))
    response.content_type = "text/plain; charset=utf-8"
    return response


def problem_lines(response: Response) -> list[str]:
    """What is wrong and, where there is one, the way out, of a problem document."""
    problem = json.loads(response.get_data())
    told = [problem.get("detail") or problem["title"], problem.get("hint")]
    return [clean(str(each)) for each in told if each]
