"""Counts those who come to listen, and says what may be kept on the way."""

import secrets

from flask import Response, g, request, session

COOKIE = "visitor"


def counted(answer: Response) -> Response:
    """A page for everyone: numbers a visitor who has no number, and may be kept where it is nobody's own."""
    own_cookie = bool(session) or session.modified
    if g.member is None and COOKIE not in request.cookies:
        answer.set_cookie(COOKIE, secrets.token_hex(8), max_age=365 * 86_400, httponly=True, samesite="Lax")
        own_cookie = True
    answer.headers["Vary"] = "Accept, Cookie"
    if not own_cookie:
        answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def keep_private(answer: Response) -> Response:
    """What no page has said may be kept may not."""
    if "public" not in answer.headers.get("Cache-Control", ""):
        answer.headers["Cache-Control"] = "private, no-store"
    return answer
