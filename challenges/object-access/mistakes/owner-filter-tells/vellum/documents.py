"""`/documents`: what clients send in."""

from __future__ import annotations

from flask import Blueprint, g, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from vellum import payloads, people
from vellum.access import concerns, document_or_404
from vellum.errors import ApiError
from vellum.extensions import db
from vellum.models import Document, Glossary, User
from vellum.serializers import document_line, document_page

bp = Blueprint("documents", __name__, url_prefix="/documents")


def wanted() -> list[ColumnElement[bool]]:
    """What `?state=`, `?q=` and `?owner=` ask for."""
    conditions = []
    if state := request.args.get("state"):
        conditions.append(Document.state == state)
    if words := request.args.get("q", "").strip():
        conditions.append(
            or_(Document.title.icontains(words, autoescape=True), Document.reference.icontains(words, autoescape=True))
        )
    if login := request.args.get("owner"):
        conditions.append(Document.owner_id == payloads.person("owner", login, "client").id)
    return conditions


def check_reference(reference: str, owner: User, document: Document | None = None) -> None:
    """Raises ApiError 409 for a reference that another document of this owner has."""
    query = select(Document.id).where(Document.reference == reference, Document.owner_id == owner.id)
    if document is not None:
        query = query.where(Document.id != document.id)
    if db.session.scalar(query) is not None:
        raise ApiError(409, "reference_taken", f"There is a document with the reference {reference}.")


def check_glossary(glossary: Glossary | None, owner: User) -> None:
    """Raises ApiError 400 for a glossary that is not this owner's, as for one that does not exist."""
    if glossary is not None and glossary.owner_id != owner.id:
        raise payloads.bad(f"There is no glossary {glossary.id}.")


@bp.get("")
def list_documents() -> ResponseReturnValue:
    """List the documents that one has to do with, page by page."""
    page, per_page = payloads.argument("page", 1, 100_000), payloads.argument("per_page", 20, 100)
    conditions = [concerns(g.user), *wanted()]
    total = db.session.scalar(select(func.count(Document.id)).where(*conditions)) or 0
    query = (
        select(Document)
        .where(*conditions)
        .options(joinedload(Document.owner), selectinload(Document.notes))
        .order_by(Document.id)
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    return {
        "documents": [document_line(document) for document in db.session.scalars(query)],
        "page": page,
        "pages": -(-total // per_page),
        "total": total,
    }


@bp.post("")
def upload_document() -> ResponseReturnValue:
    """Take in a document: a client's own, or one that a manager enters for a client."""
    people.only("client", "manager")
    values = payloads.document_fields(payloads.json_object(), payloads.UPLOADED[g.user.role])
    for field in ("reference", "title", "source", "target", "text"):
        if field not in values:
            raise payloads.bad(f"{field} is missing.")
    if g.user.role == "manager" and "owner" not in values:
        raise payloads.bad("owner is missing.")
    owner = values.get("owner", g.user)
    check_glossary(values.get("glossary"), owner)
    check_reference(values["reference"], owner)
    defaults = {"owner": owner, "state": "new", "words": len(values["text"].split())}
    document = Document(**defaults | values)
    db.session.add(document)
    db.session.commit()
    return document_page(document), 201, {"Location": url_for("documents.show_document", number=document.id)}


@bp.post("/archive")
def archive_documents() -> ResponseReturnValue:
    """Put documents away, several at once."""
    people.only("client", "manager")
    numbers = payloads.numbers("documents", payloads.json_object().get("documents"))
    query = select(Document).where(Document.id.in_(numbers), concerns(g.user)).order_by(Document.id)
    found = db.session.scalars(query).all()
    for document in found:
        document.state = "archived"
    db.session.commit()
    return {"archived": [document.id for document in found]}


@bp.get("/<int:number>")
def show_document(number: int) -> ResponseReturnValue:
    """Show all of a document."""
    return document_page(document_or_404(number))


@bp.patch("/<int:number>")
def change_document(number: int) -> ResponseReturnValue:
    """Change the fields that are sent."""
    document = document_or_404(number)
    people.only("client", "manager")
    values = payloads.document_fields(payloads.json_object(), payloads.CHANGEABLE[g.user.role])
    owner = values.get("owner", document.owner)
    if owner is not document.owner:
        values.setdefault("glossary", None)
    check_glossary(values.get("glossary"), owner)
    check_reference(values.get("reference", document.reference), owner, document)
    for field, value in values.items():
        setattr(document, field, value)
    db.session.commit()
    return document_page(document)


@bp.delete("/<int:number>")
def remove_document(number: int) -> ResponseReturnValue:
    """Remove a document with its notes and assignments."""
    document = document_or_404(number)
    people.only("client", "manager")
    db.session.delete(document)
    db.session.commit()
    return "", 204
