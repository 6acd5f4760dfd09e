"""Extensions shared by the whole app."""

from __future__ import annotations

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Base of all models."""


db = SQLAlchemy(model_class=Base)
