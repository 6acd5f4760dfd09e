"""R4: an office starts with settings that work, or not at all."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement

WRONG = {
    "debug": ["yes", "2", "maybe", "truefalse"],
    "cookie_secure": ["no", "-1", "always", "01"],
    "piers": [",", "Ness,,Holm", "Ness, ", " ,Holm"],
    "max_party": ["0", "61", "-3", "+9", "nine", "4.0", "1_0", "9 9", "1e1", "²", "٩"],
    "hold_minutes": ["4", "241", "-20", "+20", "20m", "1_00", "45.5", "1e2", "٤٥"],
    "fee": [
        "20.01",
        "21",
        "-0.50",
        "2,50",
        "2.5",
        "2.",
        ".50",
        "1.505",
        "٢",
        "1e1",
        "NaN",
        "Infinity",
        "free",
        "1_0",
        "0x2",
        "+2.00",
    ],
}


@requirement("R4", "An office starts with a value that can't be right, or does not say which setting it is.")
@pytest.mark.parametrize("setting", sorted(WRONG))
def test_a_wrong_value_is_refused(ferry, office, blamed, rng, setting):
    for value in WRONG[setting]:
        assert blamed(**{setting: value}) == {setting}

    party = rng.randrange(10, 61)
    assert office(max_party=str(party)).ask("/about").json["max_party"] == party


@requirement("R4", "Of several wrong settings, not all are named, or right ones are named with them.")
def test_all_that_is_wrong_is_said_at_once(ferry, office, blamed, key, rng):
    wrong = {name: rng.choice(values) for name, values in WRONG.items()}
    wrong |= {"secret_key": key(rng.randrange(8, 32)), "payments_key": None, "database": None, "harbor": "Ness"}
    for count in (2, 4, len(wrong)):
        some = dict(rng.sample(sorted(wrong.items()), count))
        assert blamed(**some) == set(some)

    party = rng.randrange(10, 61)
    assert office(max_party=str(party)).ask("/about").json["max_party"] == party


@requirement("R4", "An office starts with a setting that there isn't, as if nothing had been set.")
def test_a_name_that_is_not_listed_is_wrong(ferry, office, blamed, rng):
    word = "".join(rng.choices("abcdefgh", k=6))
    for name in ("maxparty", "pier", "secret", "debugging", word, f"fee_{word}"):
        assert blamed(**{name: str(rng.randrange(1, 9))}) == {name}

    party = rng.randrange(10, 61)
    assert office(max_party=str(party)).ask("/about").json["max_party"] == party


@requirement("R4", "An office does not start with the least or the most that a setting may be.")
def test_the_least_and_the_most_are_right(ferry, office, rng):
    pier = rng.choice(ferry.piers)
    least = office(piers=pier, max_party="1", hold_minutes="5", fee="0").ask("/about").json
    most = office(piers=pier, max_party="60", hold_minutes="240", fee="20.00").ask("/about").json

    assert least == {"piers": [pier], "max_party": 1, "hold_minutes": 5, "fee_pence": 0}
    assert most == {"piers": [pier], "max_party": 60, "hold_minutes": 240, "fee_pence": 2000}


@requirement("R4", "An office without a database starts, or does not say what is missing.")
def test_there_is_no_office_without_a_database(ferry, office, blamed):
    assert blamed(database=None) == {"database"}
    assert blamed(database="  ") == {"database"}
    assert office().ask("/sailings").json == {"sailings": ferry.of(*ferry.piers)}


@requirement("R4", "An office minds what is not its own in the environment.")
def test_the_rest_of_the_environment_is_nobodys_business(ferry, office, key):
    others = {"MAX_PARTY": "many", "DEBUG": "yes", "SECRET_KEY": key(8), "MY_GANGWAY_FEE": "x", "FLASK_RUN_PORT": "80"}
    here = office(others)
    assert here.ask("/about").json["max_party"] == 9
    assert here.ask("/sailings").json == {"sailings": ferry.of(*ferry.piers)}


@requirement("R4", "An office no longer reads the environment of its process.")
def test_the_environment_is_that_of_the_process(ferry, office, rng):
    here = office(of_the_process=True)
    assert here.ask("/sailings").json == {"sailings": ferry.of(*ferry.piers)}
    here.login(rng.choice(ferry.clerks))
    sailing = rng.choice(ferry.of(*ferry.piers))
    assert here.sell(sailing, 9).json["total_pence"] == 9 * sailing["price_pence"]
