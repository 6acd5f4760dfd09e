"""Reads a review and shows it, with what is wrong with its form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, abort, jsonify

from desk.reading import NotReadable, read

ROOT = Path(__file__).parent.parent


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    app = Flask(__name__)
    app.config.from_mapping(REVIEW="review-0", ROOT=ROOT)
    app.config.from_mapping(config)

    @app.get("/reviews/<name>")
    def show(name: str):
        if name != app.config["REVIEW"]:
            abort(404)
        try:
            findings = read(Path(app.config["ROOT"]))
        except NotReadable as error:
            return jsonify(review=name, problems=error.problems), 422
        return jsonify(review=name, findings=findings)

    return app
