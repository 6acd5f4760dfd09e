"""Mail to customers."""

from __future__ import annotations

import logging

from coldframe.models import Order

log = logging.getLogger(__name__)


class MailFailed(Exception):
    """The message was not sent."""


class LogMailer:
    """For our own machines: `sent` has what would have been sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, str]] = []

    def send(self, *, to: str, subject: str, text: str) -> None:
        log.info("mail to %s: %s", to, subject)
        self.sent.append((to, subject, text))


def confirmation(order: Order) -> dict[str, str]:
    """The message for an order that is paid, as the mailer takes it."""
    total = f"{order.total_cents // 100}.{order.total_cents % 100:02}"
    lines = "\n".join(f"{line.quantity} x {line.sku}" for line in order.lines)
    return {
        "to": order.email,
        "subject": f"Your order {order.number}",
        "text": f"Thank you for your order.\n\n{lines}\n\nWe have charged {total} to your card.\n",
    }
