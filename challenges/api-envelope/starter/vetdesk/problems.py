"""What the API refuses, beyond what Werkzeug has an exception for."""

from collections.abc import Mapping
from typing import Any

from werkzeug.exceptions import Conflict, UnprocessableEntity


class Invalid(UnprocessableEntity):
    """A body with mistakes in it, by field."""

    def __init__(self, details: Mapping[str, str]) -> None:
        super().__init__("Something is wrong with what was sent.")
        self.details = dict(details)


class SlotTaken(Conflict):
    """The vet has another appointment."""

    def __init__(self, message: str, details: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.details = dict(details)
