"""R4: lenders who are removed."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R4", "A lender of whom there are objects in the register is removed, or the answer is another one.")
def test_a_lender_whose_objects_are_here_stays(client, hall, register, agrees):
    for lender in (hall.lender, hall.other_lender):
        answer = client.delete(f"/lenders/{lender}")

        assert answer.status_code == 409
        assert set(answer.json) == {"error"}
        assert set(answer.json["error"]) == {"code", "detail"}
        assert answer.json["error"]["code"] == "lender_has_items"
        assert register.find("lenders", lender)["name"] in answer.json["error"]["detail"]
        assert client.get(f"/lenders/{lender}").json == register.lender(lender)
    agrees(register, items=[hall.rich, hall.lent, hall.other_lent])


@requirement("R4", "A lender whose objects have all left, or were bought, can't be removed, or could be before.")
def test_a_lender_goes_after_the_last_object(client, hall, register, agrees):
    assert client.delete(f"/lenders/{hall.lender}").status_code == 409
    assert client.patch(f"/items/{hall.lent}", json={"lender": None}).json["lender"] is None
    assert client.delete(f"/lenders/{hall.lender}").status_code == 409
    assert client.delete(f"/items/{hall.rich}").status_code == 204

    assert client.delete(f"/lenders/{hall.lender}").status_code == 204

    assert client.get(f"/lenders/{hall.lender}").status_code == 404
    left = register.without(items=[hall.rich], lenders=[hall.lender])
    agrees(left.changed("items", {"id": hall.lent}, lender_id=None), items=[hall.lent, hall.other_lent])


@requirement("R4", "A lender of whom there is no object in the register is not removed.")
def test_a_lender_without_objects_goes(client, hall, register, agrees):
    assert client.get(f"/lenders/{hall.former_lender}").json == register.lender(hall.former_lender)

    assert client.delete(f"/lenders/{hall.former_lender}").status_code == 204
    unknown = client.delete(f"/lenders/{hall.former_lender}")

    assert (unknown.status_code, unknown.json["error"]["code"]) == (404, "unknown_lender")
    agrees(register.without(lenders=[hall.former_lender]), items=[hall.rich])
