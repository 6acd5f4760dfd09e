"""R1: an id that nobody has."""

from __future__ import annotations

from shown import by_name, contact, detail

from mendbox.testing import requirement

ROUTES = [
    ("GET", "/users/{}"),
    ("GET", "/users/{}/card"),
    ("GET", "/users/{}/manager"),
    ("GET", "/users/{}/reports"),
    ("PATCH", "/users/{}/profile"),
]


def ask(client, method, path, title):
    return client.open(path, method=method, json={"title": title} if method == "PATCH" else None)


@requirement(
    "R1",
    "On an address below /users/<id>, an id that nobody has is not answered with 404 and the JSON error, "
    "or someone who is in the directory is answered that way, too.",
)
def test_an_unknown_id_and_no_other_is_404_as_json(client, hire, unknown_id, word):
    for method, path in ROUTES:
        answer = ask(client, method, path.format(unknown_id), word())

        assert answer.status_code == 404, f"{method} {path}"
        assert answer.mimetype == "application/json", f"{method} {path}"
        assert set(answer.json) == {"error"}, f"{method} {path}"
        assert answer.json["error"]["code"] == "user_not_found", f"{method} {path}"
        assert str(unknown_id) in answer.json["error"]["message"], f"{method} {path}"

    newcomer = hire()["id"]
    told = {path: ask(client, method, path.format(newcomer), word()).text for method, path in ROUTES}
    assert [path for path, text in told.items() if "user_not_found" in text] == []


@requirement(
    "R1", "Someone who is in the directory and has a profile is no longer shown as before, whether here or gone."
)
def test_someone_known_is_shown_in_full(client, company, word):
    title, technician, leaver = word(), company.technician, company.leaver
    client.patch(f"/users/{technician.id}/profile", json={"title": title})

    answer = client.get(f"/users/{technician.id}")

    assert answer.status_code == 200
    assert answer.json == detail(technician, title=title)

    assert client.get(f"/users/{leaver.id}").json == detail(leaver)
    assert client.get(f"/users/{leaver.id}/manager").json["manager"] == contact(company.leader)


@requirement("R1", "A manager's reports are not listed as before, or someone without reports is taken for unknown.")
def test_reports_are_those_who_work_here_by_name(client, company, hire, word):
    title = word()
    client.patch(f"/users/{company.blank.id}/profile", json={"title": title})

    answer = client.get(f"/users/{company.chief.id}/reports").json

    assert answer["reports"] == by_name([contact(company.engineer), contact(company.blank, title=title)])
    reports = client.get(f"/users/{company.leader.id}/reports").json["reports"]
    assert [report["id"] for report in reports] == [company.technician.id]
    nobodys_manager = client.get(f"/users/{hire()['id']}/reports")
    assert (nobodys_manager.status_code, nobodys_manager.json) == (200, {"reports": []})


@requirement(
    "R1", "What is not about a user - an unknown team, a wrong address, a wrong method - is answered differently."
)
def test_other_errors_are_answered_as_before(client, company, word):
    slug, known = word(), f"/users/{company.engineer.id}"
    team = client.get(f"/teams/{slug}")
    assert team.status_code == 404
    assert team.json == {"error": {"code": "team_not_found", "message": f"There is no team '{slug}'."}}

    for path in (f"/{word()}", f"{known}/{word()}"):
        address = client.get(path)
        assert address.status_code == 404
        assert "user_not_found" not in address.text

    assert client.delete(known).status_code == 405


@requirement("R1", "A fault of the server is answered as something other than status 500.")
def test_a_database_in_trouble_is_not_an_unknown_user(app, client, company, word):
    app.call("mendbox_harness:lose_the_users")

    known = company.engineer.id
    statuses = {path: ask(client, method, path.format(known), word()).status_code for method, path in ROUTES}

    assert statuses == {path: 500 for _, path in ROUTES}
