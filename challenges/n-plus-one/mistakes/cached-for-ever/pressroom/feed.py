"""The feed that readers subscribe to."""

from functools import cache

from flask import Blueprint, Response, current_app, render_template

from pressroom.catalogue import live_posts
from pressroom.extensions import db
from pressroom.timing import isoformat, utcnow

FEED_LENGTH = 20

bp = Blueprint("feed", __name__)


@bp.get("/feed.atom")
def atom() -> Response:
    """The newest posts as Atom (RFC 4287)."""
    return Response(_document(), mimetype="application/atom+xml")


@cache
def _document() -> str:
    posts = db.session.scalars(live_posts().limit(FEED_LENGTH)).all()
    updated = posts[0].published_at if posts else utcnow()
    return render_template(
        "feed.xml", site=current_app.config["SITE_NAME"], posts=posts, updated=updated, isoformat=isoformat
    )
