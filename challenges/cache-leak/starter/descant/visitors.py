"""Counts those who come to listen: each of them has a cookie with a number that was drawn."""

import secrets

from flask import Response, g, request

COOKIE = "visitor"


def counted(answer: Response) -> Response:
    """The answer, with a number for a visitor who has none."""
    if g.member is None and COOKIE not in request.cookies:
        answer.set_cookie(COOKIE, secrets.token_hex(8), max_age=365 * 86_400, httponly=True, samesite="Lax")
    return answer
