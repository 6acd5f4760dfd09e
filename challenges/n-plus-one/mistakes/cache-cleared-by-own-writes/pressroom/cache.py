"""Answers of the lists, kept until something is written."""

from flask import Flask, Response, current_app, request

CACHED = {"/api/posts", "/api/authors", "/feed.atom"}


def init_app(app: Flask) -> None:
    """Answer lists from the cache where it has them."""
    app.extensions["answers"] = {}
    app.before_request(_kept)
    app.after_request(_keep)


def _kept() -> Response | None:
    if request.method != "GET":
        return None
    answer = current_app.extensions["answers"].get(request.full_path)
    return Response(answer[0], mimetype=answer[1]) if answer else None


def _keep(response: Response) -> Response:
    answers = current_app.extensions["answers"]
    if request.method != "GET":
        answers.clear()
    elif request.path in CACHED and response.status_code == 200:
        answers[request.full_path] = response.get_data(), response.mimetype
    return response
