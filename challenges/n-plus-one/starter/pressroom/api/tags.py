"""Tags."""

from flask.typing import ResponseReturnValue

from pressroom.api import bp
from pressroom.catalogue import tags_with_counts
from pressroom.serializers import tag_json


@bp.get("/tags")
def list_tags() -> ResponseReturnValue:
    """All tags by name, each with its number of live posts."""
    return {"items": [{**tag_json(tag), "post_count": count} for tag, count in tags_with_counts()]}
