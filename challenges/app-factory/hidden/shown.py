"""How a branch answers, from what the harness stored of it."""

from __future__ import annotations

from typing import Any


def about(branch: Any) -> dict[str, Any]:
    return {
        "branch": branch.name,
        "currency": branch.currency,
        "max_pieces": branch.max_pieces,
        "delivery": branch.delivery,
    }


def menu(branch: Any) -> dict[str, Any]:
    return {
        "products": [
            {"slug": slug, "name": name, "price_cents": cents, "price": branch.money(cents)}
            for slug, (_, name, cents) in sorted(branch.products.items())
        ]
    }


def orders(branch: Any) -> dict[str, Any]:
    return {
        "orders": [
            order | {"total": branch.money(order["total_cents"])} for order in branch.orders if not order["done"]
        ]
    }


def export(branch: Any) -> str:
    lines = [f"{branch.name},product,pieces,customer,total"]
    for order in branch.orders:
        total = branch.money(order["total_cents"])
        lines.append(f"{order['number']},{order['product']},{order['pieces']},{order['customer']},{total}")
    return "".join(f"{line}\r\n" for line in lines)
