"""What mail says: texts from templates, and messages as RFC 5322 has them. Pure.

Nothing of a person is in a header but their address, which is one and no list (`store.mail.is_address`); the library
refuses line ends in headers besides. Mail is plain text: nothing in it is loaded or measured.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from store.mail import Sender, is_address

_TEMPLATES = files("api.mailing") / "templates"
#: Characters of a subject: a title may be longer, and a list of mail shows no more.
_MAX_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one address. `text` may hold what lets somebody in, so it is not shown."""

    to: str
    subject: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an invitation is to: the assessment's title, and the times that it may be begun between."""

    title: str
    minutes: int
    opens_at: datetime | None
    closes_at: datetime | None


def invitation_mail(to: str, name: str, occasion: Occasion, link: str) -> Mail:
    """A candidate's link."""
    text = _text("invitation.txt", name=name, occasion=occasion, link=link)
    return Mail(to, _subject(f"Your invitation: {occasion.title}"), text)


def new_link_mail(to: str, name: str, occasion: Occasion, link: str) -> Mail:
    """Another link for a candidate, instead of the one that they had."""
    text = _text("link.txt", name=name, occasion=occasion, link=link)
    return Mail(to, _subject(f"A new link: {occasion.title}"), text)


def reminder_mail(to: str, name: str, occasion: Occasion) -> Mail:
    """Tells a candidate that they have not begun. There is no link in it: its text is kept nowhere."""
    text = _text("reminder.txt", name=name, occasion=occasion)
    return Mail(to, _subject(f"Not begun yet: {occasion.title}"), text)


def code_mail(to: str, code: str, page: str, expires_at: datetime) -> Mail:
    """A code by which the account's user chooses a password at `page`."""
    text = _text("code.txt", account=to, code=code, page=page, expires_at=expires_at)
    return Mail(to, "A code to choose your password", text)


def written(mail: Mail, sender: Sender, at: datetime, id: str) -> EmailMessage:  # noqa: A002 -- RFC 5322's name
    """The mail as it is sent at that time. `id`: what no other mail has. Raises ValueError for what is no address."""
    if not is_address(mail.to):
        raise ValueError(f"not an address: {mail.to!r}")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(display_name=sender.name, addr_spec=sender.address)
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{id}@{sender.domain}>"
    # Nobody's absence notice answers it (RFC 3834, 5).
    message["Auto-Submitted"] = "auto-generated"
    # Seven bits, whatever the server can do; a link may be longer than a line.
    message.set_content(mail.text, cte="quoted-printable")
    return message


def _subject(text: str) -> str:
    # Titles are of people and files: whatever ends a line or is not to be seen is a space.
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _MAX_SUBJECT else f"{line[: _MAX_SUBJECT - 1]}…"


def _text(template: str, **values: object) -> str:
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: (_TEMPLATES / name).read_text("utf-8")),
        # Plain text: what HTML escapes would be seen as it is written.
        autoescape=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.filters["moment"] = _moment
    return environment


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
