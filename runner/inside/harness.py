"""Builds the candidate's app by the challenge's `harness.py`.

A harness is one module with a function `build(context)` that gives a WSGI callable with its data seeded:

    def build(context):
        create_app = context.load()                     # the manifest's [app] entry, imported
        app = create_app({"SQLALCHEMY_DATABASE_URI": "sqlite://"})
        with app.app_context():
            seed()
        return app

It runs once; every test gets a fork of the process it ran in, and a pristine copy of `context.data_dir`. A harness
that opens connections to a file must close them again before it returns (`db.engine.dispose()`), since a fork may
not share them. It may define two more functions: `forked(app)` runs in each fork before the first request; `warm(app)`
runs once, after `build` and before any fork, and makes requests that change nothing, so that no test is the first to
need what libraries set up at first use (compiled queries, above all). Only a sandbox calls `warm`: nothing may depend
on it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any


@dataclass(frozen=True, slots=True)
class HarnessContext:
    """What a harness may know: the manifest's entry point, a directory for data files, the grading's seed.

    `database_url` is SQLAlchemy's URL of the challenge's own PostgreSQL, `redis_url` redis-py's of its own Redis; each
    is empty where the manifest does not name the service.
    """

    entry: str
    data_dir: Path
    seed: int = 0
    database_url: str = ""
    redis_url: str = ""

    def load(self) -> Any:
        """Import the entry point `module:attribute` from the candidate's files."""
        module_name, _, attribute = self.entry.partition(":")
        target: Any = importlib.import_module(module_name)
        for part in filter(None, attribute.split(".")):
            target = getattr(target, part)
        return target


def load_harness(path: Path) -> ModuleType:
    """Import a harness from its file, under a name that no candidate's module has."""
    spec = importlib.util.spec_from_file_location("mendbox_harness", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules["mendbox_harness"] = module
    spec.loader.exec_module(module)
    return module


def build_app(harness: ModuleType, context: HarnessContext) -> Callable[..., Any]:
    """Run the harness's `build`. Raises whatever the harness or the candidate's code raises."""
    app = harness.build(context)
    if not callable(app):
        raise TypeError(f"{context.entry} gave {type(app).__name__}, which is not a WSGI application")
    return app  # type: ignore[no-any-return]


def call_target(app: Any, target: str, args: Any, kwargs: Any) -> Any:
    """Call `module:function`, in an application context where the app is a Flask app."""
    module_name, _, attribute = target.partition(":")
    function: Any = importlib.import_module(module_name)
    for part in attribute.split("."):
        function = getattr(function, part)
    if hasattr(app, "app_context"):
        with app.app_context():
            return function(*args, **kwargs)
    return function(*args, **kwargs)
