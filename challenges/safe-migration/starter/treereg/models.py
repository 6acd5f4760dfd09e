"""Trees, their species, and the wardens' visits: the tables as they are from revision 0003 on."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from treereg.extensions import db

STATES = ("sound", "watch", "danger")


class Species(db.Model):
    __tablename__ = "species"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    trees: Mapped[list["Tree"]] = relationship(back_populates="species")


class Tree(db.Model):
    __tablename__ = "trees"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(10), unique=True)
    parish: Mapped[str] = mapped_column(String(60), index=True)
    place: Mapped[str] = mapped_column(Text)
    species_id: Mapped[int | None] = mapped_column(ForeignKey("species.id"), index=True)
    girth_cm: Mapped[int | None]
    species: Mapped[Species | None] = relationship(back_populates="trees")
    visits: Mapped[list["Visit"]] = relationship(back_populates="tree", order_by="Visit.visited_on.desc(), Visit.id.desc()")


class Visit(db.Model):
    __tablename__ = "visits"
    __table_args__ = (CheckConstraint("state IN ('sound', 'watch', 'danger')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    tree_id: Mapped[int] = mapped_column(ForeignKey("trees.id"), index=True)
    visited_on: Mapped[date]
    warden: Mapped[str] = mapped_column(String(60))
    state: Mapped[str | None] = mapped_column(String(10))
    tree: Mapped[Tree] = relationship(back_populates="visits")
