"""What readers can see, as queries."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from pressroom.extensions import db
from pressroom.models import Author, Post, Tag, post_tags
from pressroom.timing import utcnow


def live_posts() -> Select[tuple[Post]]:
    """Posts that are live now, newest first; of two from the same moment the one stored later comes first."""
    return (
        select(Post).where(Post.published_at <= utcnow()).order_by(Post.published_at.desc(), Post.id.desc())
    )


def listed_posts() -> Select[tuple[Post]]:
    """Live posts together with what a list shows of them."""
    return live_posts().options(selectinload(Post.author), selectinload(Post.tags))


def live_post(slug: str) -> Post | None:
    """The live post with this slug."""
    return db.session.scalar(live_posts().where(Post.slug == slug))


def author_by_handle(handle: str) -> Author | None:
    """The author with this handle."""
    return db.session.scalar(select(Author).where(Author.handle == handle))


def tag_by_slug(slug: str) -> Tag | None:
    """The tag with this slug."""
    return db.session.scalar(select(Tag).where(Tag.slug == slug))


def authors() -> list[Author]:
    """Everybody who writes for us, by name."""
    return list(db.session.scalars(select(Author).order_by(Author.name, Author.id)))


def tags_with_counts() -> list[tuple[Tag, int]]:
    """All tags by name, each with its number of live posts."""
    live = select(Post.id).where(Post.published_at <= utcnow()).subquery()
    rows = db.session.execute(
        select(Tag, func.count(live.c.id))
        .outerjoin(post_tags, post_tags.c.tag_id == Tag.id)
        .outerjoin(live, live.c.id == post_tags.c.post_id)
        .group_by(Tag.id)
        .order_by(Tag.name)
    )
    return [(tag, count) for tag, count in rows]
