"""The catalogue as the institute's server has it: below a path of its own, beside other things.

    python serve.py            http://127.0.0.1:5000/collections/seeds/
"""

from __future__ import annotations

import argparse

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import run_simple

from seedbank import create_app

institute = Flask("institute", static_folder=None)


@institute.get("/")
def welcome() -> str:
    return "<h1>The institute</h1><p>The seed bank is <a href='/collections/seeds/'>here</a>.</p>"


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=5000)
    server = DispatcherMiddleware(institute, {"/collections/seeds": create_app()})
    run_simple("127.0.0.1", parser.parse_args().port, server)
