"""R5: the head of the company, and everyone else's manager."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R5", "Asking for a manager does not answer that there is none, or not who it is.")
def test_someone_may_have_no_manager(client, hire, word):
    for number in (11, hire(manager_id=None)["id"]):
        answer = client.get(f"/users/{number}/manager")
        assert (answer.status_code, answer.json) == (200, {"manager": None})

    title = word()
    client.patch("/users/31/profile", json={"title": title})
    shown = client.get("/users/35/manager")
    assert (shown.status_code, shown.json) == (
        200,
        {"manager": {"id": 31, "name": "Selma Okafor", "email": "s.okafor@fernhill.example", "title": title}},
    )
