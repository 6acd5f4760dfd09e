"""Views that give a query and are answered with one page of it."""

import functools
from collections.abc import Callable
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy import Select, func, select

from stockroom.errors import ApiError
from stockroom.extensions import db


class Refused(Exception):
    """Ends a request for a page that can't be: 400 or 404."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Pager:
    """Finds the page that the request asks for. `choose` lets the client choose how long pages are."""

    def __init__(self, query: Select[Any], *, choose: bool = True) -> None:
        self.query = query
        self.page = self._asked_for("page", otherwise=1)
        self.per_page: int = current_app.config["PER_PAGE"]
        if choose:
            limit = current_app.config["MAX_PER_PAGE"]
            self.per_page = self._asked_for("per_page", otherwise=self.per_page, limit=limit)
        counting = query.with_only_columns(func.count(), maintain_column_froms=True).order_by(None)
        self.total: int = db.session.execute(counting).scalar_one()
        full, rest = divmod(self.total, self.per_page)
        self.pages = full + bool(rest) or 1
        if self.page > self.pages:
            raise Refused(404, f"There are {self.pages} pages and not {self.page}.")

    @staticmethod
    def _asked_for(name: str, *, otherwise: int, limit: int | None = None) -> int:
        if name not in request.args:
            return otherwise
        number = 0
        for digit in request.args[name] or "?":
            if digit not in "0123456789":
                raise Refused(400, f"{name} is made of digits.")
            number = number * 10 + int(digit)
        if number == 0 or (limit and number > limit):
            raise Refused(400, f"{name} is a number from 1 to {limit or 'the last page'}.")
        return number

    def rows(self) -> list[Any]:
        before = (self.page - 1) * self.per_page
        return db.session.execute(self.query.slice(before, before + self.per_page)).scalars().all()

    def link(self, page: int) -> str:
        query = request.args.copy()
        query["page"] = str(page)
        return url_for(request.endpoint, **request.view_args, **query.to_dict(flat=False))

    @property
    def before(self) -> str | None:
        return None if self.page == 1 else self.link(self.page - 1)

    @property
    def after(self) -> str | None:
        return None if self.page == self.pages else self.link(self.page + 1)


def paged(name: str, as_json: Callable[[Any], dict[str, Any]]) -> Callable[..., Callable[..., dict[str, Any]]]:
    """For views of the API that give a query: they answer with a page of it, its rows in `name`."""

    def decorate(view: Callable[..., Select[Any]]) -> Callable[..., dict[str, Any]]:
        @functools.wraps(view)
        def answer(**view_args: Any) -> dict[str, Any]:
            query = view(**view_args)
            try:
                pager = Pager(query)
            except Refused as refused:
                code = {400: "invalid_parameter", 404: "page_not_found"}[refused.status]
                raise ApiError(refused.status, code, refused.reason) from None
            numbers = {key: getattr(pager, key) for key in ("page", "per_page", "pages", "total")}
            links = {"first": pager.link(1), "prev": pager.before, "next": pager.after, "last": pager.link(pager.pages)}
            return {name: list(map(as_json, pager.rows())), "links": links} | numbers

        return answer

    return decorate
