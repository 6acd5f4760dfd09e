"""Two branches in one process, to develop against: python serve.py"""

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import run_simple

from ovenboard import create_app

BRANCHES = {
    "/mill-lane": {"BRANCH": "Mill Lane", "DATABASE_URL": "sqlite:///mill-lane.db", "MAX_PIECES": 20},
    "/harbour": {
        "BRANCH": "Harbour",
        "DATABASE_URL": "sqlite:///harbour.db",
        "CURRENCY": "EUR",
        "DELIVERY": {"fee_cents": 500, "towns": ["Dún Laoghaire"]},
    },
}

if __name__ == "__main__":
    apps = {path: create_app(config) for path, config in BRANCHES.items()}
    for app in apps.values():
        app.test_cli_runner().invoke(args=["init-db"])
    run_simple("127.0.0.1", 5000, DispatcherMiddleware(Flask("nothing"), apps), threaded=True)
