"""Counts those who come to listen; and the last touch to every answer."""

import secrets

from flask import Response, g, request, session

COOKIE = "visitor"
FOR_EVERYONE = ("concerts.listed", "concerts.detail", "concerts.repertoire")


def finish(answer: Response) -> Response:
    """Add what must not be kept with a page: the visitor's number, and who may keep the answer."""
    sets_cookie = session.modified or len(session) > 0
    shared = request.endpoint in FOR_EVERYONE and answer.status_code == 200
    if shared:
        answer.vary.add("Accept")
        answer.vary.add("Cookie")
    if shared and not g.member and not request.cookies.get(COOKIE):
        answer.set_cookie(COOKIE, secrets.token_hex(8), max_age=365 * 86_400, httponly=True, samesite="Lax")
        sets_cookie = True
    answer.cache_control.clear()
    if shared and not sets_cookie:
        answer.cache_control.public = True
        answer.cache_control.max_age = 60
    else:
        answer.cache_control.private = True
        answer.cache_control.no_store = True
    return answer
