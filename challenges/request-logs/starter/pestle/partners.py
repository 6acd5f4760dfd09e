"""Whom the pharmacy works with: the wholesaler and the mail server. The two here are for development.

A wholesaler has `order(ean, packs, patient=…, key=…)`, which gives its reference of the order, and raises OutOfStock or
WholesalerDown. A mailer has `send(to, subject, text)`.
"""

from urllib.parse import urlencode


class OutOfStock(Exception):
    """The wholesaler does not have enough of it."""


class WholesalerDown(Exception):
    """The wholesaler does not answer."""


class DemoWholesaler:
    """Has everything but what begins with 40; does not answer for what begins with 41, and rubbish for 42."""

    def order(self, ean: str, packs: int, *, patient: str, key: str) -> str:
        """Order packs of a medicine, with a label for the patient (the national health number, in groups)."""
        url = f"https://api.wholesale.example/v2/orders?{urlencode({'key': key, 'patient': patient, 'ean': ean})}"
        if ean.startswith("40"):
            raise OutOfStock(f"only {packs - 1} packs of {ean} left")
        if ean.startswith("41"):
            raise WholesalerDown(f"no answer from {url}")
        if ean.startswith("42"):
            raise ValueError(f"no JSON in the answer from {url}: <html>")
        return f"W-{ean[-6:]}-{packs}"


class DemoMailer:
    """Keeps mails in a list, and takes none for the host bounce.example."""

    def __init__(self) -> None:
        self.sent: list[dict[str, str]] = []

    def send(self, to: str, subject: str, text: str) -> None:
        """Send a mail."""
        if to.endswith("@bounce.example"):
            raise OSError(f"550 <{to}>: no such mailbox")
        self.sent.append({"to": to, "subject": subject, "text": text})
