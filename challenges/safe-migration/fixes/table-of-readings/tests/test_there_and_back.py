import pytest

BARE = {"parish": "Ashby", "place": "The green"}


def test_what_was_typed_is_read(revisions):
    typed = [("oak ", "124"), ("Oak", "1,2 m"), (None, None), ("", " "), ("Yew", "3m")]
    revisions.up("0002")
    for number, (species, girth) in enumerate(typed, start=1):
        revisions.store("trees", BARE | {"number": f"T-{number}", "species": species, "girth": girth})
    revisions.up()
    assert [(row["species_id"] is None, row["girth_cm"]) for row in revisions.rows("trees")] == [
        (False, 124),
        (False, 120),
        (True, None),
        (True, None),
        (False, 300),
    ]
    assert sorted(row["name"] for row in revisions.rows("species")) == ["Yew", "oak"]

    revisions.down("0002")
    rows = revisions.rows("trees")
    assert [(row["species"], row["girth"]) for row in rows][1:4] == [("oak", "120 cm"), (None, None), (None, None)]


def test_what_cannot_be_read_is_named(revisions):
    revisions.up("0002")
    for number, girth in (("T-1", "12 ft"), ("T-2", "12"), ("T-3", "1.245 m")):
        revisions.store("trees", BARE | {"number": number, "girth": girth})
    before = revisions.rows("trees")
    with pytest.raises(ValueError, match="T-1, T-3$"):
        revisions.up()
    assert revisions.rows("trees") == before
