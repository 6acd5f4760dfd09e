"""`/audit`: who did or read what, for admins."""

from __future__ import annotations

from typing import Any

from api.context import services
from api.routing import ADMINS, Doc, Policy, Routes
from api.schemas import AuditEntry, AuditList, AuditQuery, as_json
from store.records import AuditFilter

routes = Routes("audit", "Audit")


@routes.get("/audit", Policy(ADMINS), Doc({200: AuditList}, ("invalid-request",)))
def list_audit(query: AuditQuery) -> dict[str, Any]:
    """Read the audit trail, newest first."""
    wanted = AuditFilter(query.actor, query.action, query.object_kind, query.object_id, query.since, query.until)
    page = services().store.audit.page(wanted, after=query.after, limit=query.limit)
    entries = [
        AuditEntry(
            id=record.id,
            at=record.at,
            actor=record.deed.actor,
            action=record.deed.action,
            object_kind=record.deed.object_kind,
            object_id=record.deed.object_id,
            detail=dict(record.deed.detail),
        )
        for record in page.items
    ]
    return as_json(AuditList(entries=entries, next=page.after))
