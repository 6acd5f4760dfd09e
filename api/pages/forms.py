"""Forms: their fields as a model has them, or what is wrong with them in a few words."""

from __future__ import annotations

from typing import TypeVar

from flask import Response
from pydantic import BaseModel, ValidationError

from api.bodies import single_fields
from api.problems import ApiProblem

Form = TypeVar("Form", bound=BaseModel)
#: Problems that are said beside a form, which can be filled in again.
_SHOWN = frozenset(
    {
        *("unauthenticated", "provider-needed", "password-refused", "invalid-request"),
        *("time-is-up", "assessment-done", "attempts-used"),
    }
)


def read_form(model: type[Form], *more: str) -> tuple[Form | None, dict[str, str]]:
    """The form as the model has it, None where something is missing or too long; and its fields as they were sent.

    `more`: fields beside the model's. Raises ApiProblem for fields that are not known or were sent twice.
    """
    sent = single_fields(frozenset({*model.model_fields, *more}))
    fields = {name: value for name, value in sent.items() if isinstance(value, str)}
    # A field that was left empty is one that was not filled in.
    filled = {name: value for name, value in fields.items() if value and name in model.model_fields}
    try:
        return model.model_validate(filled), fields
    except ValidationError:
        return None, fields


def text_fields(*names: str) -> dict[str, str]:
    """The form's text fields, without spaces around. Raises ApiProblem for fields that are not named or sent twice."""
    sent = single_fields(frozenset(names))
    return {name: value.strip() for name, value in sent.items() if isinstance(value, str)}


def words_for(problem: ApiProblem) -> str:
    """What to show beside a form that was refused. Raises the problem where no form can be of use."""
    if problem.name == "too-many-requests":
        return f"{_sentence(problem.detail)} {_sentence(str(problem.fields.get('hint', '')))}"
    if problem.name in _SHOWN:
        return _sentence(problem.detail)
    raise problem


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def refused(problem: ApiProblem, form: Response) -> Response:
    """The form again, with the status and the headers of the problem."""
    answer = problem.response()  # which leaves the problem's name for the log
    form.status_code = answer.status_code
    for name in ("Retry-After", "WWW-Authenticate"):
        if name in answer.headers:
            form.headers[name] = answer.headers[name]
    return form
