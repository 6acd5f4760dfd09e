"""What the register knows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from weavers.extensions import Base, db

item_keywords = Table(
    "item_keywords",
    Base.metadata,
    Column("item_id", ForeignKey("items.id"), primary_key=True),
    Column("keyword_id", ForeignKey("keywords.id"), primary_key=True),
)


class Lender(db.Model):
    """A person or a house that has lent us objects."""

    __tablename__ = "lenders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))

    items: Mapped[list[Item]] = relationship(
        back_populates="lender", order_by="Item.number", cascade="all, delete-orphan"
    )


class Case(db.Model):
    """A glass case in one of the rooms."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    room: Mapped[str] = mapped_column(String(80))

    items: Mapped[list[Item]] = relationship(
        back_populates="case", order_by="Item.number", cascade="all, delete-orphan"
    )


class Keyword(db.Model):
    __tablename__ = "keywords"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(40), unique=True)

    items: Mapped[list[Item]] = relationship(secondary=item_keywords, back_populates="keywords")


class Item(db.Model):
    """An object. Without a lender it is our own, without a case it is in the store."""

    __tablename__ = "items"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[str] = mapped_column(String(120))
    lender_id: Mapped[int | None] = mapped_column(ForeignKey("lenders.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"), index=True)

    lender: Mapped[Lender | None] = relationship(back_populates="items")
    case: Mapped[Case | None] = relationship(back_populates="items")
    keywords: Mapped[list[Keyword]] = relationship(
        secondary=item_keywords, back_populates="items", order_by="Keyword.word", cascade="all, delete"
    )
    labels: Mapped[list[Label]] = relationship(
        back_populates="item", order_by="Label.id", cascade="all, delete-orphan"
    )
    photos: Mapped[list[Photo]] = relationship(
        back_populates="item", order_by="Photo.id", cascade="all, delete-orphan"
    )
    reports: Mapped[list[Report]] = relationship(
        back_populates="item",
        order_by="Report.written_on.desc(), Report.id.desc()",
        cascade="all, delete-orphan",
    )


class Photo(db.Model):
    """A picture of an object. The file itself is in the picture library."""

    __tablename__ = "photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    filename: Mapped[str] = mapped_column(String(80))
    caption: Mapped[str] = mapped_column(String(200), default="")

    item: Mapped[Item] = relationship(back_populates="photos")


class Report(db.Model):
    """What a restorer found when looking at an object."""

    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    written_on: Mapped[date]
    text: Mapped[str] = mapped_column(String(1000))

    item: Mapped[Item] = relationship(back_populates="reports")


class Exhibition(db.Model):
    __tablename__ = "exhibitions"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    opens: Mapped[date]
    closes: Mapped[date]

    labels: Mapped[list[Label]] = relationship(
        back_populates="exhibition", order_by="Label.position", cascade="all, delete-orphan"
    )


class Label(db.Model):
    """An object's place in an exhibition, and the text on the wall beside it. Its id is in the QR code there."""

    __tablename__ = "labels"

    id: Mapped[int] = mapped_column(primary_key=True)
    exhibition_id: Mapped[int] = mapped_column(ForeignKey("exhibitions.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(500))

    exhibition: Mapped[Exhibition] = relationship(back_populates="labels")
    item: Mapped[Item] = relationship(back_populates="labels")
