"""Sample data for development."""

import random
from datetime import timedelta

from pressroom.extensions import db
from pressroom.models import Author, Comment, Post, Tag
from pressroom.timing import utcnow

NAMES = ["Ada Okafor", "Bruno Lindqvist", "Chiara Moretti", "Dmitri Havel", "Esi Mensah", "Farah Haddad"]
TAGS = ["Cities", "Climate", "Economy", "Food", "Health", "Long read", "Science", "Sport", "Travel"]
SUBJECTS = ["The ferry", "A quiet harbour", "Our last orchard", "The night market", "Nine bridges"]
ENDINGS = ["at dawn", "and its price", "in numbers", "revisited", "after the flood", "without a plan"]


def fill(posts: int, *, seed: int = 1) -> None:
    """Add authors, tags, posts and comments; the same ones for the same `seed`."""
    rng = random.Random(seed)
    authors = [Author(handle=name.split()[0].lower(), name=name) for name in NAMES]
    tags = [Tag(slug=name.lower().replace(" ", "-"), name=name) for name in TAGS]
    db.session.add_all([*authors, *tags])
    for number in range(1, posts + 1):
        db.session.add(_post(number, rng, authors, tags))
    db.session.commit()


def _post(number: int, rng: random.Random, authors: list[Author], tags: list[Tag]) -> Post:
    title = f"{rng.choice(SUBJECTS)} {rng.choice(ENDINGS)}"
    published_at = None if number % 15 == 0 else utcnow() - timedelta(hours=7 * number)
    return Post(
        slug=f"{title.lower().replace(' ', '-')}-{number}",
        title=title,
        summary=f"{title}: what we found.",
        body=f"{title}.\n\n" + "There is more to it than meets the eye. " * 20,
        published_at=published_at,
        author=rng.choice([*authors, None]),
        tags=rng.sample(tags, rng.randrange(4)),
        comments=[
            Comment(name="A reader", text="I liked this one.", approved=rng.random() < 0.7)
            for _ in range(rng.randrange(5))
        ],
    )
