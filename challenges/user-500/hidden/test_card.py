"""R3: contact cards."""

from __future__ import annotations

from mendbox.testing import requirement


@requirement("R3", "The card of someone without a profile does not hold just the lines that are known.")
def test_the_card_of_a_newcomer_has_the_lines_that_are_known(client, hire):
    newcomer = hire(team="field", name="Berg, Aino; MSc")

    answer = client.get(f"/users/{newcomer['id']}/card")

    assert answer.status_code == 200
    assert answer.mimetype == "text/vcard"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={newcomer['username']}.vcf"
    assert answer.text == "".join(
        f"{line}\r\n"
        for line in (
            "BEGIN:VCARD",
            "VERSION:4.0",
            "FN:Berg\\, Aino\\; MSc",
            f"EMAIL:{newcomer['email']}",
            "ORG:Fernhill Robotics\\, Ltd;Field Service\\, North",
            "END:VCARD",
        )
    )


@requirement("R3", "The card of someone with a profile, full or with some fields empty, has changed.")
def test_the_card_of_a_profile_is_as_before(client, word):
    title = word()
    client.patch("/users/23/profile", json={"title": f"{title}, Nordics"})

    answer = client.get("/users/23/card")

    assert answer.status_code == 200
    assert answer.mimetype == "text/vcard"
    assert answer.headers["Content-Disposition"] == "attachment; filename=o.salonen.vcf"
    assert answer.text == "".join(
        f"{line}\r\n"
        for line in (
            "BEGIN:VCARD",
            "VERSION:4.0",
            "FN:Oskar Salonen",
            "EMAIL:o.salonen@fernhill.example",
            "ORG:Fernhill Robotics\\, Ltd;Firmware",
            f"TITLE:{title}\\, Nordics",
            "TEL;TYPE=work:+46 31 555 0123",
            "ADR;TYPE=work:;;;Göteborg;;;",
            "END:VCARD",
        )
    )

    phone = f"+44 {word()}"
    client.patch("/users/35/profile", json={"phone": phone, "title": None})

    lines = client.get("/users/35/card").text.splitlines()
    assert lines[4:] == ["ORG:Fernhill Robotics\\, Ltd;Field Service\\, North", f"TEL;TYPE=work:{phone}", "END:VCARD"]
