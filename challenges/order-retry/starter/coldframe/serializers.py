"""How models look in JSON."""

from __future__ import annotations

from typing import Any

from coldframe.models import Job, Order
from coldframe.timing import iso


def order_detail(order: Order) -> dict[str, Any]:
    payment = order.payment
    return {
        "number": order.number,
        "email": order.email,
        "status": order.status,
        "problem": order.problem,
        "total_cents": order.total_cents,
        "lines": [
            {"sku": line.sku, "quantity": line.quantity, "price_cents": line.price_cents} for line in order.lines
        ],
        "payment": {"charge": payment.charge, "amount_cents": payment.amount_cents} if payment else None,
    }


def job_detail(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "order": job.order.number,
        "state": job.state,
        "attempts": job.attempts,
        "run_at": iso(job.run_at),
        "last_error": job.last_error,
    }
