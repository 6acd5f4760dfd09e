BOOKING = {"animal": 2, "vet": "TB", "starts_at": "2026-11-02T10:30", "reason": "check-up"}


def test_vets_are_listed_by_name(client):
    answer = client.get("/api/vets")

    assert answer.json == {
        "ok": True,
        "data": [{"code": "AH", "name": "Anna Hale"}, {"code": "TB", "name": "Tom Brandt"}],
    }


def test_an_animal_is_shown(client):
    assert client.get("/api/animals/1").json["data"] == {
        "id": 1,
        "name": "Biscuit",
        "species": "dog",
        "owner": "Ida Roth",
        "chip": "276098100000017",
    }


def test_appointments_are_listed_by_time(client):
    answer = client.get("/api/appointments", query_string={"day": "2026-11-02", "vet": "AH"})

    assert [appointment["starts_at"] for appointment in answer.json["data"]] == [
        "2026-11-02T09:00",
        "2026-11-02T09:30",
    ]


def test_an_appointment_is_booked(client):
    answer = client.post("/api/appointments", json=BOOKING)

    assert answer.status_code == 201
    booked = answer.json["data"]
    assert booked["animal"] == {"id": 2, "name": "Mo"}
    assert client.get(f"/api/appointments/{booked['id']}").json == {"ok": True, "data": booked}


def test_a_vet_has_one_appointment_at_a_time(client):
    client.post("/api/appointments", json=BOOKING | {"vet": "AH", "starts_at": "2026-11-02T09:00"})

    listed = client.get("/api/appointments", query_string={"vet": "AH"})
    assert len(listed.json["data"]) == 2


def test_an_appointment_is_taken_back(client):
    answer = client.delete("/api/appointments/3", auth=("desk", "0000"))

    assert answer.status_code == 204
    assert len(client.get("/api/appointments").json["data"]) == 2


def test_a_laboratory_result_is_given_as_it_came(client):
    assert client.get("/api/lab/L-101").json["data"] == {"glucose": 5.2, "unit": "mmol/l"}


def test_a_desk_is_chosen(client):
    assert client.put("/api/desk", json={"desk": "yard"}).json["data"] == {"desk": "yard", "room": "Yard"}
