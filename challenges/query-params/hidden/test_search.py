"""R2: what is understood is applied, exactly."""

from __future__ import annotations

from mendbox.testing import requirement


def clock(path):
    return f"{path['departs_at']:%H:%M}"


def fits(each, path):
    """Whether a path is found by what the other one is, with its departure and wagons as the least."""
    same = all(each[key] == path[key] for key in ("origin_code", "target_code", "operator"))
    day = each["departs_at"].date() == path["departs_at"].date()
    return same and day and clock(each) >= clock(path) and each["wagons"] >= path["wagons"]


@requirement("R2", "`false` does not find what is not so.")
def test_false_is_a_value(search):
    for value, wanted in (("false", False), ("true", True)):
        assert search.paths(lambda path, wanted=wanted: path["hazardous"] is wanted, hazardous=value)
        assert search.paths(lambda path, wanted=wanted: path["electric"] is wanted, electric=value)
        assert search.wagons(lambda wagon, wanted=wanted: wagon["heated"] is wanted, heated=value)


@requirement("R2", "A path is not found for just its price, or is found for a cent less.")
def test_prices_are_exact_to_the_cent(search, timetable):
    for cents in timetable.awkward[:5]:
        for limit in (cents - 1, cents):
            euros = f"{limit // 100}.{limit % 100:02}"
            assert search.paths(lambda path, limit=limit: path["price_cents"] <= limit, max_price=euros), euros
    tenths = timetable.awkward[0] // 10
    assert search.paths(lambda path: path["price_cents"] <= tenths * 10, max_price=f"{tenths // 10}.{tenths % 10}")


@requirement("R2", "A limit of nought is not applied.")
def test_nought_is_a_value(search, timetable):
    assert search.paths(lambda path: False, max_price="0")
    assert search.paths(lambda path: False, max_price="0.00", from_=timetable.codes[0])
    assert search.paths(lambda path: path["origin_code"] == timetable.codes[1], axle_load="0", from_=timetable.codes[1])
    assert search.wagons(lambda wagon: True, payload="0.0")


@requirement("R2", "A search by place, time or weight does not find just what fits.")
def test_bounds_belong_to_what_is_found(search, rng, timetable):
    for path in rng.sample(timetable.paths, 3):
        at = clock(path)
        assert search.paths(lambda each, at=at: clock(each) >= at, earliest=at)
        assert search.paths(lambda each, at=at: clock(each) <= at, latest=at)
        kilos, wagons = path["axle_load_kg"], path["wagons"]
        weight = f"{kilos // 1000}.{kilos % 1000 // 100}"
        assert search.paths(lambda each, kilos=kilos: each["axle_load_kg"] >= kilos, axle_load=weight)
        assert search.paths(lambda each, wagons=wagons: each["wagons"] >= wagons, wagons=str(wagons))
    wagon = rng.choice(timetable.wagons)
    assert search.wagons(lambda each: each["free_from"] <= wagon["free_from"], free_on=wagon["free_from"].isoformat())
    assert search.wagons(lambda each: each["axles"] == wagon["axles"], axles=str(wagon["axles"]))
    assert search.wagons(lambda each: each["type"] == wagon["type"], type=wagon["type"])
    assert search.wagons(lambda each: False, type=timetable.codes[0])
    assert search.paths(lambda each: False, operator="NOBODY")


@requirement("R2", "Parameters that are given together are not all applied, or the export lists something else.")
def test_parameters_narrow_the_list_together(search, timetable):
    path = next(
        path for path in timetable.paths[12:] if [each for each in timetable.paths if fits(each, path)] == [path]
    )
    given = {
        "from_": path["origin_code"],
        "to": path["target_code"],
        "date": path["departs_at"].date().isoformat(),
        "earliest": clock(path),
        "wagons": str(path["wagons"]),
        "operator": path["operator"],
    }
    answer = search.ask("/paths", **given)
    (shown,) = answer.json["paths"]
    names = {terminal["code"]: terminal["name"] for terminal in timetable.terminals}
    assert shown == {
        "id": path["id"],
        "from": {"code": path["origin_code"], "name": names[path["origin_code"]]},
        "to": {"code": path["target_code"], "name": names[path["target_code"]]},
        "departs_at": f"{path['departs_at']:%Y-%m-%dT%H:%M}",
        "arrives_at": f"{path['arrives_at']:%Y-%m-%dT%H:%M}",
        "operator": path["operator"],
        "wagons": path["wagons"],
        "axle_load": f"{path['axle_load_kg'] / 1000:.1f}",
        "price": f"{path['price_cents'] / 100:.2f}",
        "hazardous": path["hazardous"],
        "electric": path["electric"],
    }
    export = search.ask("/paths.csv", **given)
    line = [shown["id"], path["origin_code"], path["target_code"], shown["departs_at"], path["operator"]]
    assert export.mimetype == "text/csv"
    assert export.text.splitlines()[1:] == [",".join(map(str, [*line, path["wagons"], shown["price"]]))]
