"""Which cores the visitor's company may see: its own, and those that others share with it."""

from typing import cast

from flask import g
from sqlalchemy import or_, select

from coreshed.context import current, visitor
from coreshed.errors import ApiError
from coreshed.extensions import db
from coreshed.models import Core, Share


def visible() -> frozenset[int]:
    """The ids of the cores that the visitor may see. A request asks the database for them once."""
    if "visible" not in g:
        company_id = visitor().company_id
        query = (
            select(Core.id)
            .outerjoin(Share, (Share.core_id == Core.id) & (Share.company_id == company_id))
            .where(or_(Core.company_id == company_id, Share.core_id.is_not(None)))
        )
        g.visible = frozenset(db.session.scalars(query))
    return cast(frozenset[int], g.visible)


def open_core(core_id: int, action: str) -> Core:
    """The core, with a note of what it is opened for. Raises ApiError 404 for one that the visitor may not see."""
    core = db.session.get(Core, core_id) if core_id in visible() else None
    if core is None:
        raise ApiError(404, "core_not_found", f"There is no core {core_id}.")
    current.trail.append((core.id, action))
    return core
