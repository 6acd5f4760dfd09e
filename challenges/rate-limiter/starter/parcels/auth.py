"""API keys: `X-Api-Key` says which account calls."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, g, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from parcels.extensions import db
from parcels.models import ApiKey, key_digest

View = Callable[..., Any]


def require_key(view: View) -> View:
    """Answer 401 without a valid key; put the caller's account on `g.account`."""

    @wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        presented = request.headers.get("X-Api-Key", "")
        key = db.session.scalar(
            select(ApiKey)
            .options(joinedload(ApiKey.account))
            .where(ApiKey.digest == key_digest(presented), ApiKey.revoked.is_(False))
        )
        if key is None:
            abort(401, "Send a valid API key in the X-Api-Key header.")
        g.api_key = key
        g.account = key.account
        return view(*args, **kwargs)

    return wrapper
