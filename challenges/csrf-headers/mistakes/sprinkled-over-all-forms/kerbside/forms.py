"""Forms get their token when a page is finished: no template has to think of it."""

from html.parser import HTMLParser

from flask import Response, session
from markupsafe import escape

FIELD = '<input type="hidden" name="csrf_token" value="{}">'


class _Places(HTMLParser):
    """Where in a page a form has just begun, as line and column."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            line, column = self.getpos()
            before = self.get_starttag_text() or ""
            breaks = before.count("\n")
            after = len(before) - before.rfind("\n") - 1 if breaks else column + len(before)
            self.found.append((line + breaks, after))


def places_of(page: str) -> list[tuple[int, int]]:
    """Right behind the tag of each form, the last one first."""
    reader = _Places()
    reader.feed(page)
    reader.close()
    return sorted(reader.found, reverse=True)


def add_tokens(response: Response) -> Response:
    """Give every form of a page the session's token."""
    if response.mimetype != "text/html" or response.direct_passthrough or "token" not in session:
        return response
    page = response.get_data(as_text=True)
    lines = page.split("\n")
    for line, column in places_of(page):
        text = lines[line - 1]
        lines[line - 1] = text[:column] + FIELD.format(escape(session["token"])) + text[column:]
    response.set_data("\n".join(lines))
    return response
