"""A blueprint on which no route can be without a role."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from flask import Blueprint, g

from interloan.callers import Caller


class Staffed(Blueprint):
    """Routes are made with `role=`, the least that a caller must have: `@bp.get("/loans", role="reader")`."""

    def add_url_rule(
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        *,
        role: str,
        **options: Any,
    ) -> None:
        assert view_func is not None

        def at_the_desk(**arguments: Any) -> Any:
            caller = Caller.from_request()
            caller.must_be(role)
            g.caller = caller
            return view_func(**arguments)

        super().add_url_rule(rule, endpoint, update_wrapper(at_the_desk, view_func), **options)
