"""What is made once and belongs to every app."""

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """Of all models."""


db = SQLAlchemy(model_class=Base)
