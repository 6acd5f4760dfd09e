"""Lists come in pages, with links from one to the next."""

from collections.abc import Callable
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy import Select, func, select

from stockroom.extensions import db


def page_of(query: Select[Any], name: str, as_json: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The page of `query` that the request asks for, as every list of the API answers it. The rows are in `name`."""
    page = int(request.args.get("page", 1))
    per_page = int(request.args.get("per_page", current_app.config["PER_PAGE"]))

    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    pages = total // per_page + 1
    # One more than fits on the page tells whether there is another.
    rows = db.session.scalars(query.limit(per_page + 1).offset((page - 1) * per_page)).all()
    more = len(rows) > per_page

    return {
        name: [as_json(row) for row in rows],
        "page": page,
        "per_page": per_page,
        "pages": pages,
        "total": total,
        "links": {
            "first": _link(1, per_page),
            "prev": _link(page - 1, per_page) if page > 1 else None,
            "next": _link(page + 1, per_page) if more else None,
            "last": _link(pages, per_page),
        },
    }


def _link(page: int, per_page: int) -> str:
    return url_for(request.endpoint, **request.view_args, page=page, per_page=per_page)
