"""What an answer's status line and headers may hold, so that any HTTP client reads them in one way.

Status lines and header names follow RFC 9110, header values are what a server can send (PEP 3333: Latin-1, no control
characters). Cookies have rules of their own: `werkzeug.test.Client` reads each `Set-Cookie` at once, and one without a
name makes it raise StopIteration, which ends a test's loop over `map(client.get, …)` as if all had been well.
"""

from __future__ import annotations

import re
from typing import Any

MOST_HEADERS = 200
#: Of all names and values together; escaped as JSON six times as many, which still fits a frame's header.
MOST_HEADER_CHARS = 32 * 1024
#: Cookies in one answer; RFC 6265 asks of a client that it keep 50 of a site.
MOST_COOKIES = 50
_MOST_STATUS_CHARS = 200
_STATUS = re.compile(r"[1-5][0-9]{2}(?: [\t -~\xa0-\xff]*)?")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[\t -~\x80-\xff]*")
#: No semicolon in quotes: clients cut a cookie from its attributes before they look for quotes.
_COOKIE = re.compile(r'[!#-:<>-~]+=(?:"(?:[ !#-:<-\[\]-~]|\\[ -:<-~])*"|[!#-:<-~]*)[ \t]*(?:;[\t -~]*)?')
_MAX_AGE = re.compile(r"-?[0-9]{1,12}")
#: No number in a date has more; one that has can't be converted everywhere.
_LONG_NUMBER = re.compile(r"[0-9]{5}")


def check_status(value: Any) -> str:
    """The status line itself ("404 NOT FOUND"). Raises ValueError, with a reason fit for candidates."""
    if not isinstance(value, str) or len(value) > _MOST_STATUS_CHARS or not _STATUS.fullmatch(value):
        raise ValueError(f"the app answered with status {str(value)[:40]!r}")
    return value


def check_headers(value: Any) -> list[tuple[str, str]]:
    """The headers, in their order. Raises ValueError, with a reason fit for candidates."""
    if not isinstance(value, (list, tuple)) or len(value) > MOST_HEADERS:
        raise ValueError(f"the app answered with more than {MOST_HEADERS} headers, or with none that can be read")
    headers = [_header(item) for item in value]
    if sum(len(name) + len(text) for name, text in headers) > MOST_HEADER_CHARS:
        raise ValueError(f"the app answered with headers of more than {MOST_HEADER_CHARS} characters")
    cookies = [text for name, text in headers if name.lower() == "set-cookie"]
    if len(cookies) > MOST_COOKIES:
        raise ValueError(f"the app answered with more than {MOST_COOKIES} cookies")
    for cookie in cookies:
        _check_cookie(cookie)
    return headers


def _header(item: Any) -> tuple[str, str]:
    name, text = item if isinstance(item, (list, tuple)) and len(item) == 2 else (None, None)
    if not isinstance(name, str) or not isinstance(text, str):
        raise ValueError("the app answered with a malformed header")
    if not _NAME.fullmatch(name) or not _VALUE.fullmatch(text):
        raise ValueError(f"the app answered with a malformed header, {name[:40]!r}")
    return name, text


def _check_cookie(text: str) -> None:
    if not _COOKIE.fullmatch(text):
        raise ValueError("the app answered with a malformed cookie")
    for attribute in text.split(";")[1:]:
        name, _, value = attribute.partition("=")
        name, value = name.strip(" \t").lower(), value.strip(" \t")
        if name == "max-age" and not _MAX_AGE.fullmatch(value):
            raise ValueError("the app answered with a cookie whose Max-Age is no number")
        if name == "expires" and _LONG_NUMBER.search(value):
            raise ValueError("the app answered with a cookie whose Expires is no date")
