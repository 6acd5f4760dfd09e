"""R3 to R5: what is given twice, what there is not, what does not go together."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R3", "Several operators do not find the paths of any of them.")
def test_several_operators_find_the_paths_of_any(search, rng, timetable):
    for count in (2, 3):
        operators = rng.sample(timetable.operators, count)
        pairs = [("operator", operator) for operator in operators]
        assert search.paths(lambda path, wanted=operators: path["operator"] in wanted, *pairs)
    pairs = [("operator", operators[0]), ("operator", operators[0]), ("operator", "NOBODY")]
    assert search.paths(lambda path: path["operator"] == operators[0], *pairs)
    assert search.refuses(["operator"], "/paths", ("operator", operators[0]), ("operator", ""))


@requirement("R3", "A parameter other than the operator that comes twice is not refused.")
def test_what_comes_twice_is_refused(search, rng, timetable):
    code, day = rng.choice(timetable.codes), timetable.day.isoformat()
    values = {"from": code, "to": code, "date": day, "earliest": "06:00", "latest": "20:00", "wagons": "5"}
    values |= {"axle_load": "20", "max_price": "3000", "hazardous": "true", "electric": "false"}
    for name, value in values.items():
        assert search.refuses([name], "/paths", (name, value), (name, value)), name
    assert search.refuses(["wagons"], "/paths", ("wagons", "5"), ("operator", "X"), ("wagons", "x"))
    for name, value in {"type": "tank", "free_on": day, "payload": "20", "axles": "4", "heated": "true"}.items():
        assert search.refuses([name], "/wagons", (name, value), (name, value)), name
    assert search.refuses(["date", "from"], "/paths.csv", ("from", code), ("date", day), ("from", code), ("date", day))


@requirement("R3", "A search with one operator, or with each parameter once, does not find what it found before.")
def test_what_comes_once_is_applied(search, rng, timetable):
    operator, code = rng.choice(timetable.operators), rng.choice(timetable.codes)
    assert search.paths(lambda path: path["operator"] == operator, operator=operator)
    assert search.paths(lambda path: path["origin_code"] == code, from_=code)


@requirement("R4", "A parameter that the address does not have is not refused.")
def test_unknown_parameters_are_refused(search, rng, timetable):
    day = timetable.day.isoformat()
    for name in ("wagon", "Date", "axles", "from ", "operators", "page", "hazardous[]"):
        assert search.refuses([name], "/paths", (name, "5")), name
        assert search.refuses([name], "/paths.csv", (name, "5")), name
    for name in ("from", "wagons", "axle_load", "operator", "TYPE"):
        assert search.refuses([name], "/wagons", (name, rng.choice(timetable.codes))), name
    assert search.refuses(["date"], "/terminals", date=day)
    name = timetable.codes[0].lower()
    assert search.refuses([name], "/paths", (name, ""), (name, "x"))
    assert search.refuses(sorted([name, "to"]), "/paths", (name, "1"), ("date", day), ("to", "x"))


@requirement("R4", "A parameter that the address has is refused or ignored.")
def test_known_parameters_are_taken(search, rng, timetable):
    path = rng.choice(timetable.paths)
    assert search.paths(
        lambda each: each["origin_code"] == path["origin_code"] and each["target_code"] == path["target_code"],
        from_=path["origin_code"],
        to=path["target_code"],
    )
    kind = rng.choice(timetable.wagons)["type"]
    assert search.wagons(lambda wagon: wagon["type"] == kind and wagon["axles"] == 4, type=kind, axles="4")


@requirement("R5", "A span that ends before it begins is not refused with both its times.")
def test_a_span_that_ends_before_it_begins_is_refused(search, rng, timetable):
    hour, minute = rng.randrange(1, 22), rng.randrange(1, 59)
    at = f"{hour:02}:{minute:02}"
    for later in (f"{hour:02}:{minute + 1:02}", f"{hour + 1:02}:00", "23:59"):
        assert search.refuses(["earliest", "latest"], "/paths", earliest=later, latest=at)
        assert search.refuses(["earliest", "latest"], "/paths.csv", latest=at, earliest=later)
        assert search.paths(
            lambda path, later=later: at <= f"{path['departs_at']:%H:%M}" <= later, earliest=at, latest=later
        )
    assert search.refuses(["earliest", "latest", "wagons"], "/paths", earliest="12:00", latest="11:59", wagons="x")
    assert search.refuses(["latest"], "/paths", earliest=at, latest="")
    assert search.refuses(["earliest"], "/paths", earliest="noon", latest=at)
    assert search.paths(lambda path: f"{path['departs_at']:%H:%M}" == at, earliest=at, latest=at)


@requirement("R5", "A proper span of times does not find what lies within it.")
def test_a_proper_span_finds_what_lies_within(search, rng, timetable):
    path = rng.choice(timetable.paths)
    at = f"{path['departs_at']:%H:%M}"
    assert search.paths(lambda each: f"{each['departs_at']:%H:%M}" == at, earliest=at, latest=at)
    assert search.paths(lambda each: f"{each['departs_at']:%H:%M}" >= at, earliest=at, latest="23:59")
