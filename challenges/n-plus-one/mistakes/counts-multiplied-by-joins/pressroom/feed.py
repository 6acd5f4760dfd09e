"""The feed that readers subscribe to."""

from flask import Blueprint, Response, current_app, render_template

from pressroom.catalogue import live_posts
from pressroom.extensions import db
from pressroom.lookups import post_facts
from pressroom.timing import isoformat, utcnow

FEED_LENGTH = 20

bp = Blueprint("feed", __name__)


@bp.get("/feed.atom")
def atom() -> Response:
    """The newest posts as Atom (RFC 4287)."""
    posts = db.session.scalars(live_posts().limit(FEED_LENGTH)).all()
    updated = posts[0].published_at if posts else utcnow()
    document = render_template(
        "feed.xml",
        site=current_app.config["SITE_NAME"],
        posts=posts,
        facts=post_facts(posts),
        updated=updated,
        isoformat=isoformat,
    )
    return Response(document, mimetype="application/atom+xml")
