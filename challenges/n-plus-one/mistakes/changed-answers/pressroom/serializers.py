"""How models look in JSON."""

from typing import Any

from pressroom.models import Author, Comment, Post, Tag
from pressroom.paging import Page
from pressroom.timing import isoformat


def tag_json(tag: Tag) -> dict[str, Any]:
    return {"slug": tag.slug, "name": tag.name}


def post_json(post: Post) -> dict[str, Any]:
    """A post as it stands in lists."""
    return {
        "id": post.id,
        "slug": post.slug,
        "title": post.title,
        "summary": post.summary,
        "published_at": isoformat(post.published_at) if post.published_at else None,
        "author": post.author.name if post.author else "Staff",
        "tags": [tag.slug for tag in post.tags],
        "comment_count": post.comment_count,
    }


def post_detail_json(post: Post) -> dict[str, Any]:
    """A post on its own: with body and approved comments."""
    return {
        **post_json(post),
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


def author_json(author: Author) -> dict[str, Any]:
    """An author as they stand in the list of authors."""
    posts = author.live_posts
    latest = posts[0] if posts else None
    return {
        "handle": author.handle,
        "name": author.name,
        "post_count": len(posts),
        "topics": author.topics or None,
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
