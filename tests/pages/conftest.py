"""What tests of pages work with: the API's platform, and the app at an address of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from tests.api.conftest import platform, redis_server, templates  # noqa: F401 -- fixtures
from tests.support.valkey import valkey  # noqa: F401 -- a fixture


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app at an address of this machine, as long as it lasts."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
