"""Handing mail in: one connection to the mail server for all of it, and an end to waiting.

Whoever waits for it is told of each mail whether the server took it, and if not, why.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from api.mailing.messages import Mail, written
from store.mail import MailServer, Sender, Tls, mail_server, sender
from store.settings import Settings

#: For all that is handed in at once: somebody waits for the answer.
TOTAL_S = 20.0
#: For one answer of the server, and for its TCP connection.
STEP_S = 5.0
_MAX_REASON = 200
#: What lets somebody in: a token's text or a code, which a server might give back with its refusal.
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,}")
_LATE = "the mail server took too long"
_SILENT = "the mail server does not answer"
_LOST = "the mail server ended the connection"
_UNKNOWN = "the connection was lost: it may have been sent"


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for all that is handed in at once, and for each step of it."""

    total_s: float = TOTAL_S
    step_s: float = STEP_S


class MailFailed(Exception):
    """The server can't be used: what is the matter, as a part of a sentence without a secret."""


class Mailer:
    """Hands mail in. Safe to share between threads: each call has a connection of its own."""

    def __init__(self, server: MailServer, own: Sender, patience: Patience | None = None) -> None:
        self._server = server
        self._sender = own
        self._patience = patience or Patience()

    def send(self, mails: Sequence[Mail]) -> list[str]:
        """Hand all in, each once. For each "" where the server took it, else why not.

        Takes no longer than the patience, but for looking up the server's name, which the system's resolver limits.
        """
        deadline = time.monotonic() + self._patience.total_s
        reasons: list[str] = []
        while len(reasons) < len(mails):
            more, fault = self._some(mails[len(reasons) :], deadline)
            reasons += more
            # Servers take so many over one connection. One that has taken none over this is not asked again.
            if "" not in more:
                reasons += [fault or _LOST] * (len(mails) - len(reasons))
        return reasons

    def _some(self, mails: Sequence[Mail], deadline: float) -> tuple[list[str], str]:
        """As many as one connection takes, each with "" or why it was refused; and what ended the connection."""
        reasons: list[str] = []
        opened = False
        try:
            with self._session(deadline) as session:
                opened = True
                for mail in mails:
                    if session.sock is None:  # the server has said good-bye with its last answer
                        return reasons, _LOST
                    reasons.append(self._hand_in(session, mail))
        except MailFailed as error:
            # Whoever's turn it was: the server may have it, and it must not be sent twice.
            return [*reasons, str(error)] if opened and len(reasons) < len(mails) else reasons, str(error)
        return reasons, ""

    def check(self) -> None:
        """Connect and sign in, and send nothing. Raises MailFailed."""
        with self._session(time.monotonic() + self._patience.total_s):
            return

    @contextmanager
    def _session(self, deadline: float) -> Iterator[smtplib.SMTP]:
        """A connection that is encrypted and signed in as the settings say. Raises MailFailed, from within, too."""
        session = _Session(self._server, self._sender.domain, self._patience.step_s, deadline)
        opened = False
        try:
            try:
                session.open()
                opened = True
                yield session
                with contextlib.suppress(smtplib.SMTPException, OSError):
                    session.quit()
            finally:
                session.end()
        # ValueError: smtplib's, for what can't be a command.
        except (smtplib.SMTPException, OSError, ValueError) as error:
            is_silent = isinstance(error, TimeoutError | smtplib.SMTPServerDisconnected)
            is_late = is_silent and time.monotonic() >= deadline
            reason = _LATE if is_late else _SILENT if is_silent and not opened else reason_of(error)
            raise MailFailed(reason) from error

    def _hand_in(self, session: smtplib.SMTP, mail: Mail) -> str:
        """Why it was refused, or "". Raises what ends the connection."""
        try:
            message = written(mail, self._sender, datetime.now(UTC), uuid.uuid4().hex)
        except ValueError:
            return "this is no mail address"
        try:
            session.sendmail(self._sender.address, [mail.to], message.as_bytes())
        except smtplib.SMTPServerDisconnected:
            raise
        except smtplib.SMTPException as error:
            return reason_of(error)
        return ""


def mailer_of(settings: Settings) -> Mailer | None:
    """By these settings; None where no mail is sent."""
    if not settings.smtp_url:
        return None
    return Mailer(mail_server(settings.smtp_url), sender(settings.mail_from))


class _Session(smtplib.SMTP):
    """A connection whose every step ends by the deadline, however slowly the server speaks."""

    def __init__(self, server: MailServer, own_name: str, step_s: float, deadline: float) -> None:
        # With a name of our own nothing is looked up: the list of where to connect has the mail server alone.
        super().__init__(local_hostname=own_name, timeout=step_s)
        self._to = server
        self._step_s = step_s
        self._deadline = deadline
        self._watched: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def open(self) -> None:
        """Connect, encrypt, sign in. Raises what smtplib and sockets do."""
        # smtplib checks the certificate against this name.
        self._host = self._to.host
        code, said = self.connect(self._to.host, self._to.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, said)
        if self._to.tls is Tls.STARTTLS:
            self.starttls(context=self._context())
        if self._to.user:
            self.login(self._to.user, self._to.password)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        context = self._context() if self._to.tls is Tls.AT_ONCE else None
        left = max(0.1, min(timeout, self._deadline - time.monotonic()))
        plain = socket.create_connection((host, port), left)
        plain.settimeout(timeout)
        self._watch(plain)
        return plain if context is None else context.wrap_socket(plain, server_hostname=host)

    def _context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self._to.authority or None)
        except OSError as error:
            raise MailFailed("the file that MENDBOX_SMTP_URL names with ca= can't be read") from error
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _watch(self, opened: socket.socket) -> None:
        """End the connection at the deadline. A timeout alone begins anew with each byte that comes."""
        self._watched = opened.dup()  # of the same connection, also once TLS has taken the other
        self._timer = threading.Timer(max(0.0, self._deadline - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            if self._watched is not None:
                self._watched.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        """Close all that is open."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        self.close()
        if self._watched is not None:
            self._watched.close()


def reason_of(error: Exception) -> str:
    """Why nothing was sent, fit to be shown and logged: a part of a sentence, without an address or a secret."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _refused("the mail server refused the address", code, said)
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _refused("the mail server takes neither user nor password of MENDBOX_SMTP_URL", error.smtp_code, b"")
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused("the mail server refused", error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "the mail server can't do what MENDBOX_SMTP_URL asks for: TLS, or signing in"
    if isinstance(error, smtplib.SMTPServerDisconnected | TimeoutError):
        return _UNKNOWN
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the mail server's certificate is not good: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return "the mail server does not speak TLS as asked"
    return f"the mail server can't be reached: {getattr(error, 'strerror', None) or type(error).__name__}"


def _refused(what: str, code: int, said: bytes | str) -> str:
    text = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return _SECRET.sub("…", f"{what}: {code} {line}".rstrip())[:_MAX_REASON]
