"""How models look in JSON."""

from typing import Any

from pressroom.lookups import AuthorFacts, PostFacts
from pressroom.models import Author, Comment, Post, Tag
from pressroom.paging import Page
from pressroom.timing import isoformat


def tag_json(tag: Tag) -> dict[str, Any]:
    return {"slug": tag.slug, "name": tag.name}


def post_json(post: Post, facts: PostFacts) -> dict[str, Any]:
    """A post as it stands in lists."""
    author = facts.authors.get(post.author_id)
    return {
        "id": post.id,
        "slug": post.slug,
        "title": post.title,
        "summary": post.summary,
        "published_at": isoformat(post.published_at) if post.published_at else None,
        "author": {"handle": author.handle, "name": author.name} if author else None,
        "tags": [tag_json(tag) for tag in facts.tags.get(post.id, [])],
        "comment_count": facts.comment_counts.get(post.id, 0),
    }


def post_detail_json(post: Post, facts: PostFacts) -> dict[str, Any]:
    """A post on its own: with body and approved comments."""
    return {
        **post_json(post, facts),
        "body": post.body,
        "comments": [comment_json(comment) for comment in post.comments if comment.approved],
    }


def comment_json(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "name": comment.name,
        "text": comment.text,
        "created_at": isoformat(comment.created_at),
    }


def author_json(author: Author, facts: AuthorFacts) -> dict[str, Any]:
    """An author as they stand in the list of authors."""
    latest = facts.latest.get(author.id)
    return {
        "handle": author.handle,
        "name": author.name,
        "post_count": facts.post_counts.get(author.id, 0),
        "topics": facts.topics.get(author.id, []),
        "latest_post": {"slug": latest.slug, "title": latest.title} if latest else None,
    }


def page_json(page: Page, items: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "items": items,
        "page": page.number,
        "per_page": page.per_page,
        "pages": page.pages,
        "total": page.total,
    }
