"""Opening a core that the visitor's company may see."""

from coreshed.context import this_request
from coreshed.errors import ApiError
from coreshed.extensions import db
from coreshed.models import Core


def open_core(core_id: int, action: str) -> Core:
    """The core, with a note of what it is opened for. Raises ApiError 404 for one that the visitor may not see."""
    request = this_request()
    core = db.session.get(Core, core_id) if core_id in request.visible else None
    if core is None:
        raise ApiError(404, "core_not_found", f"There is no core {core_id}.")
    request.trail.append((core.id, action))
    return core
