"""Every page comes in two formats: HTML, and JSON for the app on members' telephones."""

from typing import Any

from flask import Response, g, jsonify, make_response, render_template, request


def wants_json() -> bool:
    """Whether the client likes JSON better than HTML."""
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def show(template: str, **shown: Any) -> Response:
    """A page in the format that the client likes best; `you` is the name of who is signed in."""
    member = g.get("member")
    page = {"you": member.name if member else None, **shown}
    return jsonify(page) if wants_json() else make_response(render_template(template, **page))
