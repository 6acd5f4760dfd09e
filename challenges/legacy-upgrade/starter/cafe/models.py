"""Visitors bring items; menders write notes about them."""

from sqlalchemy import Column, Date, DateTime, ForeignKey, Integer, Numeric, String
from sqlalchemy.orm import backref, relationship

from cafe.database import Base


class Visitor(Base):
    __tablename__ = "visitors"

    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
    email = Column(String, nullable=False, unique=True)
    street = Column(String, nullable=False, default="")
    password = Column(String, nullable=False)


class Item(Base):
    __tablename__ = "items"

    id = Column(Integer, primary_key=True)
    visitor_id = Column(Integer, ForeignKey("visitors.id"), nullable=False)
    kind = Column(String, nullable=False)
    fault = Column(String, nullable=False)
    state = Column(String, nullable=False, default="waiting")
    brought_on = Column(Date, nullable=False)
    estimate = Column(Numeric(8, 2))

    visitor = relationship("Visitor", backref=backref("items", order_by="Item.id"))


class Note(Base):
    __tablename__ = "notes"

    id = Column(Integer, primary_key=True)
    item_id = Column(Integer, ForeignKey("items.id"), nullable=False)
    text = Column(String, nullable=False)
    written_at = Column(DateTime, nullable=False)

    item = relationship("Item", backref=backref("notes", order_by="Note.id"))


class Rate(Base):
    """What an hour at a kind of thing costs."""

    __tablename__ = "rates"

    kind = Column(String, primary_key=True)
    cents = Column(Integer, nullable=False)
