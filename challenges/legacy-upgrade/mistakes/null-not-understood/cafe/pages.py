"""The board on the wall, and the ticket that people take home."""

import io
from urllib.parse import quote

from flask import Blueprint, render_template, send_file
from jinja2 import pass_context
from markupsafe import Markup, escape

import money
from cafe.database import Session
from cafe.items import item_or_404
from cafe.models import Item

blueprint = Blueprint("pages", __name__)

TICKET = u"""Repair café, ticket {item.id}

{item.visitor.name}: {item.kind}
{item.fault}
Estimate: {estimate}
"""


@pass_context
def fault(context, text, state):
    """What is wrong, in bold in the state that the page is about; line breaks stay."""
    lines = Markup("<br>").join(escape(line) for line in text.splitlines())
    return Markup("<b>{}</b>").format(lines) if context["bold"] == state else lines


def map_link(street):
    return "https://map.example/?q=" + quote(street, safe="/:")


def init_app(app):
    app.jinja_env.filters["fault"] = fault
    app.jinja_env.filters["money"] = money.in_words
    app.jinja_env.globals["map_link"] = map_link


@blueprint.route("/board")
def board():
    items = Session.query(Item).filter(Item.state != "given up").order_by(Item.id)
    return render_template("board.html", items=items, bold="waiting")


@blueprint.route("/tickets/<int:number>")
def ticket(number):
    item = item_or_404(number)
    text = TICKET.format(item=item, estimate=money.in_words(item.estimate))
    return send_file(
        io.BytesIO(text.encode("utf-8")),
        mimetype="text/plain",
        as_attachment=True,
        download_name="ticket-{}.txt".format(number),
        max_age=0,
    )
