"""Posts and their comments."""

from datetime import datetime
from typing import Any

from flask import abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from pressroom.api import bp, payload
from pressroom.catalogue import author_by_handle, listed_posts, live_post, tag_by_slug
from pressroom.extensions import db
from pressroom.models import Comment, Post, Tag
from pressroom.paging import requested_page
from pressroom.serializers import page_json, post_detail_json, post_json
from pressroom.slugs import free_slug, slugify
from pressroom.timing import parse


@bp.get("/posts")
def list_posts() -> ResponseReturnValue:
    """Live posts, newest first, `?tag=` and `?author=` narrow them down."""
    statement = listed_posts()
    if "tag" in request.args:
        tag = tag_by_slug(request.args["tag"])
        if tag is None:
            abort(404, "there is no such tag")
        statement = statement.where(Post.tags.any(Tag.id == tag.id))
    if "author" in request.args:
        author = author_by_handle(request.args["author"])
        if author is None:
            abort(404, "there is no such author")
        statement = statement.where(Post.author_id == author.id)
    page = requested_page(statement)
    return page_json(page, [post_json(post) for post in page.items])


@bp.post("/posts")
def create_post() -> ResponseReturnValue:
    """A draft; with `publish_at` a post that goes live at that time."""
    body = payload.json_object()
    author = None
    if body.get("author") is not None:
        author = author_by_handle(payload.text(body, "author"))
        if author is None:
            abort(400, "author must be the handle of an author")
    title = payload.text(body, "title")
    post = Post(
        title=title,
        slug=free_slug(title),
        summary=payload.text(body, "summary") if body.get("summary") else "",
        body=payload.text(body, "body"),
        published_at=_publish_at(body),
        author=author,
        tags=_tags(payload.texts(body, "tags")),
    )
    db.session.add(post)
    db.session.commit()
    return post_json(post), 201, {"Location": url_for("api.show_post", slug=post.slug)}


@bp.get("/posts/<slug>")
def show_post(slug: str) -> ResponseReturnValue:
    """One live post."""
    return post_detail_json(live_post(slug) or abort(404, "there is no such post"))


@bp.put("/posts/<slug>/tags")
def replace_tags(slug: str) -> ResponseReturnValue:
    """Give a post other tags. A tag that is new is made."""
    post = live_post(slug) or abort(404, "there is no such post")
    post.tags = _tags(payload.texts(payload.json_object(), "tags"))
    db.session.commit()
    db.session.refresh(post)
    return post_json(post)


@bp.post("/posts/<slug>/comments")
def add_comment(slug: str) -> ResponseReturnValue:
    """Take a reader's comment; nobody sees it until it is approved."""
    post = live_post(slug) or abort(404, "there is no such post")
    body = payload.json_object()
    comment = Comment(post_id=post.id, name=payload.text(body, "name"), text=payload.text(body, "text"))
    db.session.add(comment)
    db.session.commit()
    return {"id": comment.id, "approved": comment.approved}, 202


@bp.post("/comments/<int:comment_id>/approve")
def approve_comment(comment_id: int) -> ResponseReturnValue:
    """Show a comment to readers."""
    comment = db.session.get(Comment, comment_id) or abort(404, "there is no such comment")
    comment.approved = True
    db.session.commit()
    return {"id": comment.id, "approved": comment.approved}


def _publish_at(body: dict[str, Any]) -> datetime | None:
    if body.get("publish_at") is None:
        return None
    try:
        return parse(payload.text(body, "publish_at"))
    except ValueError:
        abort(400, "publish_at must be a time such as 2026-03-01T09:30:00Z")


def _tags(names: list[str]) -> list[Tag]:
    by_slug = {slugify(name): name for name in names}
    known = {tag.slug: tag for tag in db.session.scalars(select(Tag).where(Tag.slug.in_(by_slug)))}
    return [known.get(slug) or Tag(slug=slug, name=name) for slug, name in by_slug.items()]
