"""Names for URLs."""

import re

from sqlalchemy import select

from pressroom.extensions import db
from pressroom.models import Post


def slugify(text: str) -> str:
    """`Nine bridges, revisited` → `nine-bridges-revisited`."""
    return "-".join(re.findall(r"[a-z0-9]+", text.lower())) or "untitled"


def free_slug(title: str) -> str:
    """A slug for a post of this title that no other post has."""
    base = slugify(title)[:100]
    taken = set(db.session.scalars(select(Post.slug).where(Post.slug.startswith(base, autoescape=True))))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
