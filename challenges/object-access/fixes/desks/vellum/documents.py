"""`/documents`: what clients send in."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload

from vellum import payloads
from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Document, User
from vellum.people import for_roles
from vellum.serializers import document_line, document_page

bp = Blueprint("documents", __name__, url_prefix="/documents")


def narrowed(query: Select[tuple[Document]]) -> Select[tuple[Document]]:
    """The query as `?state=`, `?q=` and `?owner=` narrow it."""
    if state := request.args.get("state"):
        query = query.where(Document.state == state)
    if words := request.args.get("q", "").strip():
        query = query.where(
            or_(Document.title.icontains(words, autoescape=True), Document.reference.icontains(words, autoescape=True))
        )
    if login := request.args.get("owner"):
        query = query.join(Document.owner).where(User.login == login)
    return query


def save(document: Document, values: dict[str, Any]) -> dict[str, Any]:
    """Store the values and give the page. Raises ApiError 409 when the owner has the reference elsewhere."""
    reference = values.get("reference", document.reference)
    owner = values.get("owner", document.owner)
    with db.session.no_autoflush:
        twins = db.session.scalars(select(Document).filter_by(reference=reference, owner_id=owner.id)).all()
    if any(twin is not document for twin in twins):
        raise ApiError(409, "reference_taken", f"There is a document with the reference {reference}.")
    for field, value in values.items():
        setattr(document, field, value)
    db.session.add(document)
    db.session.commit()
    return document_page(document)


@bp.get("")
def list_documents() -> ResponseReturnValue:
    """List the documents on the desk, page by page."""
    page, per_page = payloads.argument("page", 1, 100_000), payloads.argument("per_page", 20, 100)
    query = narrowed(g.desk.documents()).options(joinedload(Document.owner)).order_by(Document.id)
    found = db.paginate(query, page=page, per_page=per_page, error_out=False)
    notes = g.desk.count_notes(found.items)
    return {
        "documents": [document_line(document, notes[document.id]) for document in found.items],
        "page": page,
        "pages": found.pages,
        "total": found.total,
    }


@bp.post("")
@for_roles("client", "manager")
def upload_document() -> ResponseReturnValue:
    """Take in a document: a client's own, or one that a manager enters for a client."""
    body = payloads.json_object()
    values = payloads.document_fields(body, g.desk.sets | {"source", "target", "text"}, g.user)
    for field in ("reference", "title", "source", "target", "text"):
        if field not in values:
            raise payloads.bad(f"{field} is missing.")
    if g.user.role == "manager" and "owner" not in values:
        raise payloads.bad("owner is missing.")
    document = Document(state="new", words=len(values["text"].split()))
    page = save(document, {"owner": g.user} | values)
    return page, 201, {"Location": url_for("documents.show_document", document=document.id)}


@bp.post("/archive")
@for_roles("client", "manager")
def archive_documents() -> ResponseReturnValue:
    """Put documents away, several at once."""
    numbers = payloads.numbers("documents", payloads.json_object().get("documents"))
    found = db.session.scalars(g.desk.documents().where(Document.id.in_(numbers)).order_by(Document.id)).all()
    for document in found:
        document.state = "archived"
    db.session.commit()
    return {"archived": [document.id for document in found]}


@bp.get("/<int:document>")
def show_document() -> ResponseReturnValue:
    """Show all of a document."""
    return document_page(g.document)


@bp.patch("/<int:document>")
@for_roles("client", "manager")
def change_document() -> ResponseReturnValue:
    """Change the fields that are sent. Whoever takes a document over does not get the glossary with it."""
    values = payloads.document_fields(payloads.json_object(), g.desk.sets, g.document.owner)
    if values.get("owner", g.document.owner) != g.document.owner and "glossary" not in values:
        values["glossary"] = None
    return save(g.document, values)


@bp.delete("/<int:document>")
@for_roles("client", "manager")
def remove_document() -> ResponseReturnValue:
    """Remove a document with its notes and assignments."""
    db.session.delete(g.document)
    db.session.commit()
    return "", 204
