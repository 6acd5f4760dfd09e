"""What the library keeps."""

from datetime import date, timedelta

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Loan(db.Model):
    """One book lent to one reader. `returned` is None while the book is out."""

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    reader: Mapped[str]
    due: Mapped[date]
    returned: Mapped[date | None]


def init_db():
    """Make the tables, with a few loans to play with."""
    db.create_all()
    if db.session.execute(db.select(Loan)).first() is None:
        today = date.today()
        db.session.add_all(
            [
                Loan(title="Emma", reader="Sofia", due=today + timedelta(days=7)),
                Loan(title="Dubliners", reader="Noah", due=today - timedelta(days=3)),
            ]
        )
        db.session.commit()
