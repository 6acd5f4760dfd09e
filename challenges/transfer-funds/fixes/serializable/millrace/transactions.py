"""Views as serializable transactions: the database refuses what could not have happened one after the other."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from functools import wraps

from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError

from millrace.extensions import db

View = Callable[..., ResponseReturnValue]

ATTEMPTS = 30
LONGEST_PAUSE_S = 0.05
#: serialization_failure and deadlock_detected: PostgreSQL asks to try the whole transaction again.
TRY_AGAIN = ("40001", "40P01")


def serializable(view: View) -> View:
    """Run a view as one transaction, as often as it takes, and commit before its answer is sent.

    The view reads all that it decides by itself, and does not commit. What it raises undoes what it did.
    """

    @wraps(view)
    def wrapper(*args: object, **kwargs: object) -> ResponseReturnValue:
        for attempt in range(1, ATTEMPTS + 1):
            db.session.rollback()
            try:
                db.session.connection(execution_options={"isolation_level": "SERIALIZABLE"})
                answer = view(*args, **kwargs)
                db.session.commit()
                return answer
            except DBAPIError as error:
                db.session.rollback()
                if attempt == ATTEMPTS or getattr(error.orig, "sqlstate", None) not in TRY_AGAIN:
                    raise
            time.sleep(random.uniform(0, LONGEST_PAUSE_S))
        raise AssertionError("unreachable")

    return wrapper
