"""The theatre's box office, which sells our tickets and says how many are left.

`BOX_OFFICE` in the configuration is what asks it: called with a concert's number it gives the tickets left, or raises
ConnectionError when the box office can't be reached.
"""

from flask import abort, current_app


def demo(concert_id: int) -> int:
    """Stands in for the box office while developing."""
    return 40 + 7 * concert_id


def tickets_left(concert_id: int) -> int:
    """How many tickets are left for a concert; aborts with 503 when the box office can't be reached."""
    left: int
    try:
        left = current_app.config["BOX_OFFICE"](concert_id)
    except ConnectionError:
        abort(503, "The box office does not answer. Please try again.")
    return left
