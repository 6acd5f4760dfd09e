"""Lists come in pages, with links from one to the next."""

from collections.abc import Callable
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy import Select

from stockroom.extensions import db


def page_of(query: Select[Any], name: str, as_json: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """The page of `query` that the request asks for, as every list of the API answers it. The rows are in `name`."""
    config = current_app.config
    per_page = request.args.get("per_page", config["PER_PAGE"], type=int)
    pagination = db.paginate(query, per_page=per_page, max_per_page=config["MAX_PER_PAGE"])
    links = {"first": 1, "prev": pagination.prev_num, "next": pagination.next_num, "last": pagination.pages or 1}
    return {
        name: [as_json(item) for item in pagination.items],
        "page": pagination.page,
        "per_page": pagination.per_page,
        "pages": pagination.pages or 1,
        "total": pagination.total,
        "links": {relation: page and page_address(page) for relation, page in links.items()},
    }


def page_address(page: int) -> str:
    others = request.args.to_dict(flat=False) | (request.view_args or {})
    return url_for(request.endpoint, **(others | {"page": page}))
