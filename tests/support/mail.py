"""A mail server for tests: it speaks SMTP for real, keeps what it is handed, and refuses what it is told to."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.support.certificates import Certificate

USER, PASSWORD = "mendbox", "a/b@c: hush"


@dataclass(frozen=True)
class Taken:
    """A mail as the server has it. `secured`: whether it came over TLS."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    secured: bool

    @property
    def text(self) -> str:
        return str(self.message.get_content()).replace("\r\n", "\n")

    @property
    def secret(self) -> str:
        """The token or code in it."""
        found = re.search(r"#(mbx_[A-Za-z0-9_-]+)|^Code:\s+(\S+)$", self.text, re.MULTILINE)
        assert found is not None, self.text
        return found[1] or found[2]


class _Handler:
    def __init__(self, is_tls: bool) -> None:
        self._is_tls = is_tls
        self.taken: list[Taken] = []
        self.refused: set[str] = set()
        self.most = 0

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.refused:
            return "550 no such mailbox mbx_" + "x" * 43
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = cast(EmailMessage, message_from_bytes(envelope.content, policy=default))
        secured = self._is_tls or session.ssl is not None
        self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), message, secured))
        if self.most and len(self.taken) % self.most == 0:
            server.transport.close()
        return "250 OK"


class MailServer:
    """Listens on 127.0.0.1 while it is used as a context."""

    def __init__(self, certificate: Certificate | None = None, *, tls: str = "none", auth: bool = False) -> None:
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate.certificate, certificate.key)
        self._handler = _Handler(tls == "at once")
        # No name is looked up, and it stands for whatever machine this is.
        options: dict[str, Any] = {"hostname": "127.0.0.1", "port": _free_port(), "server_hostname": "mail.test"}
        if tls == "at once":
            options["ssl_context"] = context
        elif tls == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        if auth:
            # It knows of TLS only what STARTTLS began.
            later = tls == "starttls"
            options |= {"authenticator": _knows, "auth_required": later, "auth_require_tls": later}
        self._controller = Controller(self._handler, **options)
        self.port: int = options["port"]

    def __enter__(self) -> MailServer:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def taken(self) -> list[Taken]:
        return self._handler.taken

    def refuse(self, *addresses: str) -> None:
        """Refuse mail to these."""
        self._handler.refused |= set(addresses)

    def hang_up_after(self, mails: int) -> None:
        """End the connection with each mail of such a number, after taking it."""
        self._handler.most = mails

    def wait(self, count: int = 1) -> list[Taken]:
        """What it was handed once there are so many."""
        until = time.monotonic() + 10
        while len(self.taken) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.taken) == count, [each.text for each in self.taken]
        return self.taken


def _knows(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextlib.contextmanager
def slow_server(said: bytes, *, every_s: float | None = None) -> Iterator[int]:
    """The port of a server that says this, all at once or a byte at a time, and then nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()

        def serve() -> None:
            with contextlib.suppress(OSError):
                client, _ = listening.accept()
                with client:
                    for at in range(len(said)) if every_s is not None else [0]:
                        client.sendall(said[at : at + 1] if every_s is not None else said)
                        if over.wait(every_s or 0):
                            return
                    over.wait(30)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield int(listening.getsockname()[1])
        over.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        thread.join(10)
