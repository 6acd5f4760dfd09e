"""What lists show beside the posts and authors themselves, looked up for a whole list at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from pressroom.extensions import db
from pressroom.models import Author, Comment, Post, Tag, post_tags
from pressroom.timing import utcnow


@dataclass(frozen=True)
class PostFacts:
    """Authors by their id; tags in order of name and numbers of approved comments by post id."""

    authors: dict[int | None, Author]
    tags: dict[int, list[Tag]]
    comment_counts: dict[int, int]


@dataclass(frozen=True)
class Latest:
    """An author's newest live post."""

    slug: str
    title: str


@dataclass(frozen=True)
class AuthorFacts:
    """By author id; who has no live post is in none of them."""

    post_counts: dict[int, int]
    topics: dict[int, list[str]]
    latest: dict[int, Latest]


def post_facts(posts: Sequence[Post]) -> PostFacts:
    """Three statements, however many posts."""
    ids = [post.id for post in posts]
    author_ids = {post.author_id for post in posts if post.author_id is not None}
    authors = db.session.scalars(select(Author).where(Author.id.in_(author_ids)))
    tags: dict[int, list[Tag]] = {}
    tagged = (
        select(
            post_tags.c.post_id, func.aggregate_strings(Tag.slug, ","), func.aggregate_strings(Tag.name, ",")
        )
        .join(Tag, Tag.id == post_tags.c.tag_id)
        .where(post_tags.c.post_id.in_(ids))
        .group_by(post_tags.c.post_id)
    )
    for post_id, slugs, names in db.session.execute(tagged):
        pairs = zip(slugs.split(","), names.split(","))
        tags[post_id] = sorted((Tag(slug=slug, name=name) for slug, name in pairs), key=lambda tag: tag.name)
    counts = (
        select(Comment.post_id, func.count())
        .where(Comment.post_id.in_(ids), Comment.approved)
        .group_by(Comment.post_id)
    )
    return PostFacts(
        authors={author.id: author for author in authors},
        tags=tags,
        comment_counts={post_id: count for post_id, count in db.session.execute(counts)},
    )


def author_facts() -> AuthorFacts:
    """Two statements, however many authors and posts."""
    rank = func.row_number().over(
        partition_by=Post.author_id, order_by=(Post.published_at.desc(), Post.id.desc())
    )
    ranked = (
        select(
            Post.author_id,
            Post.slug,
            Post.title,
            rank.label("rank"),
            func.count().over(partition_by=Post.author_id).label("post_count"),
        )
        .where(Post.published_at <= utcnow(), Post.author_id.is_not(None))
        .subquery()
    )
    newest = db.session.execute(select(ranked).where(ranked.c.rank == 1)).all()
    named = (
        select(Post.author_id, func.aggregate_strings(Tag.name, ","))
        .join(Post.tags)
        .where(Post.published_at <= utcnow(), Post.author_id.is_not(None))
        .group_by(Post.author_id)
    )
    topics = {author_id: sorted(set(names.split(","))) for author_id, names in db.session.execute(named)}
    return AuthorFacts(
        post_counts={row.author_id: row.post_count for row in newest},
        topics=topics,
        latest={row.author_id: Latest(row.slug, row.title) for row in newest},
    )
