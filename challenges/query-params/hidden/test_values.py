"""R1: what can't be understood is refused."""

from __future__ import annotations

import pytest

from mendbox.testing import requirement

NOT_WHOLE = ("", "3O", "0", "-1", "+5", " 5", "5.0", "1_0", "１２", "101", "9" * 25)
NOT_DECIMAL = ("", "nan", "inf", "1e2", "-1", "+1", " 1", "1,5", "5.", "1_0", "٣.5")
NOT_A_DAY = ("", "09.03.2026", "20260309", "2026-W11-1", "2026-3-9", "2026-02-30", "2026-03-09T06:00")
NOT_A_TIME = ("", "6", "6:30", "0630", "24:00", "12:60", "06:30:00", "06:30Z", "٠٦:30")
NOT_A_FLAG = ("", "1", "0", "yes", "True", "FALSE", "true ")


@requirement("R1", "A bad number of wagons is not refused, or brings a good search down with it.")
def test_a_number_of_wagons_that_is_none_is_refused(search, rng):
    for value in NOT_WHOLE:
        assert search.refuses(["wagons"], "/paths", wagons=value), value
    for number in (1, 100, rng.randrange(5, 45)):
        assert search.paths(lambda path, least=number: path["wagons"] >= least, wagons=str(number))


@requirement("R1", "A bad weight or price is not refused, or a good one is.")
@pytest.mark.parametrize(
    ("name", "also_bad"),
    [("axle_load", ("22.55", "1000", "999.91", ".5")), ("max_price", ("1.234", "10000000", "9" * 30, ".5"))],
)
def test_a_decimal_that_is_none_is_refused(search, rng, timetable, name, also_bad):
    for value in (*NOT_DECIMAL, *also_bad):
        assert search.refuses([name], "/paths", (name, value)), value
    if name == "axle_load":
        kilos = rng.choice(timetable.paths)["axle_load_kg"]
        assert search.paths(lambda path: path["axle_load_kg"] >= kilos, axle_load=f"{kilos / 1000:.1f}")
        assert search.paths(lambda path: False, axle_load="999.9")
    else:
        euros = rng.randrange(1_100, 3_900)
        assert search.paths(lambda path: path["price_cents"] <= euros * 100, max_price=str(euros))
        assert search.paths(lambda path: True, max_price="9999999.99")


@requirement("R1", "A bad date is not refused, or a good one is.")
def test_a_day_that_is_none_is_refused(search, rng, timetable):
    for value in NOT_A_DAY:
        assert search.refuses(["date"], "/paths", date=value), value
    day = rng.choice(timetable.paths)["departs_at"].date()
    assert search.paths(lambda path: path["departs_at"].date() == day, date=day.isoformat())
    assert search.paths(lambda path: False, date="2028-02-29")


@requirement("R1", "A bad time is not refused, or a good one is.")
@pytest.mark.parametrize("name", ["earliest", "latest"])
def test_a_time_that_is_none_is_refused(search, rng, name):
    for value in NOT_A_TIME:
        assert search.refuses([name], "/paths", (name, value)), value
    text = f"{rng.randrange(4, 20):02}:{rng.randrange(60):02}"
    later = name == "earliest"
    assert search.paths(
        lambda path: (f"{path['departs_at']:%H:%M}" >= text) if later else (f"{path['departs_at']:%H:%M}" <= text),
        (name, text),
    )


@requirement("R1", "Something that is neither true nor false is not refused, or a terminal that does not exist is not.")
def test_a_flag_or_a_terminal_that_is_none_is_refused(search, rng, timetable):
    for value in NOT_A_FLAG:
        assert search.refuses(["electric"], "/paths", electric=value), value
    assert search.refuses(["hazardous"], "/paths", hazardous=rng.choice(NOT_A_FLAG))
    code = rng.choice(timetable.codes)
    for value in ("", code.lower(), f"{code} ", f"{code}X"):
        assert search.refuses(["from"], "/paths", from_=value), value
    assert search.refuses(["to"], "/paths", to=code[:2])
    assert search.refuses(["operator"], "/paths", operator="")
    assert search.paths(lambda path: path["target_code"] == code, to=code)


@requirement("R1", "Of several bad parameters not all are named, or others are named with them.")
def test_all_that_is_wrong_is_named_at_once(search, rng, timetable):
    bad = {"wagons": "many", "date": "today", "max_price": "cheap", "to": "???", "electric": "maybe", "latest": "noon"}
    names = rng.sample(sorted(bad), 4)
    good = {"from": rng.choice(timetable.codes), "axle_load": "20", "operator": timetable.operators[0]}
    pairs = [*good.items(), *((name, bad[name]) for name in names)]
    rng.shuffle(pairs)

    assert search.refuses(sorted(names), "/paths", *pairs)
    assert search.paths(lambda path: path["origin_code"] == good["from"], from_=good["from"])


@requirement("R1", "The list of wagons, or the export, does not refuse what can't be understood.")
def test_wagons_and_the_export_refuse_it_too(search, rng, timetable):
    for value in (*NOT_WHOLE[:8], "1", "13", "9" * 25):
        assert search.refuses(["axles"], "/wagons", axles=value), value
    for value in (*NOT_DECIMAL[:5], "54.55", "1000"):
        assert search.refuses(["payload"], "/wagons", payload=value), value
    for value in NOT_A_DAY[1:4]:
        assert search.refuses(["free_on"], "/wagons", free_on=value), value
    for value in NOT_A_FLAG[1:4]:
        assert search.refuses(["heated"], "/wagons", heated=value), value
    assert search.refuses(["axles", "type"], "/wagons", type="", axles="x")
    assert search.refuses(["date", "wagons"], "/paths.csv", wagons="x", date="x")
    for number in (2, 12):
        assert search.wagons(lambda wagon, number=number: wagon["axles"] == number, axles=str(number)), number
    kilos = rng.choice(timetable.wagons)["payload_kg"]
    assert search.wagons(lambda wagon: wagon["payload_kg"] >= kilos, payload=f"{kilos / 1000:.1f}")
    assert search.wagons(lambda wagon: False, payload="999.9")


@requirement("R1", "A search without parameters, the terminals or a wrong address are answered differently.")
def test_what_is_not_about_parameters_is_as_before(client, search, timetable):
    assert search.paths(lambda path: True)
    assert search.wagons(lambda wagon: True)
    terminals = sorted(timetable.terminals, key=lambda terminal: terminal["code"])
    assert client.get("/terminals").json == {"terminals": terminals}
    wrong = client.get(f"/{timetable.codes[0]}?date=x")
    assert (wrong.status_code, wrong.json["error"]["code"]) == (404, "not_found")
