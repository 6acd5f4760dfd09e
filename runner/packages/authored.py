"""An author's files as models, and what is wrong with them in an author's words: pure."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from runner.errors import Problem

_Model = TypeVar("_Model", bound=BaseModel)
#: Path → content.
Files = Mapping[str, bytes]


def read_text(files: Files, path: str, problems: list[Problem]) -> str:
    """A file's text, empty when it is not there; what is wrong with it is added to `problems`."""
    try:
        return files.get(path, b"").decode("utf-8")
    except UnicodeDecodeError as error:
        problems.append(Problem(path, "", f"is not UTF-8 at byte {error.start}; save it as UTF-8"))
        return ""


def read_toml(files: Files, path: str, model: type[_Model], problems: list[Problem]) -> _Model | None:
    """A TOML file as a model, None when it is not there, or when something was added to `problems`."""
    if path not in files:
        return None
    before = len(problems)
    text = read_text(files, path, problems)
    if len(problems) > before:
        return None
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        problems.append(Problem(path, "", f"is not TOML: {error}"))
    except ValidationError as error:
        problems += [Problem(path, *_explained(detail, model)) for detail in error.errors()]
    return None


def read_derived(files: Files, path: str, model: type[_Model], command: str, problems: list[Problem]) -> _Model | None:
    """What one of our own commands wrote, None when it is not there."""
    if path not in files:
        return None
    try:
        return model.model_validate_json(files[path])
    except ValidationError as error:
        for detail in error.errors():
            key, message = _explained(detail, model)
            problems.append(Problem(path, key, f"{message}; derive it anew: {command}"))
    return None


def _explained(detail: Any, model: type[BaseModel]) -> tuple[str, str]:
    """The dotted key of a validation error, and its message in an author's words."""
    location = detail["loc"]
    key = ".".join(str(part) for part in location)
    kind = detail["type"]
    if kind == "missing":
        return key, "is missing; add it"
    if kind == "extra_forbidden":
        known = f" (known here: {', '.join(model.model_fields)})" if len(location) == 1 else ""
        return key, f"is not a known key{known}; take it out or mend its spelling"
    if kind == "too_short" and not detail["input"]:
        return key, "is empty; name at least one"
    message = str(detail["msg"]).removeprefix("Value error, ")
    if not location:
        return "", message
    found = repr(detail["input"])
    return key, f"{message[:1].lower()}{message[1:]}, found {found if len(found) <= 80 else found[:80] + '…'}"
