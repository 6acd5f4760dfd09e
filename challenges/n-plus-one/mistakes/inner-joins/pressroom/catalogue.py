"""What readers can see, as queries."""

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from pressroom.extensions import db
from pressroom.models import Author, Comment, Post, Tag, post_tags
from pressroom.timing import utcnow


def live_posts() -> Select[tuple[Post]]:
    """Posts that are live now, newest first; of two from the same moment the one stored later comes first."""
    return (
        select(Post).where(Post.published_at <= utcnow()).order_by(Post.published_at.desc(), Post.id.desc())
    )


def listed_posts() -> Select[tuple[Post]]:
    """Live posts, joined with their authors and tags: results must be made unique."""
    return live_posts().options(joinedload(Post.author, innerjoin=True), joinedload(Post.tags))


def comment_counts(posts: Sequence[Post]) -> dict[int, int]:
    """Numbers of approved comments by post id, for those of the posts that have any."""
    rows = db.session.execute(
        select(Comment.post_id, func.count())
        .where(Comment.post_id.in_([post.id for post in posts]), Comment.approved)
        .group_by(Comment.post_id)
    )
    return {post_id: count for post_id, count in rows}


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
    everything = contains_eager(Author.posts).joinedload(Post.tags)
    statement = select(Author).join(Author.posts).options(everything).order_by(Author.name, Author.id)
    return list(db.session.scalars(statement).unique())


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
