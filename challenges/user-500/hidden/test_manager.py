"""R5: the head of the company, and everyone else's manager."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R5", "Asking for the manager of someone who has none does not answer that there is none.")
def test_someone_may_have_no_manager(client, hire):
    for number in (11, hire(manager_id=None)["id"]):
        answer = client.get(f"/users/{number}/manager")
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
