from datetime import date


def test_up_to_the_latest(revisions, empty):
    revisions.up("0002")
    tree = {"id": 4, "number": "T-0001", "species": "Oak", "girth": "412 cm", "parish": "Ashby", "place": "Church green"}
    revisions.store("trees", tree)
    revisions.store("visits", {"tree_id": 4, "visited_on": date(2024, 5, 2), "warden": "M. Grey", "result": "danger"})
    revisions.up()
    assert empty.test_client().get("/trees/T-0001").json == {
        "number": "T-0001",
        "parish": "Ashby",
        "place": "Church green",
        "species": "Oak",
        "girth_cm": 412,
        "state": "danger",
        "visits": [{"visited_on": "2024-05-02", "warden": "M. Grey", "state": "danger"}],
    }


def test_down_to_nothing_and_up_again(revisions):
    revisions.up()
    revisions.down("base")
    revisions.up()
    assert revisions.rows("trees") == []
