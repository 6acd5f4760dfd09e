"""What forms offer."""

from __future__ import annotations

from sqlalchemy import select

from longtable.extensions import db
from longtable.models import Evening

#: What the kitchen can leave out.
DIETS = {
    "vegetarian": "No meat, no fish",
    "vegan": "Nothing of animals",
    "no-gluten": "No gluten",
    "no-nuts": "No nuts",
    "no-shellfish": "No shellfish",
}
#: Guests that a member may bring.
MOST_GUESTS = 3


def open_evenings() -> list[Evening]:
    """The evenings that take new members, in the order of the week."""
    return list(db.session.scalars(select(Evening).where(Evening.open).order_by(Evening.id)))


def find_evening(slug: str) -> Evening | None:
    """The evening with this slug, open or not."""
    return db.session.scalar(select(Evening).where(Evening.slug == slug))
