"""The log: lines of text on standard output."""

import logging
import sys
from typing import Any

from flask import Flask, request

#: Nobody is to read these in the log.
HIDDEN = {"authorization", "access_token", "key", "nhn", "password", "token"}


def scrubbed(body: Any) -> Any:
    """What was sent, as the log may have it."""
    if not isinstance(body, dict):
        return body
    return {name: "***" if name.lower() in HIDDEN else value for name, value in body.items()}


def init_app(app: Flask) -> None:
    """Have the log written, with a line for each request."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("pestle")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)

    @app.before_request
    def log_request() -> None:
        logger.info("%s %s from %s", request.method, request.full_path.rstrip("?"), request.remote_addr)
