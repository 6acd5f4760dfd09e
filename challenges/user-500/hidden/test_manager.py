"""R5: the head of the company, and everyone else's manager."""

from __future__ import annotations

from shown import contact

from mendbox.testing import requirement


@requirement("R5", "Asking for a manager does not answer that there is none, or not who it is.")
def test_someone_may_have_no_manager(client, company, hire, word):
    for number in (company.head.id, hire(manager=None)["id"]):
        answer = client.get(f"/users/{number}/manager")
        assert (answer.status_code, answer.json) == (200, {"manager": None})

    title = word()
    client.patch(f"/users/{company.leader.id}/profile", json={"title": title})
    shown = client.get(f"/users/{company.technician.id}/manager")
    assert (shown.status_code, shown.json) == (200, {"manager": contact(company.leader, title=title)})
