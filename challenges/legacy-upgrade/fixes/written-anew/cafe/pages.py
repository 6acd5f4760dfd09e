"""The board on the wall, and the ticket that people take home."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from flask import Blueprint, Flask, Response, render_template, send_file
from markupsafe import Markup, escape
from sqlalchemy import select

import money
from cafe.database import session
from cafe.items import item_or_404
from cafe.models import Item

blueprint = Blueprint("pages", __name__)


def fault(text: str, state: str) -> Markup:
    """What is wrong, in bold if it waits; line breaks stay."""
    lines = Markup("<br>").join(map(escape, text.splitlines()))
    return Markup(f"<b>{lines}</b>") if state == "waiting" else lines


def init_app(app: Flask) -> None:
    app.add_template_filter(fault)
    app.add_template_filter(money.in_words, "money")
    app.add_template_global(lambda street: "https://map.example/?q=" + quote(street, safe="/:"), "map_link")


@blueprint.get("/board")
def board() -> str:
    items = session().scalars(select(Item).where(Item.state != "given up").order_by(Item.id))
    return render_template("board.html", items=items)


@blueprint.get("/tickets/<int:number>")
def ticket(number: int) -> Response:
    item = item_or_404(number)
    lines = [
        f"Repair café, ticket {item.id}",
        "",
        f"{item.visitor.name}: {item.kind}",
        item.fault,
        f"Estimate: {money.in_words(item.estimate)}",
    ]
    content = BytesIO("".join(f"{line}\n" for line in lines).encode())
    name = f"ticket-{number}.txt"
    return send_file(content, mimetype="text/plain", as_attachment=True, download_name=name, max_age=0)
