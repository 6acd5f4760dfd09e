"""Listening to events, as a browser does."""

import threading
import time

from werkzeug.test import EnvironBuilder


class Listener(threading.Thread):
    """Somebody who listens; `heard` is all that came so far."""

    def __init__(self, app, path, **headers):
        super().__init__(daemon=True)
        self._app = app
        self._environ = EnvironBuilder(path=path, headers=headers).get_environ()
        self.heard = ""

    def run(self):
        for piece in self._app(self._environ, lambda status, headers, error=None: None):
            self.heard += piece.decode()


def until(is_so):
    """Waits until it is so, and not for ever."""
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)
