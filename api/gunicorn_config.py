"""gunicorn's settings that are the same everywhere; those that depend on `MENDBOX_*` are in `api.server`.

Named on the command line, so that a `gunicorn.conf.py` in whatever folder the API is started from is not read.
"""

import ssl
from collections.abc import Callable
from typing import Any

#: Event streams and metrics are counted in one process, and its threads mostly wait.
workers = 1
worker_class = "api.gunicorn_worker.Worker"
#: Between SIGTERM and the end of what is being answered. Gradings don't run here, so nothing takes long.
graceful_timeout = 10
#: A worker that is silent this long is stuck as a whole; requests have limits of their own.
timeout = 60
keepalive = 5
#: It would be made in the home folder, which may be read-only.
control_socket_disable = True
#: The most that gunicorn takes: a listing with every filter, each as long as it may be, percent-encoded.
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190
#: Says where it listens, and when it stops. Requests are logged by `api.observability`.
loglevel = "info"
#: Whom to believe about the scheme is for `MENDBOX_TRUSTED_PROXIES` to say; gunicorn would believe all of this host.
forwarded_allow_ips = ""


def ssl_context(_: Any, default: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Called by gunicorn where there is a certificate: TLS 1.3, and of 1.2 what has forward secrecy and is an AEAD.

    After Mozilla's "intermediate" recommendation (version 5.7), without DHE.
    """
    context = default()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    return context
