"""What can be booked."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, g, jsonify, request
from sqlalchemy import func, select, text

from lanes.models import Booking, Course, db
from lanes.people import signed_in

blueprint = Blueprint("courses", __name__, url_prefix="/courses")

#: Pages that were made before, so that the list is quick on the day on which booking opens.
_pages: dict[str, Any] = {}


def free(course: Course) -> int:
    taken = db.session.scalar(select(func.count()).where(Booking.course_id == course.id))
    return course.places - taken


def shown(course: Course) -> dict[str, Any]:
    return {
        "id": course.id,
        "title": course.title,
        "begins_on": course.begins_on.isoformat(),
        "least_age": course.least_age,
        "price_cents": course.price_cents,
    }


@blueprint.get("")
@signed_in
def list_courses():
    """Courses that are still to begin; `mine` tells whether the family has a place."""
    page = request.args.get("page", 1, type=int)
    if page not in _pages:
        query = select(Course).where(Course.published, Course.begins_on > date.today())
        found = db.session.scalars(query.order_by(Course.begins_on, Course.id).limit(20).offset(20 * (page - 1)))
        mine = set(db.session.scalars(select(Booking.course_id).where(Booking.family_id == g.family.id)))
        _pages[page] = [shown(course) | {"free": free(course), "mine": course.id in mine} for course in found]
    return jsonify(courses=_pages[page])


@blueprint.get("/search")
@signed_in
def search():
    """Courses with a word in their title, whatever its letters' case."""
    word = request.args.get("q", "").strip().lower()
    if not word:
        return jsonify(courses=[])
    rows = db.session.execute(
        text(f"SELECT id FROM courses WHERE published AND lower(title) LIKE '%{word}%' ORDER BY begins_on, id")
    )
    found = [db.session.get(Course, row.id) for row in rows]
    return jsonify(courses=[shown(course) for course in found])
