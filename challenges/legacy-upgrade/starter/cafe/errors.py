"""Errors as JSON."""

from flask import jsonify

WORDS = {400: "not understood", 403: "not for you", 404: "nothing there"}


def init_app(app):
    for code, words in WORDS.items():
        app.register_error_handler(code, lambda error, code=code, words=words: (jsonify(error=words), code))
