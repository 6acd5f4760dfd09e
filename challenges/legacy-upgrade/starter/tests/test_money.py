from decimal import Decimal

import money


def test_an_hour_and_a_half():
    assert money.estimate(1500, "1.5") == Decimal("22.50")


def test_half_a_cent_is_a_cent():
    assert money.estimate(1005, "0.5") == Decimal("5.03")


def test_what_nobody_knows():
    assert money.in_words(None) == "not known yet"
    assert money.in_words(Decimal("4")) == "4.00 €"
