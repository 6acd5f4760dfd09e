"""What the API answers when it does not do what was asked."""

from __future__ import annotations

from flask import Flask
from flask.typing import ResponseReturnValue


class Refusal(Exception):
    """Raised by views: answered with `status` and `{"error": {"code": …, "detail": …}}`."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.body = {"error": {"code": code, "detail": detail}}


def unknown(kind: str, key: object) -> Refusal:
    """The refusal for something that is not in the register."""
    return Refusal(404, f"unknown_{kind}", f"The register has no {kind} {key}.")


def register(app: Flask) -> None:
    @app.errorhandler(Refusal)
    def refuse(refusal: Refusal) -> ResponseReturnValue:
        return refusal.body, refusal.status
