"""One delivery of a webhook: a POST over a connection of its own, an end to waiting, and no redirect followed."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from store.webhook_rules import Answer, signed
from store.webhooks import Attempt

_MOST_OF_ANSWER = 4096
_NO_HTTP = "what it answered is no HTTP"


@dataclass(frozen=True, slots=True)
class Target:
    """Where deliveries go. `step_s`: for connecting, and for each silence; `total_s`: for all of it."""

    url: str = field(repr=False)
    keys: Sequence[bytes] = field(repr=False)
    step_s: float = 5.0
    total_s: float = 10.0

    def send(self, attempt: Attempt, at: datetime) -> Answer:
        """Send it once. `at`: the time that is signed."""
        try:
            with socket.create_connection(self._place(), self.step_s) as raw, _cut_after(raw, self.total_s) as cut:
                try:
                    return self._post(raw, attempt, at, cut)
                except (OSError, http.client.HTTPException):
                    if cut.is_set():
                        return self._too_late()
                    raise
        except socket.gaierror:
            return Answer(None, "its name is not known")
        except TimeoutError:
            return Answer(None, "no answer")
        except ssl.SSLCertVerificationError as error:
            return Answer(None, f"its certificate is not good: {error.verify_message}")
        except ssl.SSLError:
            return Answer(None, "it does not speak TLS as asked")
        except http.client.RemoteDisconnected:
            return Answer(None, "it ended the connection without an answer")
        except http.client.HTTPException:
            return Answer(None, _NO_HTTP)
        except OSError as error:
            return Answer(None, f"it can't be reached: {error.strerror or type(error).__name__}")

    def _too_late(self) -> Answer:
        return Answer(None, f"no answer within {self.total_s:g} s")

    def _place(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        return str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)

    def _post(self, raw: socket.socket, attempt: Attempt, at: datetime, cut: threading.Event) -> Answer:
        parts, (host, port) = urlsplit(self.url), self._place()
        connection: http.client.HTTPConnection
        if parts.scheme == "https":
            context = ssl.create_default_context()
            connection = http.client.HTTPSConnection(host, port, context=context)
            connection.sock = context.wrap_socket(raw, server_hostname=host)
        else:
            connection = http.client.HTTPConnection(host, port)
            connection.sock = raw
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "Mendbox",
            "Connection": "close",
            **signed(self.keys, attempt.id, at, attempt.body),
        }
        try:
            path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
            connection.request("POST", path, attempt.body, headers)
            response = connection.getresponse()
            if cut.is_set():  # headers that were cut short read as if they had ended
                return self._too_late()
            # What it says is kept nowhere; a server that is read to the end of a short answer logs no broken pipe.
            with suppress(OSError, http.client.HTTPException):
                response.read(_MOST_OF_ANSWER)
            response.close()
            return Answer(response.status)
        finally:
            connection.close()


@contextmanager
def _cut_after(raw: socket.socket, seconds: float) -> Iterator[threading.Event]:
    """End the connection after so long, whatever it is used for then; the event says that it was.

    A socket's own limit is for one silence: a server that sends a byte now and then would be waited for for ever.
    """
    done = threading.Event()
    # Another handle of the same connection: TLS takes this one over.
    with raw.dup() as handle:

        def cut() -> None:
            done.set()
            with suppress(OSError):
                handle.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds, cut)
        timer.daemon = True
        timer.start()
        try:
            yield done
        finally:
            timer.cancel()
            timer.join()
