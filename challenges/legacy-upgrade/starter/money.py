"""Money and hours; the café's till uses this as well. Knows nothing of the web."""

from decimal import ROUND_HALF_UP, Decimal


def estimate(cents_an_hour, hours):
    """What so many hours cost, to the cent: `hours` is a text such as "1.5"."""
    exact = Decimal(hours) * cents_an_hour / 100
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def in_words(amount):
    """An amount for the page; None is unknown."""
    return "not known yet" if amount is None else "{:.2f} €".format(amount)
