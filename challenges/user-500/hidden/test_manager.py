"""R5: the head of the company, and everyone else's manager."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R5", "Asking for the manager of someone who has none does not answer that there is none.")
def test_the_head_of_the_company_has_no_manager(client):
    answer = client.get("/users/11/manager")

    assert (answer.status_code, answer.json) == (200, {"manager": None})


@requirement("R5", "Asking for the manager of a newcomer who has none yet does not answer that there is none.")
def test_a_newcomer_may_have_no_manager_yet(client, hire):
    answer = client.get(f"/users/{hire(manager_id=None)['id']}/manager")

    assert (answer.status_code, answer.json) == (200, {"manager": None})


@requirement("R5", "Someone's manager is no longer shown as before.")
def test_a_manager_is_shown_with_the_present_title(client, word):
    title = word()
    client.patch("/users/31/profile", json={"title": title})

    answer = client.get("/users/35/manager")

    assert (answer.status_code, answer.json) == (
        200,
        {"manager": {"id": 31, "name": "Selma Okafor", "email": "s.okafor@fernhill.example", "title": title}},
    )


@requirement("R5", "A manager's reports are no longer listed as before.")
def test_reports_are_those_who_work_here_by_name(client, word):
    title = word()
    client.patch("/users/27/profile", json={"title": title})

    answer = client.get("/users/23/reports").json

    assert [(report["name"], report["title"]) for report in answer["reports"]] == [
        ("Pia da Costa", "Firmware Engineer"),
        ("Rafi Iqbal", title),
    ]
    assert [report["id"] for report in client.get("/users/31/reports").json["reports"]] == [35]
