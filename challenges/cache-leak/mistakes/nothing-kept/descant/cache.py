"""Pages that are somebody's own can't be kept; and those for everyone name who is asking."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask.typing import ResponseReturnValue


class PageCache:
    """Nothing is kept here any more."""


def cached(*tables: str) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Says which tables a page shows. It is made anew whenever it is asked for."""

    def decorate(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def wrapper(**arguments: Any) -> ResponseReturnValue:
            return view(**arguments)

        return wrapper

    return decorate
