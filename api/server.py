"""How the API is served: gunicorn's command line from the settings."""

from __future__ import annotations

import os
import ssl
import sys
import tempfile
from pathlib import Path

from store.secret_files import SettingsInvalid
from store.settings import Settings

#: Threads that event streams may never take: everything else is served by these.
SPARE_THREADS = 4
#: Connections beyond those being served that may be open, waiting for their next request.
IDLE_CONNECTIONS = 200


def gunicorn_command(settings: Settings) -> list[str]:
    """The command that serves the API on `settings.host` and `settings.port` until it is sent SIGTERM.

    Its environment must hold the `MENDBOX_*` variables. One process: event streams and metrics are counted in it, and
    its threads mostly wait. Raises SettingsInvalid when event streams could take all threads, or the certificate
    can't be used.
    """
    if settings.api_threads < settings.event_streams + SPARE_THREADS:
        raise SettingsInvalid(
            f"MENDBOX_API_THREADS={settings.api_threads} leaves fewer than {SPARE_THREADS} threads beside "
            f"MENDBOX_EVENT_STREAMS={settings.event_streams}",
            hint=f"set MENDBOX_API_THREADS to {settings.event_streams + SPARE_THREADS} or more",
        )
    if settings.tls_certificate:
        _check_certificate(settings)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "api.wsgi:serve()",
        *("--config", "python:api.gunicorn_config"),
        *("--bind", f"{host}:{settings.port}"),
        *("--threads", str(settings.api_threads)),
        *("--worker-connections", str(settings.api_threads + IDLE_CONNECTIONS)),
        *("--worker-tmp-dir", str(shared_memory_folder())),
        *(("--certfile", settings.tls_certificate, "--keyfile", settings.tls_key) if settings.tls_certificate else ()),
    ]


def _check_certificate(settings: Settings) -> None:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(settings.tls_certificate, settings.tls_key)
    except (OSError, ssl.SSLError) as error:
        raise SettingsInvalid(
            f"MENDBOX_TLS_CERTIFICATE={settings.tls_certificate!r} and MENDBOX_TLS_KEY={settings.tls_key!r} can't be "
            f"used: {error.strerror or error}",
            hint="name a certificate (PEM) and the key that belongs to it, which this user may read",
        ) from None


def shared_memory_folder() -> Path:
    """Where the worker's heartbeat file is: in memory, so that a slow disk is not taken for a stuck worker."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
